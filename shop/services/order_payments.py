"""What orders ask of ``payments``: one payment over the orders of a checkout, or to be let go.

Nothing here speaks to the provider but ``page_to_pay`` and ``came_back``, which run outside a
transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.errors import BadInput, NotAllowed
from core.templatetags.shanhuo import yuan
from core.units import from_fen
from growers.models import User
from ledger.models import AccountKind
from ledger.services import open_account
from payments import least_charge
from payments import services as payments
from payments.errors import NothingToPay
from payments.models import Part, Payer, Payment, Way
from payments.states import UNPAID
from shop import signals
from shop.models import Purchase, PurchaseState
from shop.order_rules import METHODS
from shop.selectors.bills import bill_of
from shop.selectors.credits import Holder, credit_in
from shop.selectors.orders import named_goods, standing_lines, with_lines
from shop.services.credits import bring_credit_back, spend_credit
from shop.services.moving import move_order
from shop.services.vouchers import give_voucher_back, pay_in


def escrow_of_shop(code: str) -> str:
    """The account where the money of a shop's orders waits."""
    return f"escrow:shop:{code}"


def subject_of(purchase: Purchase) -> str:
    """What payments and ledger call an order."""
    return f"order:{purchase.code}"


def due_fen(purchase: Purchase) -> int:
    """What the buyer pays in money: what is bought less the credit put into it."""
    return bill_of(purchase).left


@transaction.atomic
def ask_of(
    *, purchases: Sequence[Purchase], holder: Holder, seen_credit: int, at: datetime
) -> Payment | None:
    """Credit first, then one payment over the rest; None where nothing is left to pay.

    Orders that credit pays whole are placed at once.

    Raises
    ------
    BadInput
        The credit is not what the buyer was shown any more, or what is left to pay is less than
        the provider takes.
    """
    if seen_credit:
        needs = [(one, escrow_of_shop(one.shop.code), due_fen(one)) for one in purchases]
        spend_credit(holder=holder, seen_fen=seen_credit, needs=needs, at=at)
    left = sum(due_fen(one) for one in purchases)
    if 0 < left < least_charge():
        least = {"least": yuan(from_fen(least_charge()))}
        raise BadInput(_("网上付款最少 %(least)s，这一单选拿到货再付。") % least, field="pay")
    if left:
        return ask_payment(purchases=purchases, at=at)
    for one in purchases:
        place_paid(one, at=at)
        one.refresh_from_db(fields=["state", "paid_at"])
    return None


def place_paid(purchase: Purchase, *, at: datetime) -> None:
    """The money is here: the order is placed, and the shop may pack it."""
    pay_in(purchase, escrow=escrow_of_shop(purchase.shop.code), at=at)
    placed = move_order(code=purchase.code, to=PurchaseState.PLACED, by=None, at=at)
    transaction.on_commit(lambda: signals.order_placed.send(Purchase, purchase=placed))


def ask_payment(*, purchases: Sequence[Purchase], at: datetime) -> Payment:
    """One payment over a checkout's orders, a part for each to which something is due; in the
    transaction that placed them.
    """
    first = purchases[0]
    titled = with_lines(Purchase.objects.filter(pk__in=[one.pk for one in purchases]))
    dues = [(one, due_fen(one)) for one in purchases]
    for one in purchases:
        open_account(code=escrow_of_shop(one.shop.code), kind=AccountKind.ESCROW)
    payment = payments.ask(
        subject=subject_of(first),
        key=f"checkout:{first.checkout_key}",
        way=Way.NOW,
        parts=[
            Part(subject_of(one), escrow_of_shop(one.shop.code), due) for one, due in dues if due
        ],
        payer=Payer(first.code, first.name, first.mobile, first.email, first.language),
        description=_described(titled.select_related("order").order_by("pk")),
        methods=METHODS,
        lapse_at=first.hold_until,
        at=at,
    )
    for one in purchases:
        one.payment_code = payment.code
        one.save(update_fields=["payment_code"])
    return payment


def _described(purchases: Iterable[Purchase]) -> str:
    rows = list(purchases)
    with override(rows[0].language):
        return paid_title(rows)


def paid_title(purchases: Iterable[Purchase]) -> str:
    """The goods and codes of the orders of one payment, in the language of the moment."""
    rows = list(purchases)
    goods = _("、").join(each for one in rows for each in named_goods(standing_lines(one)))
    facts = {"goods": goods, "codes": _("、").join(one.code for one in rows)}
    return _("%(goods)s（订单 %(codes)s）") % facts


def page_to_pay(*, purchase: Purchase, return_url: str, at: datetime, language: str = "") -> str:
    """The provider's page for the payment an order waits for. Outside a transaction.

    Raises
    ------
    NotAllowed
        The order does not wait for a payment, or the provider does not answer.
    """
    if purchase.state != PurchaseState.AWAITING or not purchase.payment_code:
        raise NotAllowed(_("%s 不用付款了。") % purchase.code)
    return payments.hosted_page(
        code=purchase.payment_code, return_url=return_url, at=at, language=language
    )


def came_back(*, code: str, at: datetime) -> Payment:
    """The buyer came back from the page: ask what happened. Outside a transaction."""
    return payments.refresh(code=code, at=at)


def orders_of_payment(code: str) -> QuerySet[Purchase]:
    """The orders a payment is for, in the order in which everybody locks them."""
    rows = Purchase.objects.filter(payment_code=code).select_related("order", "shop", "station")
    return rows.order_by("pk")


@transaction.atomic
def cancel_awaiting(*, code: str, by: User | None, at: datetime) -> None:
    """Let go an order that waits for its payment, with the others of the same payment.

    Raises
    ------
    NotAllowed
        It was paid meanwhile.
    """
    payment_code = Purchase.objects.values_list("payment_code", flat=True).get(code=code)
    try:
        payments.void(code=payment_code, at=at)
    except NothingToPay as error:
        raise NotAllowed(_("这一单刚刚付好了，要取消请看订单页。")) from error
    release_orders(orders_of_payment(payment_code), by=by, at=at)


def release_orders(orders: Iterable[Purchase], *, by: User | None, at: datetime) -> int:
    """Cancel those that still wait for their payment; how many."""
    waiting = [one for one in orders if one.state == PurchaseState.AWAITING]
    for one in waiting:
        give_voucher_back(one)
        bring_credit_back(
            purchase=one,
            amount=credit_in(one)[0],
            escrow=escrow_of_shop(one.shop.code),
            key=f"released:{one.code}",
            at=at,
        )
        move_order(code=one.code, to=PurchaseState.CANCELLED, by=by, at=at)
    return len(waiting)


def release_overdue(*, at: datetime) -> int:
    """Orders whose payment ended without them (a lost message): their packs are free again."""
    over = Purchase.objects.filter(state=PurchaseState.AWAITING, hold_until__lte=at)
    open_still = Payment.objects.filter(state__in=UNPAID)
    ended = over.exclude(payment_code__in=open_still.values("code")).order_by("pk")[:200]
    with transaction.atomic():
        return release_orders(list(ended), by=None, at=at)
