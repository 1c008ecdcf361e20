"""Giving back what was paid through us for an order: a part or all, never more, with a reason."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
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
from shop import order_wording as paying
from shop.models import Purchase, PurchaseState
from shop.money import refill_escrow, subjects_of
from shop.selectors.credits import credit_in
from shop.services.credits import bring_credit_back, credit_brought_back
from shop.services.moving import move_order
from shop.services.order_payments import escrow_of_shop
from shop.services.telling import tell_of_order
from shop.services.vouchers import pay_back, voucher_fen


@dataclass(frozen=True)
class OrderMoney:
    """What was paid through us for an order, and what of it went back; in fen."""

    paid: int
    refunded: int
    aside: int = 0  # of what was paid, became shop credit
    credit: int = 0  # put in as shop credit
    credit_back: int = 0

    @property
    def brought(self) -> int:
        """What the buyer brought, in money and credit."""
        return self.paid + self.credit

    @property
    def given_back(self) -> int:
        """What went back, as money or as credit."""
        return self.refunded + self.aside + self.credit_back

    @property
    def left(self) -> int:
        """What may still be given back."""
        return self.brought - self.given_back


def parts_of(purchase: Purchase) -> QuerySet[PaymentPart]:
    """The shares of payments that were paid for an order, or for the pledge it came from."""
    rows = PaymentPart.objects.filter(subject__in=subjects_of(purchase), paid__gt=0)
    return rows.select_related("payment").order_by("pk")


def order_money(purchase: Purchase) -> OrderMoney:
    """What was paid through us and what went back."""
    parts = list(parts_of(purchase))
    credit, back = credit_in(purchase)
    return OrderMoney(
        paid=sum(one.paid for one in parts),
        refunded=sum(one.refunded for one in parts),
        aside=sum(one.aside for one in parts),
        credit=credit,
        credit_back=back,
    )


def refunds_of(purchase: Purchase) -> QuerySet[Refund]:
    """Every refund of an order, latest first."""
    rows = Refund.objects.filter(part__subject__in=subjects_of(purchase))
    return rows.select_related("by").order_by("-created_at", "-pk")


@transaction.atomic
def refund_order(
    *, code: str, amount_fen: int, reason: str, key: str, by: User | None, at: datetime
) -> list[Refund]:
    """Owe so much back to the buyer, once for the key; several rows where a pledge had a deposit.

    What was paid goes back first, then what was put in as credit, which is no ``Refund``.

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
    before = sum(row.amount for row in done) + credit_brought_back(key)
    _refuse_another_amount(before, amount_fen)
    if before:
        return done
    return _refund(purchase, amount_fen, reason=reason.strip(), key=key, by=by, at=at)


def _refuse_another_amount(before: int, amount_fen: int) -> None:
    """A form gone back to and changed must not say that the new amount is on its way."""
    if before and before != amount_fen:
        text = _("这一页刚才已经退了 %(amount)s。还要再退，就再按一次。")
        raise BadInput(text % {"amount": yuan(from_fen(before))}, field="amount")


def _refund(
    purchase: Purchase, amount_fen: int, *, reason: str, key: str, by: User | None, at: datetime
) -> list[Refund]:
    parts = list(parts_of(purchase).select_for_update(of=("self",)))
    credit, back = credit_in(purchase)
    left = sum(part.left for part in parts) + credit - back
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
    escrow = parts[0].escrow if parts else escrow_of_shop(purchase.shop.code)
    if amount_fen:
        _credit_back(purchase, amount_fen, escrow=escrow, key=key, at=at)
    if voucher:
        pay_back(purchase, escrow=escrow, at=at)
    return found


def _credit_back(
    purchase: Purchase, amount_fen: int, *, escrow: str, key: str, at: datetime
) -> None:
    bring_credit_back(purchase=purchase, amount=amount_fen, escrow=escrow, key=key, at=at)
    tell_of_order(
        purchase,
        paying.CREDIT_BACK,
        happening=f"credit:{key}",
        at=at,
        refund=yuan(from_fen(amount_fen)),
        spend=reverse("shop:credit"),
    )


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
