"""Opening, closing and cancelling campaigns."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.errors import BadInput, NotAllowed
from harvest_calendar.models import SupplyClaim
from shop.models import (
    Campaign,
    CampaignState,
    CampaignStateChange,
    Listing,
    Pledge,
    PledgeOrder,
    PledgeState,
    Purchase,
    SeasonState,
)
from shop.services import campaigns
from shop.services.campaigns import (
    cancel_campaign,
    close_campaign,
    close_due_campaigns,
    start_due_campaigns,
)
from shop.signals import campaign_closed
from tests.factories.presale import (
    DEADLINE,
    NOON,
    CampaignFactory,
    make_ripening_listing,
    opened,
    pledged,
)
from tests.factories.shop import ListingFactory, delivery_to_gansu, make_collection_station

pytestmark = pytest.mark.django_db
AFTER = DEADLINE + timedelta(minutes=1)


def collected(campaign: Campaign, *packs: int) -> list[Pledge]:
    station = make_collection_station()
    return [
        pledged(campaign, number, fulfilment="collect", station=station, province_code="")
        for number in packs
    ]


def test_campaign_promises_the_window_of_the_calendar() -> None:
    listing = make_ripening_listing()

    campaign = opened(listing)

    assert campaign.state == CampaignState.LIVE
    assert campaign.promised_from_on == date(2026, 9, 20)
    assert campaign.promised_to_on == date(2026, 10, 10)


def test_open_campaign_claims_its_cap_in_raw_grams() -> None:
    listing = make_ripening_listing()
    listing.form.raw_kg_mid = Decimal(4)
    listing.form.raw_kg_high = Decimal(5)
    listing.form.save()

    campaign = opened(listing)

    claim = SupplyClaim.objects.get(code=f"campaign:{campaign.code}")
    assert claim.weight_g == 100 * 500 * 4
    assert (claim.first_on, claim.last_on) == (date(2026, 9, 7), date(2026, 9, 27))


def test_cap_is_never_above_the_careful_supply() -> None:
    listing = make_ripening_listing(supply_g=20_000)  # 60 kg in three weeks: 120 packs

    with pytest.raises(BadInput, match="最多 120 份") as refused:
        opened(listing, cap_packs=121)

    assert refused.value.field == "cap_packs"
    assert not Campaign.objects.exists()
    assert not SupplyClaim.objects.exists()


def test_two_campaigns_share_one_harvest() -> None:
    listing = make_ripening_listing(supply_g=20_000)
    other = ListingFactory(shop=listing.shop, form=listing.form)
    opened(listing, cap_packs=100)

    with pytest.raises(BadInput, match="最多 20 份"):
        opened(other, cap_packs=21)

    assert opened(other, cap_packs=20).cap_packs == 20


def test_deadline_stands_before_the_promised_window() -> None:
    listing = make_ripening_listing()

    with pytest.raises(BadInput, match="9月20日") as refused:
        opened(listing, deadline_at=datetime.fromisoformat("2026-09-20T12:00:00+08:00"))

    assert refused.value.field == "deadline_on"


def test_campaign_without_a_coming_season_is_refused() -> None:
    listing = ListingFactory()

    with pytest.raises(BadInput, match="日历"):
        opened(listing)


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_only_a_published_listing_gets_a_campaign(state: str) -> None:
    listing = make_ripening_listing()
    Listing.objects.filter(pk=listing.pk).update(state=state)

    with pytest.raises(NotAllowed, match="上架"):
        opened(listing)


def test_listing_has_one_campaign_at_a_time() -> None:
    listing = make_ripening_listing()
    opened(listing)

    with pytest.raises(NotAllowed, match="已经有一场"):
        opened(listing)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"goal_packs": 0}, "goal_packs"),
        ({"goal_packs": 101}, "cap_packs"),
        ({"price": Decimal(0)}, "price"),
        ({"deadline_at": NOON}, "deadline_on"),
    ],
)
def test_bad_terms_are_refused_beside_their_field(facts: dict[str, Any], field: str) -> None:
    listing = make_ripening_listing()

    with pytest.raises(BadInput) as refused:
        opened(listing, **facts)

    assert refused.value.field == field


def test_campaign_price_is_never_below_the_floor() -> None:
    listing = make_ripening_listing()
    listing.form.crop.farm_gate_min = Decimal(60)
    listing.form.crop.save()

    with pytest.raises(BadInput, match="低于保底价") as refused:
        opened(listing, price=Decimal("29.99"))

    assert refused.value.field == "price"
    assert opened(listing, price=Decimal(30)).price == Decimal(30)


def test_live_campaign_puts_its_listing_on_presale() -> None:
    listing = make_ripening_listing()

    opened(listing)

    listing.refresh_from_db()
    assert listing.season_state == SeasonState.PRESALE


def test_planned_campaign_starts_by_itself_once() -> None:
    listing = make_ripening_listing()
    later = NOON + timedelta(days=1)
    campaign = opened(listing, opens_at=later)
    assert campaign.state == CampaignState.APPROVED

    assert start_due_campaigns(at=NOON) == []
    assert start_due_campaigns(at=later) == [campaign]
    assert start_due_campaigns(at=later) == []

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.LIVE
    moves = CampaignStateChange.objects.filter(campaign=campaign).order_by("pk")
    assert list(moves.values_list("new", flat=True)) == ["submitted", "approved", "live"]


def test_campaign_at_its_goal_succeeds_and_each_pledge_is_one_order() -> None:
    campaign = CampaignFactory(goal_packs=5)
    pledges = collected(campaign, 2, 3)

    close_campaign(code=campaign.code, at=AFTER)

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.SUCCEEDED
    assert campaign.closed_at == AFTER
    assert set(PledgeOrder.objects.values_list("pledge", flat=True)) == {p.pk for p in pledges}
    assert Purchase.objects.count() == 2
    assert set(Pledge.objects.values_list("state", flat=True)) == {PledgeState.ORDERED}


def test_order_keeps_price_place_and_promise_of_the_pledge() -> None:
    campaign = CampaignFactory(goal_packs=2)
    delivery_to_gansu()
    pledge = pledged(campaign, 2, province_code="62", city="兰州市")

    close_campaign(code=campaign.code, at=AFTER)

    purchase = Purchase.objects.get(order__pledge_link__pledge=pledge)
    assert purchase.order.lines.get().unit_price_incl_tax == Decimal("92.00")
    assert (purchase.province_code, purchase.mobile) == ("62", pledge.mobile)
    assert purchase.promised_from_on == campaign.promised_from_on
    assert purchase.promised_to_on == campaign.promised_to_on


def test_campaign_below_its_goal_fails_and_releases_pledges_and_claim() -> None:
    listing = make_ripening_listing()
    campaign = opened(listing)
    pledges = collected(campaign, 2, 3)

    close_campaign(code=campaign.code, at=AFTER)

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.FAILED
    assert not Purchase.objects.exists()
    assert {p.state for p in Pledge.objects.filter(pk__in=[p.pk for p in pledges])} == {"released"}
    assert SupplyClaim.objects.get().released_at == AFTER


def test_success_claims_only_what_was_pledged() -> None:
    listing = make_ripening_listing()
    campaign = opened(listing)
    collected(campaign, 20)

    close_campaign(code=campaign.code, at=AFTER)

    claim = SupplyClaim.objects.get()
    assert (claim.weight_g, claim.released_at) == (20 * 500, None)


def test_campaign_is_not_closed_before_its_deadline() -> None:
    campaign = CampaignFactory(goal_packs=1)
    collected(campaign, 2)

    close_campaign(code=campaign.code, at=DEADLINE - timedelta(seconds=1))

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.LIVE
    assert not Purchase.objects.exists()


def test_closing_twice_changes_nothing_and_tells_once() -> None:
    campaign = CampaignFactory(goal_packs=5)
    collected(campaign, 2, 3)
    told = []

    def listen(campaign: Campaign, **_facts: Any) -> None:
        told.append(campaign.code)

    campaign_closed.connect(listen)
    close_campaign(code=campaign.code, at=AFTER)
    close_campaign(code=campaign.code, at=AFTER + timedelta(minutes=5))
    campaign_closed.disconnect(listen)

    campaign.refresh_from_db()
    assert campaign.closed_at == AFTER
    assert told == [campaign.code]
    assert CampaignStateChange.objects.filter(campaign=campaign).count() == 1
    assert Purchase.objects.count() == 2


def test_run_that_was_killed_half_way_is_continued(monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = CampaignFactory(goal_packs=5)
    collected(campaign, 2, 3, 4)
    place = campaigns.place_campaign_order
    placed = []

    def killed_at_the_third(**facts: Any) -> Purchase:
        if len(placed) == 2:
            raise KeyboardInterrupt
        placed.append(facts)
        return place(**facts)

    monkeypatch.setattr(campaigns, "PLEDGES_AT_ONCE", 1)
    monkeypatch.setattr(campaigns, "place_campaign_order", killed_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        close_campaign(code=campaign.code, at=AFTER)
    assert Purchase.objects.count() == 2

    monkeypatch.setattr(campaigns, "place_campaign_order", place)
    closed = close_due_campaigns(at=AFTER + timedelta(minutes=5))

    assert closed == [campaign.code]
    assert Purchase.objects.count() == 3
    assert PledgeOrder.objects.count() == 3
    assert close_due_campaigns(at=AFTER + timedelta(minutes=10)) == []


def test_pledge_whose_order_is_refused_does_not_stop_the_others() -> None:
    campaign = CampaignFactory(goal_packs=5)
    nowhere = pledged(campaign, 2, province_code="99")  # no hub and no rate to go there
    [fine] = collected(campaign, 3)

    close_campaign(code=campaign.code, at=AFTER)

    nowhere.refresh_from_db()
    fine.refresh_from_db()
    assert (nowhere.state, fine.state) == (PledgeState.ACTIVE, PledgeState.ORDERED)


def test_cancelled_pledges_do_not_become_orders() -> None:
    campaign = CampaignFactory(goal_packs=2)
    kept, gone = collected(campaign, 2, 3)
    Pledge.objects.filter(pk=gone.pk).update(state=PledgeState.CANCELLED)

    close_campaign(code=campaign.code, at=AFTER)

    assert PledgeOrder.objects.get().pledge == kept


def test_cancelling_releases_pledges_and_claim_with_the_reason() -> None:
    listing = make_ripening_listing()
    campaign = opened(listing)
    [pledge] = collected(campaign, 2)

    cancel_campaign(code=campaign.code, by=None, at=NOON, reason="冰雹")

    pledge.refresh_from_db()
    listing.refresh_from_db()
    assert pledge.state == PledgeState.RELEASED
    assert SupplyClaim.objects.get().released_at == NOON
    assert campaign.changes.first().reason == "冰雹"
    assert listing.season_state == SeasonState.TEASER


@pytest.mark.parametrize("state", ["succeeded", "failed", "cancelled"])
def test_ended_campaign_cannot_be_cancelled(state: str) -> None:
    campaign = CampaignFactory(state=state, closed_at=DEADLINE)

    with pytest.raises(NotAllowed):
        cancel_campaign(code=campaign.code, by=None, at=AFTER)
