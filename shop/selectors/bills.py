"""What a checkout comes to and who brings it: the same sum before it is sent and ever after."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from core.units import fen
from payments import least_charge
from shop.models import CreditUse, Purchase, Voucher, VoucherUse


@dataclass(frozen=True)
class Bill:
    """Goods and carriage, less what the platform brings, less the buyer's credit; in fen."""

    goods: int
    carriage: int
    voucher: int = 0
    credit: int = 0

    def __add__(self, other: "Bill") -> "Bill":
        return Bill(
            self.goods + other.goods,
            self.carriage + other.carriage,
            self.voucher + other.voucher,
            self.credit + other.credit,
        )

    @property
    def total(self) -> int:
        """What the goods and their way cost."""
        return self.goods + self.carriage

    @property
    def bought(self) -> int:
        """What the buyer brings, in money and credit."""
        return self.total - self.voucher

    @property
    def left(self) -> int:
        """What is still to be paid in money."""
        return self.bought - self.credit


NO_BILL = Bill(0, 0)


def bill_ahead(
    *, goods: int, carriage: int, voucher: Voucher | None = None, credit_here: int = 0
) -> Bill:
    """What a basket would come to with a voucher and so many fen of credit at hand."""
    brought = voucher_brings(voucher, goods + carriage) if voucher else 0
    return Bill(goods, carriage, brought, credit_spent(credit_here, goods + carriage - brought))


def voucher_brings(voucher: Voucher, total: int) -> int:
    """The voucher's sum; the rest too where that is less than the provider takes."""
    amount = fen(voucher.amount)
    return total if 0 < total - amount < least_charge() else amount


def credit_spent(here: int, due: int) -> int:
    """How much of the credit at hand goes into something so dear.

    A rest below what the provider takes is not left: so much less credit goes in.
    """
    spent = min(here, due)
    short = least_charge() - (due - spent)
    return max(spent - short, 0) if due > spent and short > 0 else spent


def bill_of(purchase: Purchase) -> Bill:
    """What one order came to, from its own rows."""
    return bills_of([purchase])[0]


def bills_of(purchases: Sequence[Purchase]) -> list[Bill]:
    """What each order came to. Two queries; none where nothing was paid at once.

    A voucher and credit are put in with a payment only.
    """
    waited = [one.pk for one in purchases if one.hold_until is not None]
    vouchers, credits = _brought(VoucherUse, waited), _brought(CreditUse, waited)
    return [
        Bill(
            goods=fen(one.order.total_incl_tax - one.order.shipping_incl_tax),
            carriage=fen(one.order.shipping_incl_tax),
            voucher=vouchers.get(one.pk, 0),
            credit=credits.get(one.pk, 0),
        )
        for one in purchases
    ]


def _brought(model: type[VoucherUse] | type[CreditUse], orders: Sequence[int]) -> dict[int, int]:
    if not orders:
        return {}
    rows = model.objects.filter(purchase__in=orders).order_by().values_list("purchase")
    return dict(rows.annotate(Sum("amount_fen")))


def voucher_fen(purchase: Purchase) -> int:
    """What a voucher brings to an order; nought without one."""
    return bill_of(purchase).voucher
