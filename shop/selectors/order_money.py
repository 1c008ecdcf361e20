"""What was paid through us for an order, and what of it went back."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from core.units import fen
from payments.models import PaymentPart, Refund
from shop.models import Purchase
from shop.money import subjects_of
from shop.selectors.bills import bill_of
from shop.selectors.credits import credit_in


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


def line_fen(purchase: Purchase, line: Any, *, packs: int) -> int:
    """What the buyer brought for packs of a line: their price, less a voucher's part of it.

    Never more than is left of what was brought: the desk may have given some back before.
    """
    price = _bought_fen(purchase, fen(Decimal(line.line_price_incl_tax) * packs / line.quantity))
    money = order_money(purchase)
    return min(price, money.left) if money.brought else price


def line_voucher_fen(purchase: Purchase, line: Any) -> int:
    """What a voucher brought to a line: the rest of its price."""
    price = fen(line.line_price_incl_tax)
    return price - _bought_fen(purchase, price)


def _bought_fen(purchase: Purchase, price: int) -> int:
    return price * bill_of(purchase).bought // fen(purchase.order.total_incl_tax)


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
