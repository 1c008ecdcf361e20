"""Whose desk a workspace page is: the operator's own shop, never another's."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from core import clock
from core.http import MemberRequest
from growers.access import role_required
from growers.models import Role, VillageShop
from growers.selectors import memberships_of

OPERATOR = Role.SHOP_OPERATOR
CHOSEN = "work_shop"


class DeskRequest(MemberRequest):
    """A request at a shop's desk."""

    shop: VillageShop
    shops: list[VillageShop]


def operated_shops(request: HttpRequest) -> list[VillageShop]:
    """The shops the person runs today, by code."""
    mine = memberships_of(request.user, clock.today()).filter(role=OPERATOR)
    shops = VillageShop.objects.filter(pk__in=mine.values("shop"))
    return list(shops.select_related("village__parent", "station", "cooperative"))


def desk(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
    """Open a page to shop operators; ``request.shop`` is the shop worked on.

    Who runs several shops changes with ``?shop=<code>``, kept in the session.
    """

    @wraps(view)
    def opened(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.shops = operated_shops(request)
        if not request.shops:
            raise Http404
        request.shop = _chosen(request)
        return view(request, *args, **kwargs)

    return role_required(OPERATOR)(opened)


def _chosen(request: DeskRequest) -> VillageShop:
    asked = request.GET.get("shop", "")
    by_code = {shop.code: shop for shop in request.shops}
    if asked:
        if asked not in by_code:
            raise Http404
        request.session[CHOSEN] = asked
    return by_code.get(request.session.get(CHOSEN, ""), request.shops[0])
