"""Fresh goods in a pre-sale: confirmed when reserving, or returnable without a reason (E7)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from devtools.stripe_emulator.testing import Running
from shop.models import (
    Campaign,
    CampaignStage,
    Pledge,
    PledgeOrder,
    PledgeWay,
    Purchase,
    PurchaseState,
    WaitingState,
)
from shop.selectors.returns import line_rights
from shop.selectors.waiting import waiting_path
from shop.services.campaign_moves import move_promise
from shop.services.campaigns import close_campaign
from shop.services.placing import place_substitute
from shop.services.pledges import cancel_pledge
from shop.services.waiting import join_queue
from tests.factories.presale import DEADLINE, NOON, CampaignFactory, make_ripening_listing
from tests.factories.shop import make_collection_station, make_rate_card
from tests.shop.paying import finish, jobs, reserved, stripe

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db
AFTER = DEADLINE + timedelta(minutes=1)
SAID = "鲜活易腐，签收后不能无理由退"


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    make_rate_card()
    with time_machine.travel(NOON, tick=False):
        yield


def fresh(*, perishable: bool = True, **facts: Any) -> Campaign:
    campaign: Campaign = CampaignFactory(**{"goal_packs": 1, **facts})
    crop = campaign.listing.form.crop
    crop.perishable = perishable
    crop.save()
    return campaign


def typed(**facts: Any) -> dict[str, Any]:
    station = make_collection_station()
    return {
        "packs": "3",
        "name": "李测试",
        "mobile": "139 0000 0001",
        "fulfilment": "collect",
        "station": str(station.pk),
        "submit_key": "form-1",
        **facts,
    }


def why_not(purchase: Purchase) -> str:
    """What stands against a return without a reason on the day after receipt."""
    purchase.state, purchase.delivered_at = PurchaseState.DELIVERED, NOON
    [right] = line_rights(purchase, on=NOON.date() + timedelta(days=1))
    return right.why_not


def test_the_form_asks_for_it_and_nothing_typed_is_lost(client: Client) -> None:
    campaign = fresh()
    address = f"/presale/{campaign.code}/"
    assert SAID in client.get(address).content.decode()

    refused = client.post(address, typed())

    assert (refused.status_code, "有鲜货，要先勾上这一条" in refused.content.decode()) == (
        422,
        True,
    )
    assert 'value="李测试"' in refused.content.decode()
    assert not Pledge.objects.exists()
    placed = client.post(address, typed(accept_perishable="on"))
    assert Pledge.objects.get().perishable_confirmed_at == NOON
    assert "你勾过" in client.get(placed["Location"]).content.decode()


def test_goods_that_keep_ask_for_nothing(client: Client) -> None:
    campaign = fresh(perishable=False)
    assert SAID not in client.get(f"/presale/{campaign.code}/").content.decode()

    client.post(f"/presale/{campaign.code}/", typed(accept_perishable="on"))

    assert Pledge.objects.get().perishable_confirmed_at is None


@pytest.mark.parametrize(("confirmed", "against"), [(True, "鲜活易腐"), (False, "")])
def test_the_order_carries_what_was_confirmed(confirmed: bool, against: str) -> None:
    campaign = fresh()
    reserved(campaign, way="", perishable_confirmed=confirmed)
    move_promise(campaign, first=date(2026, 9, 25), last=date(2026, 10, 20), at=NOON)

    close_campaign(code=campaign.code, at=AFTER)

    purchase = Purchase.objects.get()
    assert purchase.perishable_confirmed_at == (NOON if confirmed else None)  # the backer's moment
    assert why_not(purchase).startswith(against)
    assert bool(why_not(purchase)) == confirmed


def test_paid_and_late_pledges_carry_it_too(stripe: Running, client: Client) -> None:
    campaign = fresh(goal_packs=2)
    finish(stripe, reserved(campaign, perishable_confirmed=True))
    spare = finish(stripe, reserved(campaign, number=2))
    jobs(stripe, at=AFTER)
    Campaign.objects.filter(pk=campaign.pk).update(
        stage=CampaignStage.GROWING, pledged_packs=3, closed_packs=9
    )
    late = reserved(campaign, 1, number=3, way=PledgeWay.NOW, at=AFTER, perishable_confirmed=True)
    finish(stripe, late, means="alipay", at=AFTER)

    orders = {
        row.pledge_id: row.order.purchase
        for row in PledgeOrder.objects.select_related("order__purchase")
    }
    assert [orders[one].perishable_confirmed_at for one in sorted(orders)] == [NOON, None, AFTER]
    assert spare.perishable_confirmed_at is None


def test_other_goods_sent_instead_were_not_confirmed() -> None:
    campaign = fresh()
    reserved(campaign, way="", perishable_confirmed=True)
    close_campaign(code=campaign.code, at=AFTER)
    other = make_ripening_listing()
    other.form.crop.perishable = True
    other.form.crop.save()
    other.product.stockrecords.update(num_in_stock=50)

    instead = place_substitute(pledge=Pledge.objects.get(), listing=other, at=AFTER)

    assert why_not(instead) == ""


def test_who_waited_confirms_when_reserving(client: Client) -> None:
    campaign = fresh(cap_packs=5)
    first = reserved(campaign, 5, way="", perishable_confirmed=True)
    entry = join_queue(
        campaign_code=campaign.code, packs=2, mobile="13900000001", user=None, at=NOON
    )
    cancel_pledge(code=first.code, at=NOON)
    client.get(waiting_path(entry.code))  # it is their turn

    refused = client.post(f"/presale/{campaign.code}/", typed(packs="2"))
    client.post(f"/presale/{campaign.code}/", typed(packs="2", accept_perishable="on"))

    assert refused.status_code == 422
    assert Pledge.objects.exclude(pk=first.pk).get().perishable_confirmed_at == NOON
    entry.refresh_from_db()
    assert entry.state == WaitingState.TAKEN
