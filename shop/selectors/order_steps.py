"""How far an order has come, and what happens next, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from core.templatetags.shanhuo import day, day_range
from shop.models import FulfilmentKind, Purchase, PurchaseState

ON_THE_WAY = frozenset({PurchaseState.PLACED, PurchaseState.PACKED, PurchaseState.SENT})


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
        return _cancelled(moved, was_paid=purchase.paid_at is not None)
    ways = list(_titles(purchase))
    if purchase.state == PurchaseState.AWAITING:
        waits = Step(_("等付款"), "here", moved.get(PurchaseState.AWAITING), "")
        return [waits, *(Step(title, "next", None, "") for _state, title, _note in ways)]
    reached = max(i for i, (state, _title, _note) in enumerate(ways) if state in moved)
    return [
        Step(
            title,
            _progress(i, reached, last=len(ways) - 1),
            moved.get(state),
            note if i <= reached else "",
        )
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


def _cancelled(moved: dict[str, datetime], *, was_paid: bool) -> list[Step]:
    back = _("钱原路退回，货已放回。") if was_paid else _("没有收钱，货已放回。")
    placed_at = moved.get(PurchaseState.AWAITING, moved.get(PurchaseState.PLACED))
    return [
        Step(_("已下单"), "done", placed_at, ""),
        Step(_("已取消"), "failed", moved.get(PurchaseState.CANCELLED), back),
    ]


def is_late(purchase: Purchase, *, on: date) -> bool:
    """The promised days are over and it is not there."""
    return purchase.state in ON_THE_WAY and on > purchase.promised_to_on


def what_next(purchase: Purchase, *, on: date) -> str:
    """One sentence on what comes next; empty when nothing does."""
    if purchase.state not in ON_THE_WAY:
        return ""
    if is_late(purchase, on=on):
        text = _("说好 %(day)s以前到，现在晚了。打村店电话问一声，我们也在催。")
        return text % {"day": day(purchase.promised_to_on)}
    span = day_range(purchase.promised_from_on, purchase.promised_to_on)
    return _next_words(purchase) % {"span": span}


def _next_words(purchase: Purchase) -> str:
    if purchase.fulfilment == FulfilmentKind.COLLECT:
        return {
            PurchaseState.PLACED: _("接下来村店称重装箱，%(span)s送到站点。"),
            PurchaseState.PACKED: _("接下来送往站点，%(span)s能取。"),
            PurchaseState.SENT: _("正送往站点，%(span)s能取；到站后报订单号和手机号后四位。"),
        }[PurchaseState(purchase.state)]
    return {
        PurchaseState.PLACED: _("接下来村店称重装箱，%(span)s快递送到。"),
        PurchaseState.PACKED: _("接下来交给快递，%(span)s送到。"),
        PurchaseState.SENT: _("快递在路上，%(span)s送到。"),
    }[PurchaseState(purchase.state)]
