"""Asking for money, saying that it is due, and taking the question back."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from payments import plan, ports
from payments.errors import NothingToPay
from payments.models import Part, Payer, Payment, PaymentPart, PaymentState, Way
from payments.services.moving import locked, move
from payments.states import ENDED, UNPAID
from payments.tasks import wake

ROWS_AT_ONCE = 500
TEXT_LENGTH = 200


@transaction.atomic
def ask(
    *,
    subject: str,
    key: str,
    way: Way | str,
    parts: Sequence[Part],
    payer: Payer,
    description: str,
    methods: Sequence[str] = ("card",),
    lapse_at: datetime | None = None,
    at: datetime,
) -> Payment:
    """Write down that a payer owes the sum of the parts, once for ``key``. Nothing is sent.

    Raises
    ------
    ValueError
        There are no parts, a card is to be saved by other means, or nobody owns the subject.
    """
    found = Payment.objects.filter(key=key).first()
    if found is not None:
        return found
    _check(way=way, parts=parts, methods=methods)
    payment = Payment(
        subject=subject,
        key=key,
        way=way,
        methods=",".join(methods),
        amount=sum(part.amount for part in parts),
        description=description[:TEXT_LENGTH],
        payer_reference=payer.reference,
        payer_contact=_contact(payer),
        language=payer.language,
        lapse_at=lapse_at,
        created_at=at,
    )
    ports.owner_of(payment)  # nobody would ever hear of it otherwise
    payment.save()
    PaymentPart.objects.bulk_create(
        PaymentPart(payment=payment, **part._asdict()) for part in parts
    )
    return payment


def _check(*, way: Way | str, parts: Sequence[Part], methods: Sequence[str]) -> None:
    if not parts or any(part.amount <= 0 for part in parts):
        raise ValueError("a payment has parts, and each is more than nought")
    if way == Way.CARD_LATER and tuple(methods) != ("card",):
        raise ValueError("only a card can be saved and charged later")


def _contact(payer: Payer) -> str:
    facts = {"name": payer.name, "mobile": payer.mobile, "email": payer.email}
    return json.dumps(facts, ensure_ascii=False)


def payer_of(payment: Payment) -> Payer:
    """Who pays, and how to reach them."""
    facts = json.loads(payment.payer_contact)
    return Payer(reference=payment.payer_reference, language=payment.language, **facts)


@transaction.atomic
def make_due(*, codes: Iterable[str], at: datetime) -> int:
    """Say that these are to be paid now: saved cards are charged, links may be used. How many.

    Cards are charged by one job each after this transaction is committed. Those already due, paid
    or ended stay as they are.
    """
    wanted, moved = list(codes), 0
    for start in range(0, len(wanted), ROWS_AT_ONCE):
        rows = Payment.objects.filter(code__in=wanted[start : start + ROWS_AT_ONCE])
        cards = rows.filter(way=Way.CARD_LATER, state=PaymentState.READY)
        charged = list(cards.order_by("pk").values_list("code", flat=True))
        facts = {"state": PaymentState.DUE, "due_at": at}
        moved += cards.update(**facts, next_try_at=at, woken_at=at, lapse_at=None)
        links = rows.filter(way=Way.LINK, state=PaymentState.WAITING)
        moved += links.update(**facts, lapse_at=at + plan.LINK_LASTS)
        wake("charge", charged)
    return moved


@transaction.atomic
def void(*, code: str, at: datetime) -> Payment:
    """Take the question back before it is paid; pages are closed and a card forgotten by a job.

    Money that is on its way goes back by itself, unless its owner wants it.

    Raises
    ------
    NothingToPay
        It is paid already: ask for a refund.
    """
    payment = locked(code)
    if payment.state == PaymentState.PAID:
        raise NothingToPay(_("这一笔已经付了，要退款，不能取消。"))
    if payment.state not in ENDED:
        payment.ended_at = payment.tidy_at = at
        payment.next_try_at = None
        move(payment, PaymentState.VOID)
        wake("tidy", [payment.code])
    return payment


@transaction.atomic
def limit_means(*, code: str, means: Sequence[str], at: datetime) -> None:
    """From now on only these kinds may pay; a page that offers others is shut by a job."""
    payment = locked(code)
    if payment.state not in UNPAID or payment.means == list(means):
        return
    payment.methods, payment.tidy_at = ",".join(means), at
    payment.save(update_fields=["methods", "tidy_at"])
    wake("tidy", [payment.code])
