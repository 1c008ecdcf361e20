"""One's own orders and reservations: lists by state, and the table to take away."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core import clock
from core.clock import SHANGHAI
from core.http import MemberRequest, asked, page_of
from core.tables import csv_answer
from core.words import local
from shop.divisions import named
from shop.models import FulfilmentKind, PurchaseState
from shop.selectors.alerts import alerts_of
from shop.selectors.order_steps import what_next
from shop.selectors.orders import GROUPS, order_counts, order_rows, orders_of
from shop.selectors.pledges import PLEDGE_GROUPS, pledge_counts, pledges_of

PAGE_SIZE = 10
PLEDGES_SHOWN = 3


@login_required
@never_cache
def account(request: MemberRequest) -> HttpResponse:
    """Own orders, newest first; above them the reservations that are still open."""
    group = asked(request, "state")
    group = group if group in GROUPS else ""
    page = page_of(request, orders_of(request.user, group=group), size=PAGE_SIZE)
    is_front = not group and page.number == 1
    on = clock.today()
    context: dict[str, Any] = {
        "tab": "orders",
        "page": page,
        "rows": [(one, what_next(one, on=on)) for one in page],
        "group": group,
        "groups": _tabs(_order_words(), order_counts(request.user)),
        "alerts": alerts_of(request.user) if is_front else [],
        "pledges": pledges_of(request.user, group="active")[:PLEDGES_SHOWN] if is_front else [],
    }
    return render(request, "shop/orders/account.html", context)


@login_required
@never_cache
def reservations(request: MemberRequest) -> HttpResponse:
    """Own reservations, newest first."""
    group = asked(request, "state")
    group = group if group in PLEDGE_GROUPS else ""
    context = {
        "tab": "reservations",
        "page": page_of(request, pledges_of(request.user, group=group), size=PAGE_SIZE),
        "group": group,
        "groups": _tabs(_pledge_words(), pledge_counts(request.user)),
    }
    return render(request, "shop/account/reservations.html", context)


def _order_words() -> dict[str, str]:
    return {"": _("全部"), "open": _("在路上"), "delivered": _("已收到"), "cancelled": _("已取消")}


def _pledge_words() -> dict[str, str]:
    return {"": _("全部"), "active": _("等截止"), "ordered": _("成团了"), "ended": _("没成或取消")}


def _tabs(words: Mapping[str, str], counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    return [(key, word, counts[key]) for key, word in words.items()]


@login_required
def orders_csv(request: MemberRequest) -> StreamingHttpResponse:
    """Every line of one's own orders as a table."""
    head = [
        *(
            _("订单号"),
            _("下单时间"),
            _("村店"),
            _("状态"),
            _("山货"),
            _("份数"),
            _("单价"),
            _("金额"),
        ),
        *(
            _("运费"),
            _("整单合计"),
            _("怎么拿"),
            _("到哪"),
            _("收货人"),
            _("说好从"),
            _("说好到"),
            _("收到"),
        ),
    ]
    name = f"orders-{clock.today().isoformat()}.csv"
    return csv_answer(name, head, _table(request))


def _table(request: MemberRequest) -> Iterator[list[object]]:
    """Carriage and total stand in an order's first line, so that columns can be added up."""
    last = ""
    for row in order_rows(request.user):
        first = row["code"] != last
        last = row["code"]
        yield [
            *(row["code"], _moment(row["placed_at"]), local(row["shop"], row["shop_en"])),
            *(PurchaseState(row["state"]).label, row["title"], row["packs"]),
            *(row["price"], row["amount"]),
            *((row["carriage"], row["total"]) if first else ("", "")),
            *(FulfilmentKind(row["fulfilment"]).label, _where(row), row["name"]),
            *(row["from_on"], row["to_on"], _moment(row["delivered_at"])),
        ]


def _moment(at: Any) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if at else ""


def _where(row: Mapping[str, Any]) -> str:
    place = (named(row["province_code"]), row["city"], row["address"])
    station = local(row["station"] or "", row["station_en"] or "")
    return station or " ".join(filter(None, place))
