"""The line: paused after twenty errors in a row, and never asked faster than agreed."""

import time

import pytest

from devtools.stripe_emulator.testing import Running
from payments import services
from payments.models import AttemptState, Gate, PaymentState
from payments.services.gate import gate_is_closed, open_gate, through_gate
from payments.services.lapsing import wake_due
from payments.services.sweeping import sweep
from tests.payments.conftest import LATER_NO, NOON, due, later, paid, with_card

pytestmark = pytest.mark.django_db


def break_line(stripe: Running) -> None:
    stripe.faults.add("unavailable", on="/v1/payment_intents", method="POST")


def test_twenty_errors_in_a_row_close_the_gate(stripe: Running) -> None:
    codes = [due(stripe, str(n)).code for n in range(22)]
    break_line(stripe)

    for code in codes[:19]:
        services.charge(code=code, at=NOON)
    assert not gate_is_closed()
    for code in codes[19:]:
        services.charge(code=code, at=NOON)

    assert gate_is_closed()
    assert "503" in Gate.objects.get().reason or "Unavailable" in Gate.objects.get().reason
    last = services.charge(code=codes[-1], at=NOON)
    assert (last.state, last.attempts.count()) == (PaymentState.DUE, 0)
    assert wake_due(at=NOON) == 0


def test_a_closed_gate_holds_the_sweep_and_refunds_until_a_person_opens_it(
    stripe: Running,
) -> None:
    payment = due(stripe, "1")
    break_line(stripe)
    services.charge(code=payment.code, at=NOON)
    done = with_card(stripe, "2")
    Gate.objects.update_or_create(number=1, defaults={"closed_at": NOON})
    stripe.faults.clear()

    sweep(at=later(stripe, hours=1))
    assert stripe.world.charges() == []
    open_gate()
    sweep(at=later(stripe, hours=2))

    payment.refresh_from_db()
    assert payment.state == PaymentState.PAID
    assert done.state == PaymentState.READY


def test_a_decline_is_an_answer(stripe: Running) -> None:
    Gate.objects.create(number=1, errors_in_row=19)

    services.charge(code=due(stripe, card=LATER_NO).code, at=NOON)

    assert Gate.objects.get().errors_in_row == 0


def test_an_old_error_read_out_again_does_not_close_the_gate(stripe: Running) -> None:
    payment = due(stripe)
    stripe.faults.add("error", on="/v1/payment_intents", method="POST", times=1)
    services.charge(code=payment.code, at=NOON)
    assert Gate.objects.get().errors_in_row == 1

    sweep(at=later(stripe, minutes=3))

    assert Gate.objects.get().errors_in_row == 0
    assert payment.attempts.get().state == AttemptState.UNKNOWN


def test_calls_keep_their_distance(
    stripe: Running, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PAYMENT_CALLS_PER_SECOND = 20  # type: ignore[attr-defined]
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000_000)

    for _call in range(4):
        with through_gate(at=NOON):
            pass

    assert waits == pytest.approx([0, 0.05, 0.1, 0.15])


def test_charging_goes_on_after_the_gate_was_open_again(stripe: Running) -> None:
    Gate.objects.create(number=1, closed_at=NOON)
    payment = due(stripe)
    assert services.charge(code=payment.code, at=NOON).state == PaymentState.DUE

    open_gate()

    assert paid(stripe).state == PaymentState.PAID
