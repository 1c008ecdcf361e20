"""Many at once: the cap holds and a campaign closes once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from core.errors import NotEnough
from shop.contact import Contact, Fulfilment
from shop.models import CampaignStateChange, Pledge, PledgeChange, PledgeOrder, Purchase
from shop.services.campaigns import close_campaign
from shop.services.pledges import cancel_pledge, reserve
from tests.factories.presale import DEADLINE, NOON, CampaignFactory, pledged
from tests.factories.shop import make_collection_station

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
HOME = Fulfilment.deliver_to(province_code="62", city="兰州市", address="测试路 1 号")
AFTER = DEADLINE + timedelta(minutes=1)


def all_at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run the calls in threads that start together; an exception is its result."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return call()
        except Exception as error:  # the caller counts them
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_fifty_reservations_for_ten_packs_give_ten() -> None:
    campaign = CampaignFactory(goal_packs=5, cap_packs=20)
    pledged(campaign, 10)

    def one(number: int) -> Callable[[], Any]:
        return lambda: reserve(
            campaign_code=campaign.code,
            packs=1,
            contact=Contact("李测试", f"139{number:08d}"),
            fulfilment=HOME,
            submit_key=f"race-{number}",
            user=None,
            at=NOON,
        )

    results = all_at_once([one(number) for number in range(50)])

    campaign.refresh_from_db()
    assert campaign.pledged_packs == 20
    assert sum(isinstance(result, Pledge) for result in results) == 10
    assert sum(isinstance(result, NotEnough) for result in results) == 40
    assert sum(PledgeChange.objects.values_list("packs", flat=True)) == 20


def test_same_form_sent_many_times_at_once_reserves_once() -> None:
    campaign = CampaignFactory()

    def again() -> Any:
        return reserve(
            campaign_code=campaign.code,
            packs=2,
            contact=Contact("李测试", "13900000001"),
            fulfilment=HOME,
            submit_key="one-form",
            user=None,
            at=NOON,
        )

    results = all_at_once([again] * 8)

    campaign.refresh_from_db()
    assert {result.pk for result in results} == {Pledge.objects.get().pk}
    assert campaign.pledged_packs == 2


def test_two_closers_at_once_close_once() -> None:
    campaign = CampaignFactory(goal_packs=5)
    station = make_collection_station()
    for packs in (2, 3, 4):
        pledged(campaign, packs, fulfilment="collect", station=station, province_code="")

    results = all_at_once([lambda: close_campaign(code=campaign.code, at=AFTER)] * 4)

    assert not [result for result in results if isinstance(result, Exception)]
    assert CampaignStateChange.objects.filter(campaign=campaign).count() == 1
    assert PledgeOrder.objects.count() == 3
    assert Purchase.objects.count() == 3


def test_cancelling_while_it_closes_never_locks_up_or_loses_packs() -> None:
    campaign = CampaignFactory(goal_packs=100)
    pledges = [pledged(campaign, 1) for _number in range(8)]

    def cancel(code: str) -> Callable[[], Any]:
        return lambda: cancel_pledge(code=code, at=DEADLINE - timedelta(seconds=1))

    def close() -> Any:
        return close_campaign(code=campaign.code, at=AFTER)

    all_at_once([*[cancel(pledge.code) for pledge in pledges], close])

    campaign.refresh_from_db()
    released = Pledge.objects.filter(state="released").count()
    cancelled = Pledge.objects.filter(state="cancelled").count()
    assert released + cancelled == 8
    assert campaign.pledged_packs == released
