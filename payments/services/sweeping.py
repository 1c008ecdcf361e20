"""What was begun and not ended: tries without an answer, pages, refunds, and lines not yet booked.

Each pass is bounded, and stops early when the line is down, so that the tick never hangs.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from payments.errors import Unreachable
from payments.gateway import gateway
from payments.models import (
    Attempt,
    AttemptKind,
    AttemptState,
    HostedPage,
    Movement,
    PageKind,
    PageState,
    Refund,
    RefundState,
)
from payments.services.charging import ask_provider
from payments.services.looking import look_at_intent, look_at_page, settle_page, shut_unopened
from payments.services.moving import WAIT_FOR_ANSWER, locked
from payments.services.refunding import TO_SEND, send, settle_refund
from payments.services.settling import lose, settle

KEY_LASTS = timedelta(hours=23)  # the provider keeps what a key meant for 24
LONGEST_PAUSE = timedelta(hours=1)
PAGE_PAUSE = timedelta(minutes=15)
REFUND_PAUSE = timedelta(hours=6)
BOOKED_WITHIN = timedelta(days=7)
ROWS_AT_ONCE = 50
SILENCES_THAT_STOP = 3


def sweep(*, at: datetime) -> int:
    """Go on with everything that was left in the middle; how many rows were looked at."""
    passes: list[tuple[Iterable[object], Callable[..., None]]] = [
        (open_attempts(at=at)[:ROWS_AT_ONCE], _sweep_attempt),
        (open_setups(at=at)[:ROWS_AT_ONCE], _sweep_page),
        (open_refunds(at=at)[:ROWS_AT_ONCE], _sweep_refund),
        (unbooked(at=at)[:ROWS_AT_ONCE], _sweep_line),
    ]
    return sum(_run(list(rows), look, at=at) for rows, look in passes)


def _run(rows: list[object], look: Callable[..., None], *, at: datetime) -> int:
    silences = done = 0
    for row in rows:
        try:
            look(row, at=at)
            silences = 0
        except Unreachable:
            silences += 1
        done += 1
        if silences >= SILENCES_THAT_STOP:
            break
    return done


# Tries ------------------------------------------------------------------------------------------


def open_attempts(*, at: datetime) -> QuerySet[Attempt]:
    """Tries without a result whose time to be looked at has come."""
    rows = Attempt.objects.filter(ended_at__isnull=True, look_at__lte=at)
    return rows.select_related("payment").order_by("look_at", "pk")


def _sweep_attempt(attempt: Attempt, *, at: datetime) -> None:
    pause = min(LONGEST_PAUSE, max(WAIT_FOR_ANSWER, at - attempt.created_at))
    mine = Attempt.objects.filter(pk=attempt.pk, look_at=attempt.look_at, ended_at__isnull=True)
    if not mine.update(look_at=at + pause):
        return  # another sweep has it
    if attempt.kind == AttemptKind.PAGE:
        _sweep_page(attempt.page, at=at)
    elif attempt.intent_id:
        look_at_intent(id=attempt.intent_id, at=at)
    else:
        _sweep_card(attempt, at=at)


def _sweep_card(attempt: Attempt, *, at: datetime) -> None:
    """Ask the same again while its key is kept; else see whether the provider has it."""
    young = at < attempt.created_at + KEY_LASTS
    if young:
        ask_provider(attempt=attempt, at=at)
        attempt.refresh_from_db()
        if attempt.state != AttemptState.UNKNOWN:
            return
    customer = attempt.params["customer"]
    found = gateway().find_intent(customer=customer, attempt=attempt.key)
    if found is not None:
        settle(intent=found, at=at)
    elif not young:
        _lose(attempt, at=at)


@transaction.atomic
def _lose(attempt: Attempt, *, at: datetime) -> None:
    payment = locked(attempt.payment.code)
    row = payment.attempts.get(pk=attempt.pk)
    if row.is_open:
        lose(payment, row, at=at)


# Pages ------------------------------------------------------------------------------------------


def open_setups(*, at: datetime) -> QuerySet[HostedPage]:
    """Open pages for saving a card; those for paying are looked at as tries."""
    rows = HostedPage.objects.filter(kind=PageKind.SETUP, state=PageState.OPEN)
    return rows.filter(seen_at__lte=at - PAGE_PAUSE).order_by("seen_at", "pk")


def _sweep_page(page: HostedPage, *, at: datetime) -> None:
    HostedPage.objects.filter(pk=page.pk).update(seen_at=at)
    if page.provider_id is not None:
        look_at_page(id=page.provider_id, at=at)
    elif at < page.created_at + KEY_LASTS:
        settle_page(found=gateway().open_page(page.params, key=page.key), at=at)
    else:
        found = gateway().find_page(customer=page.params["customer"], key=page.key)
        if found is None:
            shut_unopened(page=page, at=at)
        else:
            look_at_page(id=found.id, at=at)


# Refunds, and lines of the provider's books ------------------------------------------------------


def open_refunds(*, at: datetime) -> QuerySet[Refund]:
    """Refunds to be sent, or to be asked after."""
    states = [*TO_SEND, RefundState.PENDING]
    rows = Refund.objects.filter(state__in=states, next_try_at__lte=at)
    return rows.order_by("next_try_at", "pk")


def _sweep_refund(refund: Refund, *, at: datetime) -> None:
    if refund.state in TO_SEND:
        send(code=refund.code, at=at)
        return
    Refund.objects.filter(pk=refund.pk).update(next_try_at=at + REFUND_PAUSE)
    settle_refund(returned=gateway().returned(str(refund.provider_id)), at=at)


def unbooked(*, at: datetime) -> QuerySet[Attempt]:
    """Money that came, of which the provider had not yet written its line when we looked."""
    lines = Movement.objects.filter(group=OuterRef("key"))
    rows = Attempt.objects.filter(state__in=[AttemptState.SUCCEEDED, AttemptState.SURPLUS])
    recent = rows.filter(ended_at__gte=at - BOOKED_WITHIN, ended_at__lte=at - WAIT_FOR_ANSWER)
    return recent.filter(~Exists(lines)).order_by("ended_at", "pk")


def _sweep_line(attempt: Attempt, *, at: datetime) -> None:
    look_at_intent(id=str(attempt.intent_id), at=at)
