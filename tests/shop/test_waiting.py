"""The queue of a full campaign: in the order of arrival, for a day each."""

from datetime import timedelta

import pytest

from core.errors import NotAllowed, NotEnough
from devtools.stripe_emulator.testing import Running
from notices.models import Notice
from shop.models import Campaign, PledgeState, PledgeWay, WaitingEntry
from shop.services.pledges import cancel_pledge
from shop.services.waiting import join_queue, leave_queue, offer_free_packs
from tests.factories.presale import NOON, CampaignFactory
from tests.shop.paying import backer, reserved, state_of, stripe

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db
A_DAY = timedelta(hours=24)


def full(stripe: Running) -> tuple[Campaign, list]:
    """Ten packs, all taken by two backers."""
    campaign = CampaignFactory(goal_packs=2, cap_packs=10)
    pledges = [backer(stripe, campaign, 5, number=n, way=PledgeWay.LINK) for n in (1, 2)]
    return campaign, pledges


def joined(campaign: Campaign, number: int, packs: int = 2) -> WaitingEntry:
    return join_queue(
        campaign_code=campaign.code,
        packs=packs,
        mobile=f"136{number:08d}",
        user=None,
        at=NOON + timedelta(minutes=number),
    )


def states(campaign: Campaign) -> list[str]:
    return list(campaign.waiting.order_by("pk").values_list("state", flat=True))


def held(campaign: Campaign) -> int:
    return Campaign.objects.get(pk=campaign.pk).held_packs


def test_free_packs_are_offered_in_the_order_of_arrival(stripe: Running) -> None:
    campaign, pledges = full(stripe)
    for number in (1, 2, 3):
        joined(campaign, number)

    cancel_pledge(code=pledges[0].code, at=NOON + timedelta(hours=1))

    assert states(campaign) == ["offered", "offered", "waiting"]
    assert held(campaign) == 4
    assert Notice.objects.filter(template="shop.waiting_offered").count() == 2


def test_nobody_overtakes_who_wants_more(stripe: Running) -> None:
    campaign, _pledges = full(stripe)
    joined(campaign, 1, packs=5)
    joined(campaign, 2, packs=1)
    Campaign.objects.filter(pk=campaign.pk).update(pledged_packs=8)

    offer_free_packs(at=NOON + timedelta(hours=1))

    assert states(campaign) == ["waiting", "waiting"]


def test_offer_is_kept_from_others_and_taken_by_its_owner(stripe: Running) -> None:
    campaign, pledges = full(stripe)
    entry = joined(campaign, 1, packs=5)
    soon = NOON + timedelta(hours=1)
    cancel_pledge(code=pledges[0].code, at=soon)

    with pytest.raises(NotEnough):
        reserved(campaign, 1, number=8, at=soon)
    pledge = reserved(campaign, 4, number=9, at=soon, way=PledgeWay.LINK, offer=entry.code)

    entry.refresh_from_db()
    assert (entry.state, entry.pledge) == ("taken", pledge)
    assert state_of(pledge) == PledgeState.ACTIVE
    assert held(campaign) == 0


def test_offer_goes_to_the_next_after_a_day(stripe: Running) -> None:
    campaign, pledges = full(stripe)
    joined(campaign, 1, packs=5)
    joined(campaign, 2, packs=5)
    soon = NOON + timedelta(hours=1)
    cancel_pledge(code=pledges[0].code, at=soon)

    offer_free_packs(at=soon + A_DAY - timedelta(minutes=1))
    before = states(campaign)
    offer_free_packs(at=soon + A_DAY)
    offer_free_packs(at=soon + A_DAY)

    assert before == ["offered", "waiting"]
    assert states(campaign) == ["passed", "offered"]
    assert held(campaign) == 5
    assert Notice.objects.filter(template="shop.waiting_passed").count() == 1


def test_leaving_frees_what_was_kept(stripe: Running) -> None:
    campaign, pledges = full(stripe)
    first, _second = joined(campaign, 1, packs=5), joined(campaign, 2, packs=5)
    cancel_pledge(code=pledges[0].code, at=NOON + timedelta(hours=1))

    leave_queue(code=first.code, at=NOON + timedelta(hours=2))

    assert states(campaign) == ["left", "offered"]
    assert held(campaign) == 5


def test_one_waits_only_where_nothing_is_free_and_once(stripe: Running) -> None:
    campaign, _pledges = full(stripe)

    with pytest.raises(NotAllowed, match="直接约"):
        joined(CampaignFactory(), 1)
    with pytest.raises(NotAllowed, match="结束"):
        joined(CampaignFactory(state="failed", closed_at=NOON), 1)

    assert joined(campaign, 1) == joined(campaign, 1)
