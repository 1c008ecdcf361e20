"""What the provider tells us: kept once, answered at once, looked at by a job.

A message only says that something happened to an object; the object itself is fetched, so late,
doubled and disordered messages end in the same state.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from core.errors import PlatformError
from payments.errors import Mismatch, NotAMessage, Unreachable
from payments.gateway import Refused, Told, gateway
from payments.models import EventState, ProviderEvent, Trouble
from payments.services.disputing import look_at_dispute
from payments.services.looking import look_at_intent, look_at_page
from payments.services.refunding import settle_refund
from payments.services.settling import NotOurs
from payments.tasks import wake

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
AGAIN = timedelta(minutes=5)
# How long to wait for a row of ours to appear; after the last a person looks.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=6))
WAITING = (EventState.NEW, EventState.PARKED)
ROWS_AT_ONCE = 100
ERROR_LENGTH = 200
LONGEST = {"id": 80, "kind": 80, "object_id": 120}  # what ProviderEvent keeps
TROUBLES: dict[type[Exception], Trouble] = {
    NotOurs: Trouble.NOT_OURS,
    Refused: Trouble.REFUSED,
    Mismatch: Trouble.MISMATCH,
    PlatformError: Trouble.NOT_NOW,
}


@transaction.atomic
def receive(*, told: Told, at: datetime) -> bool:
    """Keep a message and order a look at it; False when it was kept before.

    Raises
    ------
    NotAMessage
        One of its numbers is longer than any of the provider's.
    """
    for name, most in LONGEST.items():
        if len(getattr(told, name)) > most:
            raise NotAMessage(f"{name} is longer than {most}")
    row = ProviderEvent(
        id=told.id,
        kind=told.kind,
        object_id=told.object_id,
        next_try_at=at,
        made_at=told.at,
        received_at=at,
    )
    if ProviderEvent.objects.filter(id=told.id).exists():
        return False
    ProviderEvent.objects.bulk_create([row], ignore_conflicts=True)
    wake("read_event", [told.id])
    return True


def due_events(*, at: datetime) -> QuerySet[ProviderEvent]:
    """Messages to look at now."""
    return ProviderEvent.objects.filter(state__in=WAITING, next_try_at__lte=at)


def process_due(*, at: datetime) -> int:
    """Look at all that is due; how many."""
    rows = list(due_events(at=at).order_by("next_try_at", "id").values_list("id", flat=True))
    for id in rows[:ROWS_AT_ONCE]:
        process(id=id, at=at)
    return len(rows[:ROWS_AT_ONCE])


def process(*, id: str, at: datetime) -> None:
    """Look at what one message speaks of; outside a transaction."""
    if not due_events(at=at).filter(id=id).update(next_try_at=at + LEASE):
        return
    event = ProviderEvent.objects.get(id=id)
    try:
        _look(event, at=at)
    except Unreachable as error:
        _again(event, f"{Trouble.SILENT}:{error.detail}", at=at)
    except tuple(TROUBLES) as error:
        _park(event, _why(error), at=at)
    except Exception as error:
        log.exception("event %s could not be taken in", event.id)
        _park(event, f"{Trouble.BROKEN}:{error!r}", at=at)
    else:
        _rows(event).update(state=EventState.DONE, done_at=at, next_try_at=None, error="")


def _why(error: Exception) -> str:
    word = next(word for kind, word in TROUBLES.items() if isinstance(error, kind))
    return f"{word}:{error}"


def _look(event: ProviderEvent, *, at: datetime) -> None:
    for begins, look in LOOKS.items():
        if event.kind.startswith(begins):
            look(id=event.object_id, at=at)
            return


def _look_at_refund(*, id: str, at: datetime) -> None:
    settle_refund(returned=gateway().returned(id), at=at)


# The messages that mean something here, by how their kind begins; the others are only kept.
LOOKS: dict[str, Callable[..., object]] = {
    "payment_intent.": look_at_intent,
    "checkout.session.": look_at_page,
    "refund.": _look_at_refund,
    "charge.refund.": _look_at_refund,
    "charge.dispute.": look_at_dispute,
}


def _rows(event: ProviderEvent) -> QuerySet[ProviderEvent]:
    return ProviderEvent.objects.filter(id=event.id, state__in=WAITING)


def _again(event: ProviderEvent, error: str, *, at: datetime) -> None:
    """The line is down: that says nothing about the message."""
    _rows(event).update(next_try_at=at + AGAIN, error=error[:ERROR_LENGTH])


def _park(event: ProviderEvent, error: str, *, at: datetime) -> None:
    facts: dict[str, object] = {"tries": F("tries") + 1, "error": error[:ERROR_LENGTH]}
    if event.tries < len(PAUSES):
        facts |= {"state": EventState.PARKED, "next_try_at": at + PAUSES[event.tries]}
    else:
        facts |= {"state": EventState.LEFT, "next_try_at": None}
    _rows(event).update(**facts)


@transaction.atomic
def look_again(*, id: str, at: datetime) -> None:
    """A person had the cause mended: begin anew with this message."""
    left = ProviderEvent.objects.filter(id=id, state__in=[EventState.LEFT, EventState.PARKED])
    if left.update(state=EventState.NEW, tries=0, next_try_at=at):
        wake("read_event", [id])


def dismiss(*, id: str, at: datetime) -> None:
    """A person saw that it is not about us."""
    left = ProviderEvent.objects.filter(id=id, state__in=[EventState.LEFT, EventState.PARKED])
    left.update(state=EventState.DONE, done_at=at, next_try_at=None)
