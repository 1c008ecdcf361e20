"""Once a day the provider's books and ours are laid side by side. Nothing is mended by itself."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_noop

from core.units import from_fen
from ledger.books import balance_of
from payments import books
from payments.gateway import Line, Told, gateway
from payments.models import Difference, Movement, ProviderEvent
from payments.services.inbox import LOOKS

log = logging.getLogger(__name__)

LOOK_BACK = timedelta(days=3)
JUST_NOW = timedelta(minutes=10)  # may still be on its way to us
ROWS_AT_ONCE = 500
WORDS = {
    "event": gettext_noop("对方发过的通知我们没收到"),
    "line": gettext_noop("对方账上有这一笔，我们没有"),
    "amount": gettext_noop("对方账上的金额和我们的不一样"),
    "balance": gettext_noop("对方的余额和我们的收款通道对不上"),
}


class Found(NamedTuple):
    """A difference: of which kind, about what, and the facts."""

    kind: str
    reference: str
    detail: str


def reconcile(*, at: datetime) -> list[Found]:
    """Compare the last three days and the balance, note what differs; outside a transaction."""
    since, until = at - LOOK_BACK, at - JUST_NOW
    told = [one for one in gateway().messages_since(since) if one.at <= until]
    lines = [one for one in gateway().lines_since(since) if one.at <= until]
    held = gateway().balance()
    found = [*_missing(told), *_unlike(lines), *_balance(held)]
    _note(found, at=at)
    for one in found:
        log.error("payments: %s %s %s", one.kind, one.reference, one.detail)
    return found


def _missing(told: list[Told]) -> Iterator[Found]:
    """Messages that mean something here; the provider need not send us the others."""
    meant = [one for one in told if one.kind.startswith(tuple(LOOKS))]
    kept = _known(ProviderEvent, "id", [one.id for one in meant])
    for one in meant:
        if one.id not in kept:
            yield Found("event", one.id, f"{one.kind} {one.object_id}")


def _known(model: type[ProviderEvent], field: str, wanted: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(wanted), ROWS_AT_ONCE):
        some = wanted[start : start + ROWS_AT_ONCE]
        rows = model.objects.filter(**{f"{field}__in": some})
        found |= set(rows.values_list(field, flat=True))
    return found


def _unlike(lines: list[Line]) -> Iterator[Found]:
    for start in range(0, len(lines), ROWS_AT_ONCE):
        some = lines[start : start + ROWS_AT_ONCE]
        rows = Movement.objects.filter(provider_id__in=[one.id for one in some])
        ours = {row.provider_id: row for row in rows}
        yield from (found for line in some if (found := _compared(line, ours.get(line.id))))


def _compared(line: Line, ours: Movement | None) -> Found | None:
    facts = f"{line.kind} ¥{from_fen(line.amount)} − ¥{from_fen(line.fee)} ({line.source})"
    if ours is None:
        return Found("line", line.id, facts)
    if (ours.amount, ours.fee) != (line.amount, line.fee):
        return Found(
            "amount", line.id, f"{facts}; ¥{from_fen(ours.amount)} − ¥{from_fen(ours.fee)}"
        )
    return None


def _balance(held: int) -> Iterator[Found]:
    ours = -balance_of(books.clearing())
    if held != ours:
        yield Found("balance", "stripe_clearing", f"¥{from_fen(held)} ≠ ¥{from_fen(ours)}")


@transaction.atomic
def _note(found: list[Found], *, at: datetime) -> None:
    """Old differences that are not found again are settled; they stay to be read."""
    for one in found:
        facts = {"detail": one.detail[:300], "seen_at": at, "settled_at": None}
        Difference.objects.update_or_create(
            kind=one.kind,
            reference=one.reference,
            defaults=facts,
            create_defaults={**facts, "found_at": at},
        )
    gone = Difference.objects.filter(settled_at__isnull=True, seen_at__lt=at)
    gone.filter(kind="balance").update(settled_at=at)
    gone.filter(kind="event", reference__in=ProviderEvent.objects.values("id")).update(
        settled_at=at
    )
    booked = Movement.objects.values("provider_id")
    gone.filter(kind="line", reference__in=booked).update(settled_at=at)
