"""Backers who pay through the emulator: what they press, and what our jobs do meanwhile."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from devtools.stripe_emulator.testing import Running, running
from payments import services
from payments.models import Payment, PaymentState, Refund, RefundState, Way
from payments.services.inbox import process_due, receive
from payments.services.lapsing import give_up_overdue, wake_due
from payments.services.sweeping import sweep
from payments.services.tidying import tidy_due
from shop.contact import Contact, Fulfilment
from shop.models import Campaign, Pledge, PledgeWay
from shop.services import collecting
from shop.services.calendar_delays import declare_calendar_delays
from shop.services.campaigns import close_due_campaigns
from shop.services.choosing import remind_to_choose, settle_setbacks
from shop.services.holds import expire_holds
from shop.services.pledges import reserve
from shop.services.waiting import offer_free_packs
from tests.factories.presale import NOON
from tests.factories.shop import make_collection_station
from tests.payments.conftest import use

RETURN = "https://shanhuo.test/back/"
GOOD, LATER_NO = "4242424242424242", "4000000000000341"


@pytest.fixture
def stripe(settings: Any) -> Iterator[Running]:
    """The emulator, its clock at the noon of the pre-sale tests."""
    with running(now=NOON) as provider:
        use(settings, provider)
        yield provider


def reserved(
    campaign: Campaign,
    packs: int = 3,
    *,
    way: PledgeWay | str = PledgeWay.CARD_LATER,
    number: int = 1,
    at: datetime = NOON,
    **facts: Any,
) -> Pledge:
    """A reservation to be fetched at a station, not paid and no card saved yet."""
    return reserve(
        campaign_code=campaign.code,
        packs=packs,
        contact=Contact(f"买家{number}", f"139{number:08d}"),
        fulfilment=Fulfilment.collect_at(make_collection_station()),
        submit_key=f"form-{campaign.code}-{number}-{at:%d%H%M}",
        user=None,
        at=at,
        way=way,
        **facts,
    )


def finish(
    stripe: Running, pledge: Pledge, *, card: str = GOOD, means: str = "card", at: datetime = NOON
) -> Pledge:
    """Save the card or pay on the provider's page, and come back."""
    code = pledge.payment_code or ""
    url = services.hosted_page(code=code, return_url=RETURN, at=at)
    answer = stripe.buyer.pay(url, card=card, way=means)
    if answer != RETURN:
        stripe.buyer.approve(answer)
    services.refresh(code=code, at=at)
    pledge.refresh_from_db()
    return pledge


def backer(
    stripe: Running,
    campaign: Campaign,
    packs: int = 3,
    *,
    way: PledgeWay = PledgeWay.CARD_LATER,
    number: int = 1,
    card: str = GOOD,
) -> Pledge:
    """A reservation that stands: card saved, or a wallet paid, or a link to come."""
    pledge = reserved(campaign, packs, way=way, number=number)
    if way == PledgeWay.LINK:
        return pledge
    means = "alipay" if way == PledgeWay.NOW else "card"
    return finish(stripe, pledge, card=card, means=means)


def jobs(stripe: Running, *, at: datetime) -> None:
    """Everything that would have run by itself until ``at``: ours, payments' and the provider's."""
    from payments.gateway import gateway

    stripe.clock.freeze(at)
    for _round in range(3):
        close_due_campaigns(at=at)
        expire_holds(at=at)
        collecting.go_on(at=at)
        offer_free_packs(at=at)
        collecting.remind(at=at)
        settle_setbacks(at=at)
        declare_calendar_delays(at=at)
        remind_to_choose(at=at)
        wake_due(at=at)
        _charge_all(at)
        _send_refunds(at)
        sweep(at=at)
        give_up_overdue(at=at)
        tidy_due(at=at)
        stripe.settle()
        stripe.deliver_events(
            lambda body, signature: (
                receive(told=gateway().read_message(body, signature), at=at) or None
            ),
            everything=True,
        )
        process_due(at=at)


def _charge_all(at: datetime) -> None:
    due = [PaymentState.DUE, PaymentState.FAILED_SOFT, PaymentState.FAILED_HARD]
    rows = Payment.objects.filter(state__in=due, way=Way.CARD_LATER, next_try_at__lte=at)
    for code in list(rows.values_list("code", flat=True)):
        services.charge(code=code, at=at)


def _send_refunds(at: datetime) -> None:
    rows = Refund.objects.filter(state__in=[RefundState.ASKED, RefundState.UNKNOWN])
    for code in list(rows.values_list("code", flat=True)):
        services.send(code=code, at=at)


def state_of(pledge: Pledge) -> str:
    return Pledge.objects.get(pk=pledge.pk).state
