"""Closings that are killed half-way, and what they ask of the database."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from devtools.stripe_emulator.testing import Running
from payments import services
from payments.models import Payment
from shop.models import Pledge, PledgeState, PledgeWay
from shop.services import collecting
from shop.services.campaigns import close_campaign
from tests.factories.presale import DEADLINE, CampaignFactory
from tests.payments.conftest import faults
from tests.shop.paying import backer, jobs, state_of, stripe

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db
AFTER = DEADLINE + timedelta(minutes=1)


def refunded(stripe: Running) -> int:
    return sum(row["amount"] for row in stripe.world.refunds() if row["status"] == "succeeded")


def test_closing_that_was_killed_before_waking_is_continued(
    stripe: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = CampaignFactory(goal_packs=3)
    pledges = [backer(stripe, campaign, number=n) for n in (1, 2, 3)]
    make_due = services.make_due
    monkeypatch.setattr(collecting, "AT_ONCE", 1)
    calls = 0

    def killed_at_the_second(**facts: object) -> int:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise SystemExit
        return make_due(**facts)

    monkeypatch.setattr(services, "make_due", killed_at_the_second)
    with pytest.raises(SystemExit):
        close_campaign(code=campaign.code, at=AFTER)
    between = sorted(Payment.objects.values_list("state", flat=True))
    jobs(stripe, at=AFTER + timedelta(minutes=5))

    assert between == ["due", "ready", "ready"]
    assert [state_of(pledge) for pledge in pledges] == [PledgeState.ORDERED] * 3
    assert len(stripe.world.charges()) == 3
    assert campaign.changes.count() == 3  # succeeded, collecting, growing
    assert faults() == []


def test_letting_go_that_was_killed_half_way_is_continued(
    stripe: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = CampaignFactory(goal_packs=50)
    wallets = [backer(stripe, campaign, number=n, way=PledgeWay.NOW) for n in (1, 2)]
    give_back = collecting.give_back

    def killed_at_the_last(pledge: Pledge, **facts: Any) -> int:
        if pledge == wallets[1]:
            raise SystemExit
        return give_back(pledge, **facts)

    monkeypatch.setattr(collecting, "give_back", killed_at_the_last)
    with pytest.raises(SystemExit):
        close_campaign(code=campaign.code, at=AFTER)
    monkeypatch.setattr(collecting, "give_back", give_back)
    between = [state_of(one) for one in wallets]
    for hours in (1, 2):
        jobs(stripe, at=AFTER + timedelta(hours=hours))

    assert between == [PledgeState.REFUNDING, PledgeState.TO_RELEASE]
    assert [state_of(one) for one in wallets] == [PledgeState.REFUNDED] * 2
    assert refunded(stripe) == 2 * 3 * 9200
    assert faults() == []


def test_closing_asks_the_database_no_more_for_three_cards_than_for_one(
    stripe: Running,
) -> None:
    counts = []
    for people in (1, 3):
        campaign = CampaignFactory(goal_packs=1)
        for number in range(people):
            backer(stripe, campaign, number=number + 1)
        with CaptureQueriesContext(connection) as seen:
            close_campaign(code=campaign.code, at=AFTER)
        counts.append(len(seen))

    assert counts[0] == counts[1]
