"""Photographs of damage: handed out to the buyer, that shop and its auditors, to nobody else."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core import clock
from growers.models import Role, VillageShop
from growers.models.scope import scope_of
from shop.models import ReturnPhoto
from shop.selectors.orders import purchases_for
from shop.views.shown import shown_codes

PLACES = ("1", "2", "3")
LOOKERS = frozenset({Role.SHOP_OPERATOR, Role.AUDITOR})


@never_cache
@require_GET
def photo(request: HttpRequest, number: str, place: str) -> FileResponse:
    """One photograph; a stranger finds none."""
    if place not in PLACES:
        raise Http404
    rows = ReturnPhoto.objects.select_related("request__purchase")
    row = get_object_or_404(rows, request__code=number, number=place)
    if not _may_see(request, row):
        raise Http404
    answer = FileResponse(row.image.open("rb"), content_type="image/jpeg")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _may_see(request: HttpRequest, row: ReturnPhoto) -> bool:
    purchase = row.request.purchase
    own = purchases_for(request.user, shown=shown_codes(request))
    if own.filter(pk=purchase.pk).exists():
        return True
    on = clock.today()
    scope = scope_of(request.user, on, roles=LOOKERS)
    shops = VillageShop.objects.filter(VillageShop.objects.visible_to(scope, on))
    return shops.filter(pk=purchase.shop_id).exists()
