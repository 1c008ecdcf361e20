"""Giving money back: never more than was paid, never twice; by people when nothing else works."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core.errors import NotAllowed
from devtools.stripe_emulator.testing import Running
from ledger.books import balance_of
from ledger.errors import Overdrawn
from ledger.models import Account, TransferKind
from ledger.services import Entry, post
from payments import books, services
from payments.errors import NothingToPay, TooMuchBack
from payments.models import (
    Payment,
    PaymentPart,
    PaymentState,
    ProviderEvent,
    Refund,
    RefundState,
)
from payments.services.sweeping import sweep
from tests.factories.growers import UserFactory
from tests.payments.conftest import (
    CAMPAIGN,
    NOON,
    SHOP,
    Remembering,
    asked,
    faults,
    hear,
    held,
    later,
    paid,
    paid_now,
)

pytestmark = pytest.mark.django_db

REFUNDS = "/v1/refunds"
FAILS, PENDS = "4000000000005126", "4000000000007726"


def back(payment: Payment, amount: int, key: str, *, subject: str = "pledge:1-0") -> Refund:
    return services.refund(
        code=payment.code,
        subject=subject,
        amount=amount,
        key=key,
        reason="坏了两斤",
        by=None,
        at=NOON,
    )


def waiting() -> int:
    return balance_of(books.refund_pending())


def test_part_then_all_then_refused(stripe: Running, owner: Remembering) -> None:
    payment = paid(stripe)

    first = services.send(code=back(payment, 2800, "r1").code, at=NOON)
    rest = services.send(code=back(payment, 10000, "r2").code, at=NOON)
    with pytest.raises(TooMuchBack) as refused:
        back(payment, 1, "r3")

    assert (first.state, rest.state) == (RefundState.SUCCEEDED, RefundState.SUCCEEDED)
    assert (refused.value.wanted, refused.value.left) == (1, 0)
    assert [row["amount"] for row in stripe.world.refunds()] == [2800, 10000]
    assert owner.facts(first.code) == owner.facts(rest.code) == ["refunded"]
    assert (balance_of(books.escrow(CAMPAIGN)), waiting()) == (0, 0)
    assert held() == stripe.world.balance()["net"] == -670
    assert faults() == []


def test_the_same_key_is_one_refund(stripe: Running) -> None:
    payment = paid(stripe)

    assert back(payment, 500, "r1") == back(payment, 500, "r1")
    for _time in range(3):
        services.send(code=Refund.objects.get().code, at=NOON)

    assert len(stripe.world.refunds()) == 1
    payment.refresh_from_db()
    assert payment.left == 12300


def test_each_part_goes_back_by_itself(stripe: Running) -> None:
    payment = paid_now(stripe, amounts=(3000, 4500))

    with pytest.raises(TooMuchBack):
        back(payment, 3001, "r1", subject="order:1-0")
    services.send(code=back(payment, 4500, "r2", subject="order:1-1").code, at=NOON)

    assert balance_of(books.escrow(CAMPAIGN)) == 3000
    assert balance_of(books.escrow(SHOP)) == 0
    assert faults() == []


def test_what_was_not_paid_is_not_returned(stripe: Running) -> None:
    with pytest.raises(NothingToPay):
        back(asked(), 100, "r1")


def test_what_was_paid_out_already_is_not_in_escrow(stripe: Running) -> None:
    payment = paid(stripe)
    entry = Entry(
        key="out",
        kind=TransferKind.RELEASE,
        debit=books.escrow(CAMPAIGN),
        credit=books.guarantee(),
        amount=12000,
        subject="pledge:1-0",
        counterparty="platform:fee",
    )
    post(entries=[entry], made_by="test", at=NOON)

    with pytest.raises(Overdrawn), transaction.atomic():
        back(payment, 900, "r1")

    payment.refresh_from_db()
    assert (payment.refunded, Refund.objects.count()) == (0, 0)


@pytest.mark.parametrize("model", [Payment, PaymentPart])
def test_the_database_refuses_to_return_more(stripe: Running, model: type) -> None:
    paid(stripe)

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(refunded=12801)  # type: ignore[attr-defined]


@pytest.mark.parametrize("fault", ["error_after", "drop_reply", "drop_request", "unavailable"])
def test_a_refund_without_an_answer_is_asked_again(stripe: Running, fault: str) -> None:
    payment = paid(stripe)
    stripe.faults.add(fault, on=REFUNDS, method="POST", times=1)
    refund = services.send(code=back(payment, 500, "r1").code, at=NOON)
    assert refund.state == RefundState.UNKNOWN

    sweep(at=later(stripe, minutes=3))
    sweep(at=later(stripe, hours=24))

    refund.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED
    assert len(stripe.world.refunds()) == 1
    assert waiting() == 0
    assert faults() == []


def test_a_wallets_refund_arrives_later(stripe: Running, owner: Remembering) -> None:
    payment = paid_now(stripe, way="alipay")

    refund = services.send(code=back(payment, 800, "r1").code, at=NOON)
    assert refund.state == RefundState.PENDING
    assert (owner.facts(refund.code), held()) == ([], stripe.world.balance()["net"])
    hear(stripe, at=later(stripe, minutes=1))

    refund.refresh_from_db()
    assert (refund.state, owner.facts(refund.code)) == (RefundState.SUCCEEDED, ["refunded"])
    assert faults() == []


def test_a_wallets_refund_that_fails_later_is_sent_by_bank(
    stripe: Running, owner: Remembering
) -> None:
    payment = paid_now(stripe, way="wechat_pay")
    stripe.faults.add("refund_fails", times=1)
    refund = services.send(code=back(payment, 800, "r1").code, at=NOON)
    hear(stripe, at=later(stripe, minutes=1))
    refund.refresh_from_db()
    assert (refund.state, owner.facts(refund.code)) == (RefundState.OFFLINE, ["refund_failed"])
    assert waiting() == 800
    assert held() == stripe.world.balance()["net"]

    first, second = UserFactory(), UserFactory()
    services.propose_by_bank(code=refund.code, number="9001", by=first, at=NOON)
    with pytest.raises(NotAllowed):
        services.approve_by_bank(code=refund.code, number="9001", by=first, at=NOON)
    services.approve_by_bank(code=refund.code, number="9001", by=second, at=NOON)

    refund.refresh_from_db()
    assert refund.state == RefundState.OFFLINE_PAID
    assert owner.facts(refund.code) == ["refund_failed", "refunded"]
    assert (waiting(), balance_of(books.bank_out())) == (0, 800)
    assert faults() == []


def test_a_cards_refund_that_succeeded_may_still_fail(stripe: Running, owner: Remembering) -> None:
    payment = paid_now(stripe, card=FAILS)
    refund = services.send(code=back(payment, 800, "r1").code, at=NOON)
    assert refund.state == RefundState.SUCCEEDED

    hear(stripe, at=later(stripe, minutes=1))

    refund.refresh_from_db()
    assert refund.state == RefundState.OFFLINE
    assert owner.facts(refund.code) == ["refunded", "refund_failed"]
    assert held() == stripe.world.balance()["net"]
    assert faults() == []


def test_a_message_that_is_lost_is_made_up_for(stripe: Running) -> None:
    payment = paid_now(stripe, card=PENDS)
    refund = services.send(code=back(payment, 800, "r1").code, at=NOON)

    sweep(at=later(stripe, hours=7))

    refund.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED


@pytest.mark.parametrize(("way", "days"), [("alipay", 85), ("wechat_pay", 170)])
def test_past_a_wallets_window_it_is_sent_by_bank(stripe: Running, way: str, days: int) -> None:
    payment = paid_now(stripe, way=way)
    facts = {"code": payment.code, "subject": "pledge:1-0", "reason": "x", "by": None}

    before = NOON + timedelta(days=days, seconds=-1)
    inside = services.refund(amount=1, key="r1", at=before, **facts)
    past = services.refund(amount=2, key="r2", at=NOON + timedelta(days=days), **facts)

    assert (inside.state, past.state) == (RefundState.ASKED, RefundState.OFFLINE)
    assert services.send(code=past.code, at=NOON + timedelta(days=days)).provider_id is None


def test_what_the_provider_refuses_is_sent_by_bank(stripe: Running, owner: Remembering) -> None:
    payment = paid(stripe)
    stripe.knob("disputes", charge=stripe.world.charges()[0]["id"])

    refund = services.send(code=back(payment, 500, "r1").code, at=NOON)

    assert (refund.state, refund.error) == (RefundState.OFFLINE, "charge_disputed")
    assert owner.facts(refund.code) == ["refund_failed"]


def test_two_persons_is_what_the_database_asks_too(stripe: Running) -> None:
    payment, one = paid(stripe), UserFactory()
    refund = back(payment, 500, "r1")

    for facts in ({"proposed_by": one, "approved_by": one}, {"approved_by": one}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Refund.objects.filter(pk=refund.pk).update(**facts)


def test_a_dispute_is_borne_and_given_back(stripe: Running) -> None:
    payment = paid(stripe)
    charge = stripe.world.charges()[0]["id"]
    opened = stripe.knob("disputes", charge=charge)
    hear(stripe, at=NOON)

    assert payment.disputes.get().amount == 12800
    assert balance_of(books.escrow(CAMPAIGN)) == 0
    assert held() == stripe.world.balance()["net"]
    stripe.knob("disputes", dispute=opened["id"], won=True)
    hear(stripe, at=NOON)

    assert balance_of(books.escrow(CAMPAIGN)) == 12800
    assert held() == stripe.world.balance()["net"]
    assert payment.disputes.get().state == "won"
    assert faults() == []


def test_a_dispute_that_nothing_covers_is_known_all_the_same(stripe: Running) -> None:
    payment = paid(stripe)
    gone = Entry(
        key="gone",
        kind=TransferKind.RELEASE,
        debit=books.escrow(CAMPAIGN),
        credit=books.bank_out(),
        amount=12800,
        subject="pledge:1-0",
        counterparty="cooperative:cd",
    )
    post(entries=[gone], made_by="test", at=NOON)

    stripe.knob("disputes", charge=stripe.world.charges()[0]["id"])
    hear(stripe, at=NOON)

    assert payment.disputes.get().amount == 12800
    assert ProviderEvent.objects.filter(state="parked", kind__startswith="charge.dispute").exists()


def test_the_guarantee_fund_bears_a_dispute_while_it_can(stripe: Running) -> None:
    payment = paid(stripe, "1")
    paid(stripe, "2")
    fund = Entry(
        key="fund",
        kind=TransferKind.RELEASE,
        debit=books.escrow(CAMPAIGN),
        credit=books.guarantee(),
        amount=12800,
        subject="pledge:2-0",
        counterparty="platform:guarantee",
    )
    post(entries=[fund], made_by="test", at=NOON)
    intent = payment.attempts.get().intent_id
    charge = next(row for row in stripe.world.charges() if row["payment_intent"] == intent)

    stripe.knob("disputes", charge=charge["id"])
    hear(stripe, at=NOON)

    assert Account.objects.get(code="guarantee_fund").balance == 0
    assert balance_of(books.escrow(CAMPAIGN)) == 12800
    assert payment.state == PaymentState.PAID
    assert faults() == []
