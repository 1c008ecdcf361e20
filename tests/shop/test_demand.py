"""The frames that forecasting reads: exact values, and nothing later than asked."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from growers.models import PlanningArea
from shop.contact import Contact
from shop.demand import (
    campaign_frame,
    open_campaign_orders,
    pledge_curves,
    pledge_hubs,
    weekly_sales,
)
from shop.models import Campaign, Listing, PurchaseState
from shop.services.campaigns import close_campaign
from shop.services.pledges import cancel_pledge
from tests.factories.growers import (
    HubFactory,
    PlanningAreaFactory,
    VillageShopFactory,
    make_county,
    make_township,
    make_village,
)
from tests.factories.harvest_calendar import CropFactory, GradeFactory, ProductFormFactory
from tests.factories.presale import DEADLINE, NOON, OPENED, CampaignFactory, pledged
from tests.factories.shop import (
    ListingFactory,
    PurchaseFactory,
    delivery_to_gansu,
    make_collection_station,
)

pytestmark = pytest.mark.django_db
AFTER = DEADLINE + timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def area() -> PlanningArea:
    place: PlanningArea = PlanningAreaFactory(region=make_county("武都区"))
    return place


@pytest.fixture
def listing() -> Listing:
    crop = CropFactory(key="walnut_dry")
    return ListingFactory(
        form=ProductFormFactory(crop=crop), grade=GradeFactory(crop=crop), pack_weight_g=2500
    )


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = frame.to_dict("records")
    return found


def collected(campaign: Campaign, packs: int, **facts: Any) -> Any:
    station = make_collection_station()
    return pledged(
        campaign, packs, fulfilment="collect", station=station, province_code="", **facts
    )


def test_running_campaign_as_it_was_known(area: PlanningArea, listing: Listing) -> None:
    campaign = CampaignFactory(listing=listing)
    pledged(campaign, 4, at=OPENED + DAY)
    gone = pledged(campaign, 3, at=OPENED + DAY)
    pledged(campaign, 5, at=NOON + DAY)
    cancel_pledge(code=gone.code, at=NOON - DAY)

    [row] = rows(campaign_frame(area=area, at=NOON))

    assert pd.isna(row.pop("final_packs"))
    assert row == {
        "campaign": campaign.code,
        "listing": listing.code,
        "crop": "walnut_dry",
        "form": "walnut_dry",
        "grade": "一级",
        "opens_on": date(2026, 8, 1),
        "deadline_on": date(2026, 9, 6),
        "goal_packs": 20,
        "cap_packs": 100,
        "price": 92.0,
        "pack_weight_g": 2500,
        "promised_from": date(2026, 9, 20),
        "promised_to": date(2026, 10, 10),
        "state": "live",
        "closed": False,
        "finished": False,
        "pledged_packs": 4,
        "backers": 1,
    }


def test_finished_campaign_has_its_final_packs_only_after_it_closed(
    area: PlanningArea, listing: Listing
) -> None:
    campaign = CampaignFactory(listing=listing, goal_packs=5)
    collected(campaign, 6)
    close_campaign(code=campaign.code, at=AFTER)

    [before] = rows(campaign_frame(area=area, at=DEADLINE))
    [after] = rows(campaign_frame(area=area, at=AFTER))

    assert pd.isna(before["final_packs"])
    assert (before["state"], before["closed"], before["finished"]) == ("live", False, False)
    assert (after["state"], after["finished"], after["final_packs"]) == ("succeeded", True, 6.0)


def test_campaign_is_not_known_before_it_opens(area: PlanningArea, listing: Listing) -> None:
    CampaignFactory(listing=listing)

    frame = campaign_frame(area=area, at=OPENED - DAY)

    assert frame.empty
    assert "final_packs" in frame.columns


def test_each_area_sees_its_own_campaigns(area: PlanningArea, listing: Listing) -> None:
    CampaignFactory(listing=listing)
    village = make_village(make_township(make_county("成县")))
    other = CampaignFactory(listing=ListingFactory(shop=VillageShopFactory(village=village)))
    chengxian = PlanningAreaFactory(region=make_county("成县"))

    assert list(campaign_frame(area=chengxian, at=NOON)["campaign"]) == [other.code]
    assert len(campaign_frame(area=area, at=NOON)) == 1


def test_curve_is_net_packs_by_day_since_opening(area: PlanningArea, listing: Listing) -> None:
    campaign = CampaignFactory(listing=listing)
    pledged(campaign, 4, at=OPENED)
    pledged(campaign, 3, at=OPENED + timedelta(hours=3))
    late = pledged(campaign, 5, at=OPENED + 2 * DAY)
    cancel_pledge(code=late.code, at=OPENED + 6 * DAY)

    frame = pledge_curves(area=area, at=OPENED + 6 * DAY)
    sooner = pledge_curves(area=area, at=OPENED + 5 * DAY)

    assert frame.values.tolist() == [
        [campaign.code, 0, 7],
        [campaign.code, 2, 5],
        [campaign.code, 6, -5],
    ]
    assert sooner.values.tolist() == frame.values.tolist()[:2]


def test_curve_day_changes_at_midnight_in_longnan(area: PlanningArea, listing: Listing) -> None:
    opens = datetime(2026, 8, 1, 15, 0, tzinfo=UTC)  # 23:00 of 1 August
    campaign = CampaignFactory(listing=listing, opens_at=opens)
    pledged(campaign, 2, at=opens + timedelta(hours=1))

    assert pledge_curves(area=area, at=NOON)["day"].tolist() == [1]


def test_pledges_by_the_hub_they_are_served_from(area: PlanningArea, listing: Listing) -> None:
    campaign = CampaignFactory(listing=listing)
    city = HubFactory(kind="metropolitan")
    station = make_collection_station()
    county = station.hubs.get().code
    pledged(campaign, 4)
    for packs in (2, 3):
        pledged(campaign, packs, fulfilment="collect", station=station, province_code="")
    gone = pledged(campaign, 9)
    cancel_pledge(code=gone.code, at=NOON)

    frame = pledge_hubs(area=area, at=NOON)

    assert sorted(frame.values.tolist()) == sorted(
        [[campaign.code, county, 5], [campaign.code, city.code, 4]]
    )


def test_weekly_sales_leave_campaigns_and_cancelled_orders_out(
    area: PlanningArea, listing: Listing
) -> None:
    for packs in (2, 3):
        PurchaseFactory(listing=listing, packs=packs)
    PurchaseFactory(listing=listing, packs=4, at=NOON + 7 * DAY)
    PurchaseFactory(listing=listing, packs=1, state=PurchaseState.CANCELLED)
    campaign = CampaignFactory(listing=listing, goal_packs=1)
    collected(campaign, 6)
    close_campaign(code=campaign.code, at=AFTER)

    frame = weekly_sales(area=area, at=AFTER)
    sooner = weekly_sales(area=area, at=NOON)

    hub = frame["hub"].iloc[0]
    assert frame.values.tolist() == [
        ["walnut_dry", "一级", hub, date(2026, 8, 24), 5 * 2500],
        ["walnut_dry", "一级", hub, date(2026, 8, 31), 4 * 2500],
    ]
    assert sooner["weight_g"].tolist() == [5 * 2500]


def test_campaign_orders_still_to_come(area: PlanningArea, listing: Listing) -> None:
    campaign = CampaignFactory(listing=listing, goal_packs=1)
    station = make_collection_station()
    for packs in (6, 2):
        pledged(campaign, packs, fulfilment="collect", station=station, province_code="")
    close_campaign(code=campaign.code, at=AFTER)
    PurchaseFactory(listing=listing, packs=1)

    frame = open_campaign_orders(area=area, at=AFTER)

    assert rows(frame) == [
        {
            "form": "walnut_dry",
            "grade": "一级",
            "hub": station.hubs.get().code,
            "promised_from": date(2026, 9, 20),
            "promised_to": date(2026, 10, 10),
            "weight_g": 8 * 2500,
        }
    ]


def test_listing_without_a_grade_has_an_empty_one(area: PlanningArea) -> None:
    listing = ListingFactory(price=Decimal(10))
    CampaignFactory(listing=listing)
    PurchaseFactory(listing=listing, packs=1, contact=Contact("买家", "13800000009"))

    assert campaign_frame(area=area, at=NOON)["grade"].tolist() == [""]
    assert weekly_sales(area=area, at=NOON)["grade"].tolist() == [""]


@pytest.mark.parametrize(
    "frame", [campaign_frame, pledge_curves, pledge_hubs, weekly_sales, open_campaign_orders]
)
def test_frames_ask_no_more_for_more_rows(area: PlanningArea, listing: Listing, frame: Any) -> None:
    delivery_to_gansu()

    def grow() -> None:
        one = ListingFactory(form=listing.form)
        pledged(CampaignFactory(listing=one), 2)
        PurchaseFactory(listing=one)
        ended = CampaignFactory(listing=ListingFactory(form=listing.form), goal_packs=1)
        pledged(ended, 2, province_code="62")
        close_campaign(code=ended.code, at=AFTER)

    grow()
    with CaptureQueriesContext(connection) as few:
        frame(area=area, at=AFTER)
    grow()
    grow()

    with CaptureQueriesContext(connection) as many:
        found = frame(area=area, at=AFTER)

    assert len(found) >= 1
    assert len(many) == len(few)


def test_frames_of_an_empty_area_have_their_columns(area: PlanningArea) -> None:
    assert list(pledge_curves(area=area, at=NOON)) == ["campaign", "day", "packs"]
    assert list(pledge_hubs(area=area, at=NOON)) == ["campaign", "hub", "packs"]
    assert list(weekly_sales(area=area, at=NOON)) == ["form", "grade", "hub", "monday", "weight_g"]
    assert list(open_campaign_orders(area=area, at=NOON))[-1] == "weight_g"
