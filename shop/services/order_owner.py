"""What orders do when their payment moves; called inside the payment's transaction."""

from datetime import datetime

from core.templatetags.shanhuo import yuan
from core.units import from_fen
from payments.models import Payment, Refund
from payments.ports import register_owner
from shop import order_wording as paying
from shop.models import Purchase, PurchaseState, ReturnRequest, ReturnState
from shop.selectors.orders import with_lines
from shop.services.invoices import follow_refund
from shop.services.order_payments import (
    orders_of_payment,
    paid_title,
    place_paid,
    release_orders,
)
from shop.services.telling import order_address, tell_of_order


def register() -> None:
    """Answer for the payments of orders."""
    register_owner("order", OrderOwner())


class OrderOwner:
    """Answers for payments whose subject is ``order:…``: the first order of a checkout."""

    def card_saved(self, payment: Payment, *, at: datetime) -> None:
        """Orders are paid at once; no card is kept for them."""

    def paid(self, payment: Payment, *, at: datetime) -> None:
        for purchase in orders_of_payment(payment.code).select_for_update(of=("self",)):
            if purchase.state == PurchaseState.AWAITING:
                place_paid(purchase, at=at)

    def troubled(self, payment: Payment, *, at: datetime) -> None:
        """The buyer is on the provider's page, which says so, and may try again there."""

    def dropped(self, payment: Payment, *, at: datetime) -> None:
        release_orders(list(orders_of_payment(payment.code)), by=None, at=at)

    def refunded(self, refund: Refund, *, at: datetime) -> None:
        purchase = _order_of(refund)
        asked = ReturnRequest.objects.filter(refund_code=refund.code, state=ReturnState.ACCEPTED)
        asked.update(state=ReturnState.REFUNDED)
        follow_refund(purchase, at=at)
        words = {"refund": yuan(from_fen(refund.amount))}
        tell_of_order(purchase, paying.REFUNDED, happening=refund.code, at=at, **words)

    def refund_failed(self, refund: Refund, *, at: datetime) -> None:
        words = {"refund": yuan(from_fen(refund.amount))}
        happening = f"{refund.code}:stuck"
        tell_of_order(_order_of(refund), paying.REFUND_STUCK, happening=happening, at=at, **words)

    def is_wanted(self, payment: Payment) -> bool:
        """Late money is of use only while every order still holds its packs."""
        states = set(orders_of_payment(payment.code).values_list("state", flat=True))
        return states == {PurchaseState.AWAITING}

    def title(self, payment: Payment) -> str:
        return paid_title(with_lines(orders_of_payment(payment.code)))

    def address(self, payment: Payment) -> str:
        return order_address(payment.subject.partition(":")[2])


def _order_of(refund: Refund) -> Purchase:
    code = refund.subject.partition(":")[2]
    return Purchase.objects.select_related("order", "station").get(code=code)
