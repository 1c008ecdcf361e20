"""Giving back what was paid through us for an order: a part or all, never more, with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.clock import day_of
from core.errors import BadInput, NotAllowed
from core.templatetags.shanhuo import yuan
from core.units import from_fen
from growers.models import Membership, Role, User
from growers.models.scope import valid_on
from payments import services as payments
from payments.errors import TooMuchBack
from payments.models import PaymentPart, Refund
from shop.models import Purchase, PurchaseState
from shop.money import refill_escrow, subjects_of
from shop.services.moving import move_order
from shop.services.vouchers import pay_back, voucher_fen


@dataclass(frozen=True)
class OrderMoney:
    """What was paid through us for an order, and what of it went back; in fen."""

    paid: int
    refunded: int

    @property
    def left(self) -> int:
        """What may still be given back."""
        return self.paid - self.refunded


def parts_of(purchase: Purchase) -> QuerySet[PaymentPart]:
    """The shares of payments that were paid for an order, or for the pledge it came from."""
    rows = PaymentPart.objects.filter(subject__in=subjects_of(purchase), paid__gt=0)
    return rows.select_related("payment").order_by("pk")


def order_money(purchase: Purchase) -> OrderMoney:
    """What was paid through us and what went back."""
    parts = list(parts_of(purchase))
    return OrderMoney(sum(one.paid for one in parts), sum(one.refunded for one in parts))


def refunds_of(purchase: Purchase) -> QuerySet[Refund]:
    """Every refund of an order, latest first."""
    rows = Refund.objects.filter(part__subject__in=subjects_of(purchase))
    return rows.select_related("by").order_by("-created_at", "-pk")


@transaction.atomic
def refund_order(
    *, code: str, amount_fen: int, reason: str, key: str, by: User | None, at: datetime
) -> list[Refund]:
    """Owe so much back to the buyer, once for the key; several rows where a pledge had a deposit.

    Raises
    ------
    BadInput
        No reason is given, the amount is nought, or the key stood for another amount.
    NotAllowed
        The person does not operate the shop.
    TooMuchBack
        More than is left of what was paid.
    """
    purchase = _locked(code)
    _refuse_strangers(purchase, by=by, at=at)
    if not reason.strip():
        raise BadInput(_("退款要写原因，买家看得到。"), field="reason")
    if amount_fen <= 0:
        raise BadInput(_("退款金额要大于零。"), field="amount")
    done = list(Refund.objects.filter(key__startswith=f"{key}:"))
    _refuse_another_amount(done, amount_fen)
    return done or _refund(purchase, amount_fen, reason=reason.strip(), key=key, by=by, at=at)


def _refuse_another_amount(done: Sequence[Refund], amount_fen: int) -> None:
    """A form gone back to and changed must not say that the new amount is on its way."""
    before = sum(row.amount for row in done)
    if done and before != amount_fen:
        text = _("这一页刚才已经退了 %(amount)s。还要再退，就再按一次。")
        raise BadInput(text % {"amount": yuan(from_fen(before))}, field="amount")


def _refund(
    purchase: Purchase, amount_fen: int, *, reason: str, key: str, by: User | None, at: datetime
) -> list[Refund]:
    parts = list(parts_of(purchase).select_for_update(of=("self",)))
    left = sum(part.left for part in parts)
    if amount_fen > left:
        raise TooMuchBack(wanted=amount_fen, left=left)
    is_all = amount_fen == left
    voucher = voucher_fen(purchase) if is_all else 0
    refill_escrow(purchase=purchase, amount_fen=amount_fen + voucher, key=key, at=at)
    found = []
    for part in parts:
        amount = min(amount_fen, part.left)
        if amount:
            refund = payments.refund(
                code=part.payment.code,
                subject=part.subject,
                amount=amount,
                key=f"{key}:{part.pk}",
                reason=reason,
                by=by,
                at=at,
            )
            found.append(refund)
            amount_fen -= amount
    if voucher:
        pay_back(purchase, escrow=parts[0].escrow, at=at)
    return found


@transaction.atomic
def cancel_paid(*, code: str, reason: str, by: User | None, at: datetime) -> Purchase:
    """Cancel an order that is not packed yet and give back all that was paid for it.

    Raises
    ------
    NotAllowed
        It is packed already, or cancelled.
    """
    _locked(code)
    purchase = move_order(code=code, to=PurchaseState.CANCELLED, by=by, at=at)
    left = order_money(purchase).left
    if left:
        _refund(purchase, left, reason=reason, key=f"cancel:{code}", by=by, at=at)
    return purchase


def _locked(code: str) -> Purchase:
    rows = Purchase.objects.select_for_update(of=("self",)).select_related(
        "order__pledge_link__pledge", "shop"
    )
    return rows.get(code=code)


def _refuse_strangers(purchase: Purchase, *, by: User | None, at: datetime) -> None:
    """The shop's operator, or the platform itself."""
    if by is None:
        return
    held = Membership.objects.filter(valid_on(day_of(at)), user=by, role=Role.SHOP_OPERATOR)
    if not held.filter(shop=purchase.shop_id).exists():
        raise NotAllowed(_("只有“%s”的店主能退这一单的钱。") % purchase.shop.name)
