"""Orders as their buyer may see them; a stranger sees nothing."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from core.charts.bars import SplitPart, split_parts
from growers.models import User
from shop.models import Purchase, PurchaseState, ShareKind
from shop.selectors.price_split import amounts_of
from shop.selectors.terms_changes import free_change_of

# How a person sorts orders: what is still to come, what has come, what will not.
GROUPS: dict[str, tuple[PurchaseState, ...]] = {
    "open": (
        PurchaseState.AWAITING,
        PurchaseState.PLACED,
        PurchaseState.PACKED,
        PurchaseState.SENT,
    ),
    "delivered": (PurchaseState.DELIVERED,),
    "cancelled": (PurchaseState.CANCELLED,),
}
LINE_LISTING = "order__lines__product__listing"


def purchases_for(user: Any, *, shown: Collection[str] = ()) -> QuerySet[Purchase]:
    """The orders a buyer may open: their own, and those they proved with code and mobile."""
    own = Q(user=user) if user.is_authenticated else Q(pk__in=[])
    found = Purchase.objects.filter(own | Q(code__in=list(shown)))
    return found.select_related(
        "order__pledge_link__pledge",
        "shop",
        "station__township__parent",
        "collection",
        "invoice",
    )


def with_lines(found: QuerySet[Purchase]) -> QuerySet[Purchase]:
    """Orders with their lines and what a page says of each; one query more."""
    facts = ("form__crop", "variety", "grade")
    lines = get_model("order", "Line").objects.select_related(
        "cancellation", *(f"product__listing__{fact}" for fact in facts)
    )
    return found.prefetch_related(Prefetch("order__lines", lines.order_by("pk")))


def standing_lines(purchase: Purchase) -> list[Any]:
    """The lines of an order that nobody cancelled; no query where they were read before."""
    return [line for line in purchase.order.lines.all() if not line.allocation_cancelled]


def packs_of(title: str, packs: int) -> str:
    """So many packs, in the language of the moment."""
    return _("%(title)s × %(packs)d") % {"title": title, "packs": packs}


def named_goods(lines: Iterable[Any]) -> list[str]:
    """What each line is, in the language of the moment; the lines come with their listings."""
    return [
        packs_of(line.product.listing.title if line.product else line.title, line.quantity)
        for line in lines
    ]


def orders_of(user: User, *, group: str = "") -> QuerySet[Purchase]:
    """A person's own orders, newest first; all of them, or one of ``GROUPS``."""
    own = Purchase.objects.filter(user=user).select_related("order", "shop", "station")
    if group in GROUPS:
        own = own.filter(state__in=GROUPS[group])
    return with_lines(own)


def order_counts(user: User) -> dict[str, int]:
    """How many orders a person has in each group, and in all under ``""``. One query."""
    rows = Purchase.objects.filter(user=user).order_by().values("state")
    by_state = {row["state"]: row["n"] for row in rows.annotate(n=Count("pk"))}
    counts = {key: sum(by_state.get(one, 0) for one in ones) for key, ones in GROUPS.items()}
    return {"": sum(by_state.values()), **counts}


def purchase_by_code_and_mobile(*, code: str, mobile: str) -> Purchase | None:
    """The order that has both; either alone proves nothing."""
    return Purchase.objects.filter(code=code.strip().upper(), mobile=mobile).first()


def buyer_may_cancel(purchase: Purchase, *, at: datetime) -> bool:
    """Until it is packed; what was reserved in a campaign is binding, but for the days after its
    terms were changed."""
    if purchase.state not in (PurchaseState.AWAITING, PurchaseState.PLACED):
        return False
    link = getattr(purchase.order, "pledge_link", None)
    return link is None or free_change_of(link.pledge, at=at) is not None


def order_rows(user: User) -> Iterator[dict[str, Any]]:
    """Every line of a person's own orders, newest first, for a table; one query."""
    lines = get_model("order", "Line").objects.filter(order__purchase__user=user)
    names = {
        "code": "order__purchase__code",
        "placed_at": "order__purchase__placed_at",
        "shop": "order__purchase__shop__name_zh",
        "shop_en": "order__purchase__shop__name_en",
        "state": "order__purchase__state",
        "title": "title",
        "packs": "quantity",
        "price": "unit_price_incl_tax",
        "amount": "line_price_incl_tax",
        "carriage": "order__shipping_incl_tax",
        "total": "order__total_incl_tax",
        "fulfilment": "order__purchase__fulfilment",
        "station": "order__purchase__station__name_zh",
        "station_en": "order__purchase__station__name_en",
        "province_code": "order__purchase__province_code",
        "city": "order__purchase__city",
        "address": "order__purchase__address",
        "name": "order__purchase__name",
        "from_on": "order__purchase__promised_from_on",
        "to_on": "order__purchase__promised_to_on",
        "delivered_at": "order__purchase__delivered_at",
    }
    ordered = lines.order_by("-order__purchase__placed_at", "-order__purchase__pk", "pk")
    for row in ordered.values_list(*names.values()).iterator(chunk_size=500):
        yield dict(zip(names, row, strict=True))


def split_of(purchase: Purchase) -> list[SplitPart]:
    """Where the money for the goods of an order goes, when the shop says so for every line.

    Empty when a line's price has changed since: the shares are of the price of today. The lines
    come with their listings and ``price_shares``.
    """
    sums: dict[ShareKind, Decimal] = dict.fromkeys(ShareKind, Decimal(0))
    for line in purchase.order.lines.all():
        shares = amounts_of(line.product.listing.price_shares.all()) if line.product else {}
        if not shares or sum(shares.values()) != line.unit_price_incl_tax:
            return []
        for kind, amount in shares.items():
            sums[kind] += amount * line.quantity
    return split_parts([(str(kind.label), sums[kind]) for kind in ShareKind])
