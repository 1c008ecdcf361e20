"""Runs and their lines for tests, and rows of the shop to forecast from; nothing is random.

The day is 28 August 2026, noon; campaigns of ``CampaignFactory`` are open from 1 August until
6 September and deliver from 20 September to 10 October.
"""

from datetime import date, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from forecasting.models import (
    ALL_GRADES,
    CampaignForecast,
    ForecastPoint,
    ForecastRun,
    ForecastTotal,
    RunState,
)
from growers.models import PlanningArea
from harvest_calendar.models import ProductForm
from shop.models import Campaign, PledgeChange
from tests.factories.growers import HubFactory, PlanningAreaFactory
from tests.factories.harvest_calendar import CropFactory, ProductFormFactory
from tests.factories.presale import NOON, CampaignFactory, make_ripening_listing, pledged
from tests.factories.shop import make_metropolitan_hub, make_rate_card

MONDAY = date(2026, 9, 21)


class ForecastRunFactory(DjangoModelFactory):
    """A finished run of an area's demand as of 28 August 2026."""

    class Meta:
        model = ForecastRun

    code = factory.Sequence(lambda n: f"FC-{n:04d}")
    area = factory.SubFactory(PlanningAreaFactory)
    state = RunState.DONE
    as_of = NOON
    version = "1"
    inputs_hash = "1" * 64
    rows_hash = "2" * 64
    history_hash = "3" * 64
    seconds = 1.0


class CampaignForecastFactory(DjangoModelFactory):
    class Meta:
        model = CampaignForecast

    run = factory.SubFactory(ForecastRunFactory)
    campaign_code = factory.Sequence(lambda n: f"PS-{n:04d}")
    form = factory.SubFactory(ProductFormFactory)
    pack_weight_g = 500
    goal_packs = 20
    cap_packs = 100
    opens_on = date(2026, 8, 1)
    deadline_on = date(2026, 9, 6)
    pledged_packs = 30
    p10_packs = 35
    p20_packs = 40
    p50_packs = 50
    p80_packs = 60
    p90_packs = 70
    chance = 0.9
    too_early = False
    cold = False
    curve = factory.LazyFunction(lambda: [10, 20, 30])


def grams(middle: int) -> dict[str, int]:
    """Quantiles about a median: a fifth and a tenth either side."""
    return {
        "p10_g": middle * 8 // 10,
        "p20_g": middle * 9 // 10,
        "p50_g": middle,
        "p80_g": middle * 11 // 10,
        "p90_g": middle * 12 // 10,
    }


def make_lines(
    run: ForecastRun, form: ProductForm, *, weeks: list[int], grade: str = "一级"
) -> list[ForecastTotal]:
    """A form's demand in the weeks from 21 September on, all at one hub: cells and roll-ups."""
    hub = HubFactory()
    found = []
    for line_grade, line_hub in [
        (grade, hub),
        (grade, None),
        (ALL_GRADES, hub),
        (ALL_GRADES, None),
    ]:
        for place, middle in enumerate(weeks):
            so_far = {f"to_{name}": value for name, value in grams(sum(weeks[: place + 1])).items()}
            line = ForecastTotal.objects.create(
                run=run,
                form=form,
                grade=line_grade,
                hub=line_hub,
                monday=MONDAY + timedelta(weeks=place),
                booked_g=middle // 2,
                to_booked_g=sum(weeks[: place + 1]) // 2,
                **grams(middle),
                **so_far,
            )
            found.append(line)
    return found


class ForecastPointFactory(DjangoModelFactory):
    """A tonne of a form at a hub in the week of 21 September 2026."""

    class Meta:
        model = ForecastPoint

    run = factory.SubFactory(ForecastRunFactory)
    form = factory.SubFactory(ProductFormFactory)
    grade = "一级"
    hub = factory.SubFactory(HubFactory)
    monday = MONDAY
    booked_g = 500_000
    p10_g = 800_000
    p20_g = 900_000
    p50_g = 1_000_000
    p80_g = 1_100_000
    p90_g = 1_200_000


def walnuts() -> ProductForm:
    """核桃, sold as it is picked."""
    crop = CropFactory(key="walnut_dry", name_zh="核桃")
    form: ProductForm = ProductFormFactory(crop=crop, key="walnut_dry", name_zh="核桃")
    return form


def make_open_campaign(
    *, packs: int = 30, area: PlanningArea | None = None, **facts: Any
) -> Campaign:
    """A walnut campaign of 武都区 with pledges to Lanzhou; area and hub stand beside it."""
    make_metropolitan_hub()
    make_rate_card()
    area = area or PlanningAreaFactory()
    listing = facts.pop("listing", None) or make_ripening_listing(form=walnuts(), supply_g=20_000)
    campaign: Campaign = CampaignFactory(listing=listing, **facts)
    if packs:
        pledged(campaign, packs, at=campaign.opens_at + timedelta(days=2), province_code="62")
    return campaign


def finish_campaigns(campaign: Campaign, finals: list[int]) -> None:
    """Earlier campaigns of the same listing, a month each, half of their packs on the first day."""
    for place, final in enumerate(finals):
        opens_at = campaign.opens_at - timedelta(days=40 * (place + 2))
        earlier = CampaignFactory(
            listing=campaign.listing,
            state="succeeded",
            opens_at=opens_at,
            deadline_at=opens_at + timedelta(days=29),
            closed_at=opens_at + timedelta(days=29),
        )
        pledge = pledged(earlier, final, at=opens_at, state="ordered")
        PledgeChange.objects.filter(pledge=pledge).update(packs=final - final // 2)
        _add(pledge.pk, earlier, final // 2, opens_at + timedelta(days=20))


def _add(pledge_id: int, campaign: Campaign, packs: int, at: datetime) -> None:
    PledgeChange.objects.create(pledge_id=pledge_id, campaign=campaign, packs=packs, at=at)
