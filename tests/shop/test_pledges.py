"""Reserving, changing and cancelling."""

from datetime import timedelta
from typing import Any

import pytest

from core.errors import BadInput, NotAllowed, NotEnough
from shop.contact import Contact, Fulfilment
from shop.models import Campaign, CampaignState, Pledge, PledgeChange, PledgeState
from shop.services.pledges import cancel_pledge, change_pledge, most_packs, reserve
from tests.factories.growers import UserFactory
from tests.factories.presale import DEADLINE, NOON, OPENED, CampaignFactory, pledged

pytestmark = pytest.mark.django_db
HOME = Fulfilment.deliver_to(province_code="62", city="兰州市", address="测试路 1 号")


def reserve_in(campaign: Campaign, packs: int = 2, **facts: Any) -> Pledge:
    asked: dict[str, Any] = {
        "contact": Contact("李测试", "13900000001"),
        "fulfilment": HOME,
        "submit_key": "form-1",
        "user": None,
        "at": NOON,
    }
    return reserve(campaign_code=campaign.code, packs=packs, **{**asked, **facts})


def curve(campaign: Campaign) -> list[int]:
    return list(PledgeChange.objects.filter(campaign=campaign).values_list("packs", flat=True))


def packs_in(campaign: Campaign) -> int:
    campaign.refresh_from_db()
    return campaign.pledged_packs


def test_reservation_counts_in_the_campaign_and_its_curve() -> None:
    campaign = CampaignFactory()
    person = UserFactory()

    pledge = reserve_in(campaign, 3, user=person)

    assert pledge.state == PledgeState.ACTIVE
    assert (pledge.user, pledge.mobile, pledge.city) == (person, "13900000001", "兰州市")
    assert packs_in(campaign) == 3
    assert curve(campaign) == [3]


def test_same_form_sent_twice_reserves_once() -> None:
    campaign = CampaignFactory()

    first = reserve_in(campaign, 3)
    second = reserve_in(campaign, 3)

    assert first == second
    assert packs_in(campaign) == 3


def test_never_more_than_the_cap() -> None:
    campaign = CampaignFactory(goal_packs=5, cap_packs=10)
    pledged(campaign, 8)

    with pytest.raises(NotEnough) as refused:
        reserve_in(campaign, 3)

    assert (refused.value.wanted, refused.value.left) == (3, 2)
    assert packs_in(campaign) == 8
    assert reserve_in(campaign, 2).packs == 2


@pytest.mark.parametrize(
    ("facts", "at", "said"),
    [
        ({}, DEADLINE, "截止"),
        ({}, OPENED - timedelta(seconds=1), "还没开始"),
        ({"state": CampaignState.DRAFT}, NOON, "还没开始"),
        ({"state": CampaignState.CANCELLED, "closed_at": NOON}, NOON, "取消了"),
        ({"state": CampaignState.SUCCEEDED, "closed_at": NOON}, NOON, "截止"),
    ],
)
def test_one_reserves_only_while_the_campaign_is_open(
    facts: dict[str, Any], at: Any, said: str
) -> None:
    campaign = CampaignFactory(**facts)

    with pytest.raises(NotAllowed, match=said):
        reserve_in(campaign, at=at)

    assert packs_in(campaign) == 0


@pytest.mark.parametrize("packs", [0, -1])
def test_reservation_has_packs(packs: int) -> None:
    campaign = CampaignFactory()

    with pytest.raises(BadInput):
        reserve_in(campaign, packs)


def test_one_mobile_takes_at_most_a_fifth_of_the_cap() -> None:
    campaign = CampaignFactory(cap_packs=100)
    reserve_in(campaign, 15)

    with pytest.raises(BadInput, match="最多约 20 份，已经约了 15 份") as refused:
        reserve_in(campaign, 6, submit_key="form-2")

    assert refused.value.field == "packs"
    assert packs_in(campaign) == 15
    assert curve(campaign) == [15]


@pytest.mark.parametrize(("cap", "most"), [(4, 4), (10, 5), (25, 5), (100, 20)])
def test_small_campaigns_let_one_mobile_take_five(cap: int, most: int) -> None:
    campaign = CampaignFactory(goal_packs=1, cap_packs=cap)

    assert most_packs(campaign) == most


def test_change_moves_campaign_and_curve_by_the_difference() -> None:
    campaign = CampaignFactory()
    pledge = reserve_in(campaign, 5)

    change_pledge(code=pledge.code, packs=8, at=NOON)
    change_pledge(code=pledge.code, packs=2, at=NOON)
    change_pledge(code=pledge.code, packs=2, at=NOON)

    pledge.refresh_from_db()
    assert pledge.packs == 2
    assert packs_in(campaign) == 2
    assert curve(campaign) == [5, 3, -6]


def test_change_stays_below_the_cap_and_the_share_of_one_mobile() -> None:
    campaign = CampaignFactory(goal_packs=5, cap_packs=30)
    pledge = reserve_in(campaign, 4)
    pledged(campaign, 25)

    with pytest.raises(BadInput):
        change_pledge(code=pledge.code, packs=0, at=NOON)
    with pytest.raises(NotEnough):
        change_pledge(code=pledge.code, packs=6, at=NOON)
    change_pledge(code=pledge.code, packs=3, at=NOON)
    Campaign.objects.filter(pk=campaign.pk).update(pledged_packs=3)
    with pytest.raises(BadInput, match="最多约 6 份"):
        change_pledge(code=pledge.code, packs=7, at=NOON)

    pledge.refresh_from_db()
    assert pledge.packs == 3


def test_cancel_gives_the_packs_back() -> None:
    campaign = CampaignFactory()
    pledge = reserve_in(campaign, 5)

    cancel_pledge(code=pledge.code, at=NOON)

    pledge.refresh_from_db()
    assert pledge.state == PledgeState.CANCELLED
    assert packs_in(campaign) == 0
    assert curve(campaign) == [5, -5]


def test_cancelled_pledge_is_not_cancelled_or_changed_again() -> None:
    campaign = CampaignFactory()
    pledge = reserve_in(campaign, 5)
    cancel_pledge(code=pledge.code, at=NOON)

    with pytest.raises(NotAllowed, match="已取消"):
        cancel_pledge(code=pledge.code, at=NOON)
    with pytest.raises(NotAllowed, match="已取消"):
        change_pledge(code=pledge.code, packs=2, at=NOON)

    assert packs_in(campaign) == 0


def test_after_the_deadline_nothing_is_changed_or_cancelled() -> None:
    campaign = CampaignFactory()
    pledge = reserve_in(campaign, 5)

    with pytest.raises(NotAllowed, match="截止"):
        change_pledge(code=pledge.code, packs=2, at=DEADLINE)
    with pytest.raises(NotAllowed, match="截止"):
        cancel_pledge(code=pledge.code, at=DEADLINE)

    assert packs_in(campaign) == 5
