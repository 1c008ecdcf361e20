"""Campaigns and pledges for tests; nothing is random. The listing comes from the shop's rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import factory
from django.db.models import F
from factory.django import DjangoModelFactory

from growers.models import Membership, Region, User
from harvest_calendar.models import Crop, SeasonDate
from shop.campaign_terms import Terms, hash_of_terms
from shop.models import Campaign, Listing, Pledge, PledgeChange
from shop.services.approving import approve_campaign, submit_campaign
from shop.services.opening import draft_campaign
from tests.factories.growers import person_with
from tests.factories.harvest_calendar import (
    HarvestWindowFactory,
    SeasonDateFactory,
    SupplyEstimateFactory,
)
from tests.factories.shop import ListingFactory

OPENED = datetime(2026, 8, 1, 0, 0, tzinfo=UTC)
NOON = datetime(2026, 8, 28, 4, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 9, 6, 12, 0, tzinfo=UTC)


def writer() -> User:
    """Who writes the campaigns of tests."""
    return User.objects.get_or_create(username="campaign-writer")[0]


def approver() -> User:
    """Who lets them open; holds no role until ``approver_of`` gives one."""
    return User.objects.get_or_create(username="campaign-approver")[0]


def approver_of(listing: Listing) -> User:
    """The approver of the cooperative of a listing's shop."""
    cooperative = listing.shop.cooperative
    held = Membership.objects.filter(user=approver(), cooperative=cooperative)
    return approver() if held.exists() else person_with("approver", cooperative, user=approver())


def drafted(
    listing: Listing, *, by: User | None = None, at: datetime = NOON, **terms: Any
) -> Campaign:
    """A draft from the shop's own service: goal 20, cap 100, 92 yuan, open from noon on."""
    facts: dict[str, Any] = {
        "goal_packs": 20,
        "cap_packs": 100,
        "price": Decimal("92.00"),
        "opens_at": NOON,
        "deadline_at": DEADLINE,
    }
    return draft_campaign(listing=listing, terms=Terms(**{**facts, **terms}), by=by, at=at)


def opened(listing: Listing, *, at: datetime = NOON, **terms: Any) -> Campaign:
    """A campaign that went the whole way: written, submitted and approved by two persons."""
    code = drafted(listing, at=at, **terms).code
    seen = submit_campaign(code=code, by=writer(), at=at).terms_hash
    return approve_campaign(code=code, seen=seen, by=approver_of(listing), at=at)


def with_terms(campaign: Campaign, **terms: Any) -> Campaign:
    """A submitted campaign whose terms are others, as if it had been approved with them."""
    for name, value in terms.items():
        setattr(campaign, name, value)
    campaign.terms_hash = hash_of_terms(campaign)
    campaign.save()
    return campaign


@contextmanager
def while_draft(campaign: Campaign) -> Iterator[None]:
    """Boxes and stretch goals are written in a draft; afterwards the campaign is as it was."""
    row = Campaign.objects.filter(pk=campaign.pk)
    was = row.values("state", "terms_hash", "approved_by", "approved_at").get()
    row.update(state="draft", terms_hash="", approved_by=None, approved_at=None)
    yield
    row.update(**was)


class CampaignFactory(DjangoModelFactory):
    """Live from 1 August until 6 September 2026; goal 20, cap 100, promised 20 Sept to 10 Oct.

    Two persons let it open, unless it is a draft.
    """

    class Meta:
        model = Campaign

    @classmethod
    def _create(cls, model_class: type[Campaign], *args: Any, **kwargs: Any) -> Campaign:
        if kwargs["state"] != "draft":
            kwargs = {
                "submitted_by": writer(),
                "submitted_at": kwargs["opens_at"],
                "terms_hash": "f" * 64,
            } | kwargs
        if kwargs["state"] not in ("draft", "submitted"):
            kwargs = {"approved_by": approver(), "approved_at": kwargs["opens_at"]} | kwargs
        return model_class.objects.create(*args, **kwargs)

    code = factory.Sequence(lambda n: f"PS-{n:04d}")
    listing = factory.SubFactory(ListingFactory)
    state = "live"
    goal_packs = 20
    cap_packs = 100
    price = Decimal("92.00")
    opens_at = OPENED
    deadline_at = DEADLINE
    promised_from_on = date(2026, 9, 20)
    promised_to_on = date(2026, 10, 10)


class PledgeFactory(DjangoModelFactory):
    """Two packs, delivered to Beijing, not counted in the campaign (use ``pledged`` for that)."""

    class Meta:
        model = Pledge

    code = factory.Sequence(lambda n: f"PL-{n:04d}")
    campaign = factory.SubFactory(CampaignFactory)
    packs = 2
    name = "李测试"
    mobile = factory.Sequence(lambda n: f"137{n:08d}")
    fulfilment = "delivery"
    province_code = "11"
    city = "北京"
    address = "测试路 1 号"
    submit_key = factory.Sequence(lambda n: f"key-{n}")
    created_at = NOON
    updated_at = NOON


def pledged(campaign: Campaign, packs: int, *, at: datetime = NOON, **facts: object) -> Pledge:
    """A standing pledge with its curve row, counted in the campaign."""
    pledge: Pledge = PledgeFactory(
        campaign=campaign, packs=packs, created_at=at, updated_at=at, **facts
    )
    PledgeChange.objects.create(pledge=pledge, campaign=campaign, packs=packs, at=at)
    Campaign.objects.filter(pk=campaign.pk).update(pledged_packs=F("pledged_packs") + packs)
    campaign.refresh_from_db(fields=["pledged_packs"])
    return pledge


def make_season(crop: Crop, region: Region, *, supply_g: int = 0) -> SeasonDate:
    """Picked 7 to 27 September 2026 (three weeks), sold 20 September to 10 October.

    ``supply_g`` is the careful estimate (P10) of each of the three weeks.
    """
    season: SeasonDate = SeasonDateFactory(
        window=HarvestWindowFactory(
            crop=crop,
            county=region,
            start_md="09-07",
            peak_md="09-17",
            end_md="09-27",
            lag_min_days=13,
            lag_max_days=13,
        ),
        region=region,
        start_on=date(2026, 9, 7),
        peak_on=date(2026, 9, 17),
        end_on=date(2026, 9, 27),
        ready_on=date(2026, 9, 20),
        last_ready_on=date(2026, 10, 10),
    )
    if supply_g:
        township = Region.objects.filter(level="township", code__startswith=region.prefix).first()
        for monday in (date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 21)):
            SupplyEstimateFactory(
                crop=crop,
                township=township,
                monday=monday,
                p10_g=supply_g,
                p50_g=supply_g * 2,
                p90_g=supply_g * 3,
            )
    return season


def make_ripening_listing(*, supply_g: int = 100_000, **facts: Any) -> Listing:
    """A published listing (500 g packs unless told) whose county has a season and supply."""
    listing: Listing = ListingFactory(**facts)
    county = Region.objects.get(pk=listing.origin.county_code)
    make_season(listing.form.raw_crop, county, supply_g=supply_g)
    return listing
