"""What the clock does: cards that are due are charged, and what nobody paid is given up."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from payments import plan, ports
from payments.models import AttemptKind, Payment, PaymentState, Way
from payments.services.gate import gate_is_closed
from payments.services.moving import locked, move, open_attempt
from payments.states import CHARGEABLE, OVERDUE
from payments.tasks import wake

WOKEN_LASTS = timedelta(minutes=10)  # a job ordered before that is lost, or never was
ROWS_AT_ONCE = 500


def due_cards(*, at: datetime) -> QuerySet[Payment]:
    """Saved cards to be tried now."""
    rows = Payment.objects.filter(way=Way.CARD_LATER, state__in=CHARGEABLE, next_try_at__lte=at)
    return rows.order_by("pk")


def wake_due(*, at: datetime) -> int:
    """Order a job for every card that is due and has none; how many."""
    if gate_is_closed():
        return 0
    asleep = due_cards(at=at).filter(Q(woken_at=None) | Q(woken_at__lte=at - WOKEN_LASTS))
    with transaction.atomic():
        codes = list(asleep.values_list("code", flat=True)[:ROWS_AT_ONCE])
        Payment.objects.filter(code__in=codes).update(woken_at=at)
        wake("charge", codes)
    return len(codes)


def overdue(*, at: datetime) -> QuerySet[Payment]:
    """What nobody paid in time: links and pages past their end, cards after seven days."""
    waiting = Q(state=PaymentState.WAITING) & ~Q(way=Way.LINK)
    links = Q(state__in=OVERDUE) & ~Q(way=Way.CARD_LATER)
    lapsed = (waiting | links) & Q(lapse_at__lte=at)
    cards = Q(state__in=OVERDUE, way=Way.CARD_LATER, due_at__lte=at - plan.GIVE_UP_AFTER)
    return Payment.objects.filter(lapsed | cards).order_by("pk")


def give_up_overdue(*, at: datetime) -> int:
    """End what is overdue, each in its own transaction; how many."""
    codes = list(overdue(at=at).values_list("code", flat=True)[:ROWS_AT_ONCE])
    return sum(give_up(code=code, at=at) for code in codes)


@transaction.atomic
def give_up(*, code: str, at: datetime) -> bool:
    """End one, unless it was paid meanwhile or a card is being charged this moment."""
    payment = locked(code)
    if not overdue(at=at).filter(pk=payment.pk).exists():
        return False
    trying = open_attempt(payment)
    if trying is not None and trying.kind == AttemptKind.CARD:
        return False
    card = payment.way == Way.CARD_LATER and payment.due_at is not None
    payment.ended_at = payment.tidy_at = at
    payment.next_try_at = None
    move(payment, PaymentState.DROPPED if card else PaymentState.LAPSED)
    ports.owner_of(payment).dropped(payment, at=at)
    wake("tidy", [payment.code])
    return True
