"""Orders as their buyer may see them; a stranger sees nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from growers.models import User
from shop.models import FulfilmentKind, Purchase, PurchaseState


def purchases_for(user: Any, *, shown: Collection[str] = ()) -> QuerySet[Purchase]:
    """The orders a buyer may open: their own, and those they proved with code and mobile."""
    own = Q(user=user) if user.is_authenticated else Q(pk__in=[])
    found = Purchase.objects.filter(own | Q(code__in=list(shown)))
    return found.select_related(
        "order__pledge_link", "shop", "station__township__parent", "collection"
    )


def orders_of(user: User) -> QuerySet[Purchase]:
    """A person's own orders, newest first."""
    own = Purchase.objects.filter(user=user).select_related("order", "shop", "station")
    return own.prefetch_related("order__lines")


def purchase_by_code_and_mobile(*, code: str, mobile: str) -> Purchase | None:
    """The order that has both; either alone proves nothing."""
    return Purchase.objects.filter(code=code.strip().upper(), mobile=mobile).first()


def buyer_may_cancel(purchase: Purchase) -> bool:
    """Until it is packed; what was reserved in a campaign is binding."""
    return purchase.state == PurchaseState.PLACED and not hasattr(purchase.order, "pledge_link")


@dataclass(frozen=True)
class Step:
    """One step of an order's way."""

    title: str
    state: str  # done, here, next, failed
    at: datetime | None
    note: str


def timeline(purchase: Purchase) -> list[Step]:
    """Placed, packed, sent, delivered; a cancelled order stops where it stopped."""
    moved = {change.new: change.at for change in purchase.changes.all()}
    if purchase.state == PurchaseState.CANCELLED:
        return _cancelled(moved)
    ways = list(_titles(purchase))
    reached = max(i for i, (state, _title, _note) in enumerate(ways) if state in moved)
    return [
        Step(title, _progress(i, reached, last=len(ways) - 1), moved.get(state), note)
        for i, (state, title, note) in enumerate(ways)
    ]


def _progress(index: int, reached: int, *, last: int) -> str:
    if index < reached or index == reached == last:
        return "done"
    return "here" if index == reached else "next"


def _titles(purchase: Purchase) -> Sequence[tuple[str, str, str]]:
    collect = purchase.fulfilment == FulfilmentKind.COLLECT
    return [
        (PurchaseState.PLACED, _("已下单"), _("村店收到订单，按批次备货。")),
        (PurchaseState.PACKED, _("已打包"), _("一份一份称好，封了箱。")),
        (
            PurchaseState.SENT,
            _("已发往站点") if collect else _("已发出"),
            _("到站后报订单号和手机号后四位取货。") if collect else _("快递已经揽收。"),
        ),
        (
            PurchaseState.DELIVERED,
            _("已取货") if collect else _("已收货"),
            _("东西到手，这一单就完了。"),
        ),
    ]


def _cancelled(moved: dict[str, datetime]) -> list[Step]:
    return [
        Step(_("已下单"), "done", moved.get(PurchaseState.PLACED), ""),
        Step(_("已取消"), "failed", moved.get(PurchaseState.CANCELLED), _("没有收钱，货已放回。")),
    ]
