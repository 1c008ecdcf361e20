"""Giving back what was paid through us for an order: a part or all, never more, with a reason."""

from datetime import datetime

from django.db import transaction
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
from payments.models import Refund
from shop import order_wording as paying
from shop.models import Purchase, PurchaseState
from shop.money import refill_escrow
from shop.selectors.credits import credit_in
from shop.selectors.order_money import order_money, parts_of
from shop.services.credits import bring_credit_back, credit_brought_back
from shop.services.invoices import follow_refund
from shop.services.moving import move_order
from shop.services.order_payments import escrow_of_shop
from shop.services.telling import tell_of_order
from shop.services.vouchers import pay_back, voucher_left


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
    purchase = locked_order(code)
    refuse_strangers(purchase, by=by, at=at)
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
    voucher = voucher_left(purchase) if is_all else 0
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
    follow_refund(purchase, at=at)
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
def cancel_paid(
    *, code: str, reason: str, by: User | None, at: datetime, tell: bool = True
) -> Purchase:
    """Cancel an order that is not packed yet and give back all that was paid for it.

    Without ``tell`` the buyer hears of it from whoever cancels it.

    Raises
    ------
    NotAllowed
        It is packed already, or cancelled.
    """
    locked_order(code)
    purchase = move_order(code=code, to=PurchaseState.CANCELLED, by=by, at=at, tell=tell)
    left = order_money(purchase).left
    if left:
        _refund(purchase, left, reason=reason, key=f"cancel:{code}", by=by, at=at)
    return purchase


def locked_order(code: str) -> Purchase:
    """The order, held until the transaction ends, with what its money is found by."""
    rows = Purchase.objects.select_for_update(of=("self",)).select_related(
        "order__pledge_link__pledge", "shop"
    )
    return rows.get(code=code)


def refuse_strangers(purchase: Purchase, *, by: User | None, at: datetime) -> None:
    """The shop's operator, or the platform itself.

    Raises
    ------
    NotAllowed
        The person does not operate the shop.
    """
    if by is None:
        return
    held = Membership.objects.filter(valid_on(day_of(at)), user=by, role=Role.SHOP_OPERATOR)
    if not held.filter(shop=purchase.shop_id).exists():
        raise NotAllowed(_("只有“%s”的店主能退这一单的钱。") % purchase.shop.name)
