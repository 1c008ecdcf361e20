"""Hosted pages: one at a time, one payment each, and money that comes too late goes back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from devtools.stripe_emulator.testing import Running
from ledger.books import balance_of
from notices.models import Notice
from payments import books, plan, ports, services
from payments.errors import Mismatch, NoOwner, NothingToPay, Unreachable
from payments.gateway import gateway
from payments.models import (
    Attempt,
    AttemptState,
    HostedPage,
    PageState,
    PaymentPart,
    PaymentState,
    RefundState,
    Way,
)
from payments.services.lapsing import give_up_overdue
from payments.services.settling import settle
from payments.services.sweeping import sweep
from payments.services.tidying import tidy_due
from tests.payments.conftest import (
    CAMPAIGN,
    LATER_NO,
    NOON,
    RETURN,
    Remembering,
    asked,
    due,
    faults,
    hear,
    held,
    later,
    paid,
    paid_now,
    with_card,
)

pytestmark = pytest.mark.django_db

SESSIONS = "/v1/checkout/sessions"


def page(code: str, at: object = NOON) -> str:
    return services.hosted_page(code=code, return_url=RETURN, at=at)  # type: ignore[arg-type]


def test_a_checkout_pays_each_order_into_its_account(stripe: Running, owner: Remembering) -> None:
    payment = paid_now(stripe, amounts=(3000, 4500))

    assert payment.state == PaymentState.PAID
    assert sorted(payment.parts.values_list("paid", flat=True)) == [3000, 4500]
    assert balance_of(books.escrow(CAMPAIGN)) == 3000
    assert owner.facts(payment.code) == ["paid"]
    assert faults() == []


def test_an_open_page_is_used_again(stripe: Running) -> None:
    payment = asked(way=Way.NOW)

    assert page(payment.code) == page(payment.code)
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize("fault", ["drop_reply", "error_after", "drop_request"])
def test_a_page_without_an_answer_is_opened_once(stripe: Running, fault: str) -> None:
    payment = asked(way=Way.NOW)
    stripe.faults.add(fault, on=SESSIONS, method="POST", times=1)

    with pytest.raises(Unreachable):
        page(payment.code)
    if fault != "error_after":
        page(payment.code)
    else:
        sweep(at=later(stripe, hours=24))

    assert len(stripe.world.all("checkout.session")) == 1
    assert HostedPage.objects.get().provider_id


def test_an_ended_page_makes_room_for_another(stripe: Running) -> None:
    payment = asked(way=Way.NOW)
    first = page(payment.code)

    at = later(stripe, hours=25)
    second = page(payment.code, at)

    assert first != second
    states = list(payment.attempts.values_list("n", "state", "decline_code"))
    assert states == [(1, "failed", "page_expired"), (2, "sent", "")]


def test_nobody_pays_on_two_pages_at_once(stripe: Running) -> None:
    payment = paid(stripe)

    with pytest.raises(NothingToPay):
        page(payment.code)


def test_a_link_pays_only_when_due(stripe: Running) -> None:
    payment = asked(way=Way.LINK, methods=("card", "alipay"))
    with pytest.raises(NothingToPay):
        page(payment.code)

    services.make_due(codes=[payment.code], at=NOON)
    payment.refresh_from_db()

    assert payment.lapse_at == NOON + plan.LINK_LASTS
    assert page(payment.code)


def test_a_card_may_be_replaced_and_the_old_one_is_forgotten(stripe: Running) -> None:
    payment = with_card(stripe)
    old = payment.card_id

    stripe.buyer.pay(page(payment.code), card="5555555555554444")
    payment = services.refresh(code=payment.code, at=NOON)
    tidy_due(at=NOON)

    payment.refresh_from_db()
    assert payment.card_id not in ("", old)
    assert (payment.old_cards, payment.tidy_at) == ([], None)
    assert stripe.world.get(old)["customer"] is None  # type: ignore[index]


def test_a_card_is_forgotten_after_paying_and_after_cancelling(stripe: Running) -> None:
    done, gone = paid(stripe, "1"), with_card(stripe, "2")
    services.void(code=gone.code, at=NOON)

    tidy_due(at=NOON)

    methods = stripe.world.all("payment_method")
    assert [row["customer"] for row in methods] == [None, None]
    for payment in (done, gone):
        payment.refresh_from_db()
        assert (payment.card_id, payment.tidy_at) == ("", None)


def test_tidying_goes_on_when_the_line_is_back(stripe: Running) -> None:
    payment = asked(way=Way.NOW)
    page(payment.code)
    services.void(code=payment.code, at=NOON)
    stripe.faults.add("unavailable", on="/v1/checkout", times=1)

    tidy_due(at=NOON)
    assert payment.pages.get().state == PageState.OPEN
    tidy_due(at=NOON + timedelta(minutes=5))

    assert payment.pages.get().state == PageState.EXPIRED
    assert stripe.world.all("checkout.session")[0]["status"] == "expired"


# Too late ---------------------------------------------------------------------------------------


def paid_late(stripe: Running, owner: Remembering, *, wanted: bool) -> object:
    """The buyer pays on an open page after the order was cancelled."""
    owner.wanted = wanted
    payment = asked(way=Way.NOW)
    url = page(payment.code)
    services.void(code=payment.code, at=NOON)
    stripe.buyer.pay(url)
    hear(stripe, at=NOON)
    payment.refresh_from_db()
    return payment


def test_money_nobody_wants_goes_back_by_itself(stripe: Running, owner: Remembering) -> None:
    payment = paid_late(stripe, owner, wanted=False)
    sweep(at=NOON)

    refund = payment.refunds.get()  # type: ignore[attr-defined]
    assert (payment.state, payment.paid) == (PaymentState.VOID, 0)  # type: ignore[attr-defined]
    assert (refund.state, refund.amount, refund.part) == (RefundState.SUCCEEDED, 12800, None)
    assert owner.facts() == []
    assert Notice.objects.get().template == "payments.surplus"
    assert balance_of(books.refund_pending()) == 0
    assert held() == stripe.world.balance()["net"]
    assert faults() == []


def test_late_money_that_is_wanted_is_taken(stripe: Running, owner: Remembering) -> None:
    payment = paid_late(stripe, owner, wanted=True)

    assert payment.state == PaymentState.PAID  # type: ignore[attr-defined]
    assert owner.facts() == ["paid"]
    assert faults() == []


def test_a_second_payment_goes_back(stripe: Running, owner: Remembering) -> None:
    """A try given up as lost succeeds after all, when the next has already paid."""
    payment = due(stripe)
    stripe.faults.add("drop_reply", on="/v1/payment_intents", method="POST", times=1)
    services.charge(code=payment.code, at=NOON)
    first = payment.attempts.get()
    first.state, first.ended_at, first.error = AttemptState.FAILED, NOON, "lost"
    first.save()
    payment.state = PaymentState.DUE
    payment.save()
    services.charge(code=payment.code, at=NOON)

    hear(stripe, at=NOON)
    sweep(at=NOON)

    states = [attempt.state for attempt in payment.attempts.all()]
    assert states == [AttemptState.SURPLUS, AttemptState.SUCCEEDED]
    assert owner.facts(payment.code) == ["card_saved", "paid"]
    assert [row["amount"] for row in stripe.world.refunds()] == [12800]
    assert held() == stripe.world.balance()["net"]
    assert faults() == []


@pytest.mark.parametrize("way", [Way.NOW, Way.LINK])
def test_what_is_not_paid_in_time_lapses_once(
    stripe: Running, owner: Remembering, way: Way
) -> None:
    payment = asked(way=way, lapse_at=NOON + timedelta(minutes=30))
    services.make_due(codes=[payment.code], at=NOON)
    payment.refresh_from_db()
    assert payment.lapse_at is not None

    give_up_overdue(at=payment.lapse_at - timedelta(seconds=1))
    assert owner.facts() == []
    give_up_overdue(at=payment.lapse_at)
    give_up_overdue(at=payment.lapse_at)

    payment.refresh_from_db()
    assert payment.state == PaymentState.LAPSED
    assert owner.facts() == ["dropped"]


def test_a_card_that_was_never_saved_lapses(stripe: Running, owner: Remembering) -> None:
    payment = asked(lapse_at=NOON + timedelta(minutes=30))

    give_up_overdue(at=NOON + timedelta(minutes=30))

    payment.refresh_from_db()
    assert (payment.state, owner.facts()) == (PaymentState.LAPSED, ["dropped"])


def test_what_is_being_charged_is_not_given_up(stripe: Running) -> None:
    payment = due(stripe)
    stripe.faults.add("drop_reply", on="/v1/payment_intents", method="POST", times=1)
    services.charge(code=payment.code, at=NOON)

    assert give_up_overdue(at=NOON + timedelta(days=8)) == 0


# What can never be ------------------------------------------------------------------------------


def test_asking_twice_with_a_key_is_asking_once(owner: Remembering) -> None:
    assert asked() == asked()
    assert PaymentPart.objects.count() == 1


def test_what_nobody_owns_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_owners", {})

    with pytest.raises(NoOwner):
        asked()
    assert not PaymentPart.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"state": "paid"},
        {"paid": 1},
        {"refunded": 1},
        {"amount": 0},
        {"state": "void"},
        {"state": "due"},
    ],
)
def test_the_database_refuses_what_cannot_be(owner: Remembering, change: dict[str, object]) -> None:
    payment = asked()

    with pytest.raises(IntegrityError), transaction.atomic():
        type(payment).objects.filter(pk=payment.pk).update(**change)


@pytest.mark.parametrize("state", [AttemptState.PLANNED, AttemptState.SUCCEEDED])
def test_the_database_keeps_one_open_and_one_succeeded_try(stripe: Running, state: str) -> None:
    payment = due(stripe)
    facts = {"payment": payment, "kind": "card", "params": {}, "params_hash": "", "state": state}
    facts |= {"created_at": NOON, "look_at": NOON}
    if state == AttemptState.SUCCEEDED:
        facts["ended_at"] = NOON
    Attempt.objects.create(n=1, key="a", intent_id="pi_1", **facts)

    for n, key in ((1, "b"), (2, "c")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attempt.objects.create(n=n, key=key, intent_id=f"pi_{key}", **facts)


@pytest.mark.parametrize("change", [{"amount": 12799}, {"amount": 12801}])
def test_a_payment_is_never_paid_by_other_parts(stripe: Running, change: dict[str, object]) -> None:
    payment = due(stripe)
    PaymentPart.objects.update(**change)

    with pytest.raises(DatabaseError, match="sum of its paid parts"), transaction.atomic():
        services.charge(code=payment.code, at=NOON)

    payment.refresh_from_db()
    assert (payment.state, payment.paid) == (PaymentState.DUE, 0)


def test_a_page_left_open_does_not_keep_a_card_from_being_tried(stripe: Running) -> None:
    payment = with_card(stripe, card=LATER_NO)
    stripe.card("0341", "insufficient_funds")
    services.make_due(codes=[payment.code], at=NOON)
    services.charge(code=payment.code, at=NOON)
    at = later(stripe, hours=23, minutes=30)
    page(payment.code, at)
    stripe.card("0341", "ok")

    waiting = services.charge(code=payment.code, at=later(stripe, minutes=40))
    assert waiting.state == PaymentState.FAILED_SOFT  # the buyer is at the page
    done = services.charge(code=payment.code, at=later(stripe, minutes=40))

    assert done.state == PaymentState.PAID
    assert stripe.world.all("checkout.session")[-1]["status"] == "expired"


def test_another_amount_than_asked_is_never_taken(stripe: Running) -> None:
    payment = due(stripe)
    stripe.faults.add("drop_reply", on="/v1/payment_intents", method="POST", times=1)
    services.charge(code=payment.code, at=NOON)
    found = gateway().intent(stripe.world.intents()[0]["id"])

    for wrong in (replace(found, amount=12799), replace(found, currency="hkd")):
        with pytest.raises(Mismatch):
            settle(intent=wrong, at=NOON)
    payment.refresh_from_db()
    assert payment.state == PaymentState.CHARGING
