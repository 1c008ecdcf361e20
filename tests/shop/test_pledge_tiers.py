"""Boxes of their own price inside a campaign, what each mobile may take, and stretch goals."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.errors import BadInput, NotEnough
from devtools.stripe_emulator.testing import Running
from payments.models import Payment
from shop.models import Campaign, PledgeTier, PledgeWay, Purchase, StretchGoal
from shop.services.campaigns import close_campaign
from shop.services.pledges import cancel_pledge
from tests.factories.presale import DEADLINE, NOON, CampaignFactory, while_draft
from tests.shop.paying import finish, jobs, reserved, stripe

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db
AFTER = DEADLINE + timedelta(minutes=1)


def box(campaign: Campaign, **facts: object) -> PledgeTier:
    terms = {"number": 1, "title": "大箱", "price": Decimal("170.00"), "packs_per_unit": 2}
    with while_draft(campaign):
        return PledgeTier.objects.create(campaign=campaign, **{**terms, "cap_units": 3, **facts})


def test_box_has_its_own_price_down_to_the_order(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=2)
    tier = box(campaign)

    pledge = finish(stripe, reserved(campaign, 2, tier=1))
    jobs(stripe, at=AFTER)

    tier.refresh_from_db()
    assert (pledge.packs, pledge.price, tier.taken_units) == (4, Decimal("85.00"), 2)
    assert Payment.objects.get().amount == 34000
    assert Purchase.objects.get().order.total_incl_tax == Decimal("340.00")


def test_pack_of_a_box_costs_whole_fen(stripe: Running) -> None:
    tier = box(CampaignFactory(), price=Decimal("169.99"))

    with pytest.raises(ValidationError, match="不留零头"):
        tier.full_clean()


def test_box_is_never_over_its_cap(stripe: Running) -> None:
    campaign = CampaignFactory()
    tier = box(campaign, cap_units=1)
    first = reserved(campaign, 1, tier=1, way=PledgeWay.LINK)

    with pytest.raises(NotEnough, match="大箱"):
        reserved(campaign, 1, tier=1, number=2, way=PledgeWay.LINK)
    cancel_pledge(code=first.code, at=NOON)

    tier.refresh_from_db()
    assert tier.taken_units == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        PledgeTier.objects.filter(pk=tier.pk).update(taken_units=2)


def test_box_may_be_kept_to_few_for_each_mobile(stripe: Running) -> None:
    campaign = CampaignFactory()
    box(campaign, most_each=1)

    with pytest.raises(BadInput, match="最多 1 份"):
        reserved(campaign, 2, tier=1)

    campaign.refresh_from_db()
    assert campaign.held_packs == 0


def test_stretch_goals_are_judged_once_on_what_was_counted_at_the_closing(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=2)
    with while_draft(campaign):
        for n in (3, 6):
            StretchGoal.objects.create(campaign=campaign, at_packs=n, promise=f"{n} 份")
    pledge = reserved(campaign, 5, way=PledgeWay.LINK)

    close_campaign(code=campaign.code, at=AFTER)
    Campaign.objects.update(pledged_packs=9)
    close_campaign(code=campaign.code, at=AFTER)

    assert list(StretchGoal.objects.order_by("pk").values_list("reached", flat=True)) == [
        True,
        False,
    ]
    assert Payment.objects.get(code=pledge.payment_code).amount == 5 * 9200
