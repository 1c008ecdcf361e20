"""Asking for an invoice, and writing down that it was issued."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from core.errors import BadInput, NotAllowed
from core.templatetags.shanhuo import yuan
from core.units import fen, from_fen
from growers.models import User
from shop.models import (
    Invoice,
    InvoiceCorrection,
    InvoiceKind,
    Purchase,
    PurchaseState,
)
from shop.order_rules import tax_number_is_sound
from shop.selectors.bills import bill_of
from shop.selectors.order_money import order_money


@transaction.atomic
def ask_invoice(
    *, purchase: Purchase, kind: str, title: str, tax_number: str, email: str, at: datetime
) -> Invoice:
    """Ask for the invoice of an order, or correct what it should say before it is issued.

    Raises
    ------
    BadInput
        A company's number that cannot be right.
    NotAllowed
        The order is cancelled or not paid, or its invoice is issued.
    """
    row = Invoice.objects.select_for_update().filter(purchase=purchase).first()
    if row is not None and row.issued_at is not None:
        raise NotAllowed(_("发票已经开好了，要改请打村店电话。"))
    amount = invoice_fen(purchase)
    if amount <= 0:
        raise NotAllowed(_("付了钱才能开发票。"))
    number = tax_number.strip().upper().replace(" ", "")
    if kind == InvoiceKind.COMPANY and not tax_number_is_sound(number):
        raise BadInput(
            _("税号是 18 位统一社会信用代码，这个对不上，看看有没有抄错。"), field="tax_number"
        )
    row = row or Invoice(purchase=purchase)
    row.kind, row.title, row.email = kind, title.strip(), email.strip()
    row.tax_number = number if kind == InvoiceKind.COMPANY else ""
    row.amount_fen, row.asked_at = amount, at
    row.save()
    return row


@transaction.atomic
def follow_refund(purchase: Purchase, *, at: datetime) -> None:
    """Money goes back: an invoice not issued yet is over what is left, or dropped with it; of an
    issued one the shop owes a correction.
    """
    row = Invoice.objects.select_for_update().filter(purchase=purchase).first()
    if row is None:
        return
    if row.issued_at is not None:
        _ask_correction(row, left=invoice_fen(purchase), at=at)
        return
    row.amount_fen = invoice_fen(purchase)
    if row.amount_fen > 0:
        row.save(update_fields=["amount_fen"])
    else:
        row.delete()


def _ask_correction(row: Invoice, *, left: int, at: datetime) -> None:
    """One open correction over all that went back and is not corrected yet."""
    done = row.corrections.filter(issued_at__isnull=False).aggregate(fen=Sum("amount_fen"))["fen"]
    over = row.amount_fen - (done or 0) - left
    if over > 0:
        row.corrections.update_or_create(
            issued_at=None, defaults={"amount_fen": over}, create_defaults=_asked(over, at)
        )


def _asked(over: int, at: datetime) -> dict[str, Any]:
    return {"amount_fen": over, "asked_at": at}


def invoice_fen(purchase: Purchase) -> int:
    """What the invoice is over: what the buyer paid and did not get back."""
    if purchase.state == PurchaseState.CANCELLED:
        return 0
    if purchase.paid_at is not None:
        return order_money(purchase).left
    collection = getattr(purchase, "collection", None)
    return min(fen(collection.amount), bill_of(purchase).left) if collection else 0


@transaction.atomic
def issue_invoice(*, purchase_code: str, number: str, by: User, at: datetime) -> Invoice:
    """The shop issued it, under this number.

    Raises
    ------
    BadInput
        The number is missing.
    NotAllowed
        It was issued already.
    """
    row = Invoice.objects.select_for_update(of=("self",)).get(purchase__code=purchase_code)
    if not number.strip():
        raise BadInput(_("写上发票号码。"), field="number")
    if row.issued_at is not None:
        raise NotAllowed(_("这张发票已经开过了，号码是 %s。") % row.number)
    row.number, row.issued_at, row.issued_by = number.strip()[:30], at, by
    row.save(update_fields=["number", "issued_at", "issued_by"])
    return row


@transaction.atomic
def issue_correction(
    *, pk: int, number: str, amount_fen: int | None, by: User, at: datetime
) -> InvoiceCorrection:
    """The shop issued the correcting invoice over ``amount_fen``, as it read, under this number.

    Raises
    ------
    BadInput
        The number is missing, or more went back since the amount was read.
    NotAllowed
        It was issued already.
    """
    row = InvoiceCorrection.objects.select_for_update(of=("self",)).get(pk=pk)
    if not number.strip():
        raise BadInput(_("写上红字发票号码。"), field="number")
    if row.issued_at is not None:
        raise NotAllowed(_("这张红字发票已经开过了，号码是 %s。") % row.number)
    if row.amount_fen != amount_fen:
        text = _("刚才又退了钱，红字发票现在要开 %(amount)s。按新的金额开，再写号码。")
        raise BadInput(text % {"amount": yuan(from_fen(row.amount_fen))}, field="number")
    row.number, row.issued_at, row.issued_by = number.strip()[:30], at, by
    row.save(update_fields=["number", "issued_at", "issued_by"])
    return row
