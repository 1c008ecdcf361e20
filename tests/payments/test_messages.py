"""What the provider tells: late, doubled, out of order or never, it ends in the same state."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from devtools.stripe_emulator.testing import Running, running
from ledger.models import Account, Transfer
from payments import ports, services
from payments.gateway import gateway
from payments.models import (
    Difference,
    EventState,
    Movement,
    Payment,
    ProviderEvent,
    Refund,
    Way,
)
from payments.services import inbox
from payments.services.inbox import process, process_due, receive
from payments.services.reconciling import reconcile
from payments.services.sweeping import sweep
from tests.payments.conftest import (
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
    use,
)

Messages = list[tuple[bytes, str]]


def story(stripe: Running) -> Messages:
    """Payments, a decline, refunds that arrive and fail, a dispute: nothing of it heard yet."""
    stripe.faults.add("drop_reply", on="/v1/payment_intents", method="POST", times=1)
    services.charge(code=due(stripe, "1").code, at=NOON)  # only a message will tell
    services.charge(code=due(stripe, "2", card=LATER_NO).code, at=NOON)
    checkout = asked("3", way=Way.NOW, methods=("card", "alipay"), amounts=(3000, 4500))
    url = services.hosted_page(code=checkout.code, return_url=RETURN, at=NOON)
    stripe.buyer.approve(stripe.buyer.pay(url, way="alipay"))
    services.refresh(code=checkout.code, at=NOON)
    for n, amount in enumerate((1000, 500)):
        if n:
            stripe.faults.add("refund_fails", times=1)
        facts = {"code": checkout.code, "subject": "order:3-1", "reason": "x", "by": None}
        refund = services.refund(amount=amount, key=f"r{n}", at=NOON, **facts)
        services.send(code=refund.code, at=NOON)
    disputed = paid(stripe, "4")
    intent = disputed.attempts.get().intent_id
    charge = next(row for row in stripe.world.charges() if row["payment_intent"] == intent)
    stripe.knob("disputes", charge=charge["id"])
    later(stripe, minutes=1)
    said: Messages = []
    stripe.deliver_events(lambda body, header: said.append((body, header)), everything=True)
    return said


def state() -> dict[str, Any]:
    """Everything that must be the same in the end."""
    return {
        "payments": list(
            Payment.objects.order_by("subject").values_list(
                "subject", "state", "paid", "refunded", "decline_code"
            )
        ),
        "tries": list(
            Payment.objects.order_by("subject", "attempts__n").values_list(
                "subject", "attempts__n", "attempts__state"
            )
        ),
        "refunds": list(Refund.objects.order_by("key").values_list("key", "state")),
        "balances": dict(Account.objects.values_list("code", "balance")),
        "transfers": sorted(
            Transfer.objects.values_list("kind", "amount", "debit__code", "credit__code")
        ),
        "lines": Movement.objects.count(),
    }


class AnyOrder(TestCase):
    """Every message three times, in any order, leaves the same books and states."""

    def setUp(self) -> None:
        self.owner = Remembering()
        self.kept = dict(ports._owners)
        ports._owners.update({"pledge": self.owner, "order": self.owner})

    def tearDown(self) -> None:
        ports._owners.clear()
        ports._owners.update(self.kept)

    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**32))
    def test_any_order_ends_the_same(self, seed: int) -> None:
        from django.conf import settings as platform
        from django.test import override_settings

        with override_settings(), running(now=NOON) as stripe:
            use(platform, stripe)
            said = story(stripe) * 3
            point = transaction.savepoint()
            self._tell(said)
            plain, told = state(), sorted(self.owner.told)
            transaction.savepoint_rollback(point)
            del self.owner.told[:]

            random.Random(seed).shuffle(said)  # noqa: S311  # an order, no secret
            self._tell(said)

            found = state()
            assert found == plain
            assert sorted(self.owner.told) == told
            assert len(told) == len(set(told))
            assert held() == stripe.world.balance()["net"]
            assert faults() == []

    def _tell(self, said: Messages) -> None:
        del self.owner.told[:]
        at = NOON + timedelta(minutes=2)
        for body, header in said:
            told = gateway().read_message(body, header)
            receive(told=told, at=at)
            process(id=told.id, at=at)
        for _pass in range(4):  # what was parked because its row came later
            at += timedelta(hours=1)
            process_due(at=at)


pytestmark = pytest.mark.django_db


def an_event(id: str, kind: str, about: str) -> ProviderEvent:
    return ProviderEvent.objects.create(
        id=id, kind=kind, object_id=about, next_try_at=NOON, made_at=NOON, received_at=NOON
    )


def test_a_message_about_nothing_of_ours_is_parked_then_left(stripe: Running) -> None:
    other = gateway()._v1.payment_intents.create({"amount": 900, "currency": "cny"})  # type: ignore[attr-defined]
    event = an_event("evt_x", "payment_intent.created", other.id)

    seen, at = [], NOON
    while event.state != EventState.LEFT:
        process_due(at=at)
        event.refresh_from_db()
        seen.append(int((at - NOON).total_seconds() // 60))
        at = event.next_try_at or at

    assert seen == [0, 1, 6, 36, 396]
    assert event.trouble == "说的不是我们的付款，或者我们还没记下"
    assert event.facts == ""


def test_a_silent_line_says_nothing_about_a_message(stripe: Running) -> None:
    payment = due(stripe)
    stripe.faults.add("drop_reply", on="/v1/payment_intents", method="POST", times=1)
    services.charge(code=payment.code, at=NOON)
    stripe.faults.add("unavailable", method="GET", times=8)

    hear(stripe, at=NOON)
    for minutes in range(5, 60, 5):
        process_due(at=NOON + timedelta(minutes=minutes))

    payment.refresh_from_db()
    assert payment.state == "paid"
    states = set(ProviderEvent.objects.values_list("state", flat=True))
    assert states == {EventState.DONE}
    assert ProviderEvent.objects.filter(tries__gt=0).count() == 0


def test_what_an_owner_cannot_take_is_undone_and_tried_again(
    stripe: Running, owner: Remembering, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = due(stripe)
    stripe.faults.add("drop_reply", on="/v1/payment_intents", method="POST", times=1)
    services.charge(code=payment.code, at=NOON)

    def broken(*_args: object, **_facts: object) -> None:
        raise RuntimeError("no stock")

    with monkeypatch.context() as patch:
        patch.setattr(owner, "paid", broken, raising=False)
        hear(stripe, at=NOON)
    payment.refresh_from_db()
    assert payment.state == "charging"
    assert not Transfer.objects.exists()
    process_due(at=NOON + timedelta(minutes=1))

    payment.refresh_from_db()
    assert payment.state == "paid"
    assert faults() == []


def test_one_message_is_looked_at_by_one_worker(stripe: Running) -> None:
    event = an_event("evt_x", "payment_intent.created", "pi_x")
    looked: list[str] = []

    def look(event: ProviderEvent, *, at: object) -> None:
        looked.append(event.id)
        process(id=event.id, at=NOON)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inbox, "_look", look)
        process(id=event.id, at=NOON)

    assert looked == ["evt_x"]


# Laying the books side by side --------------------------------------------------------------------


def test_equal_books_have_no_difference(stripe: Running) -> None:
    paid(stripe)
    paid_now(stripe, "2", way="alipay")
    hear(stripe, at=NOON)

    assert reconcile(at=later(stripe, hours=1)) == []
    assert not Difference.objects.exists()


def test_what_we_never_heard_is_found_and_not_mended(stripe: Running) -> None:
    payment = due(stripe)
    hear(stripe, at=NOON)
    stripe.faults.add("drop_reply", on="/v1/payment_intents", method="POST", times=1)
    services.charge(code=payment.code, at=NOON)
    assert held() == 0
    before = state()

    found = reconcile(at=later(stripe, hours=1))

    kinds = {(one.kind, one.detail.split()[0]) for one in found}
    assert ("event", "payment_intent.succeeded") in kinds
    assert ("line", "charge") in kinds
    assert [one.detail for one in found if one.kind == "balance"] == ["¥121.30 ≠ ¥0.00"]
    assert state() == before
    sweep(at=later(stripe, hours=1))
    hear(stripe, at=NOON)
    assert reconcile(at=later(stripe, hours=1)) == []
    assert not Difference.objects.filter(settled_at=None).exists()


def test_another_amount_in_their_books_is_found(stripe: Running) -> None:
    paid(stripe)
    hear(stripe, at=NOON)
    Movement.objects.update(fee=1)

    found = reconcile(at=later(stripe, hours=1))

    assert [one.kind for one in found] == ["amount"]
    assert len(faults()) == 1
