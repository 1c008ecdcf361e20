"""Campaigns and pledges for tests; nothing is random. The listing comes from the shop's rows."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from shop.models import Campaign, Pledge, PledgeChange

OPENED = datetime(2026, 8, 1, 0, 0, tzinfo=UTC)
NOON = datetime(2026, 8, 28, 4, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 9, 6, 12, 0, tzinfo=UTC)


class CampaignFactory(DjangoModelFactory):
    """Live from 1 August until 6 September 2026; goal 20, cap 100, promised 20 Sept to 10 Oct."""

    class Meta:
        model = Campaign

    code = factory.Sequence(lambda n: f"PS-{n:04d}")
    listing = factory.SubFactory("tests.factories.shop.ListingFactory")
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
    mobile = factory.Sequence(lambda n: f"139{n:08d}")
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
    campaign.pledged_packs += packs
    campaign.save(update_fields=["pledged_packs"])
    return pledge
