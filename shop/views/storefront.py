"""Oscar's own catalogue addresses."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from shop.models import Listing


def to_listing(request: HttpRequest, path: str = "") -> HttpResponse:
    """Oscar's catalogue addresses lead to ours: ``<slug>_<id>/`` to its listing, else the shelf."""
    _slug, _mark, number = path.strip("/").rpartition("_")
    if number.isdigit() and not path.startswith("category/"):
        one = Listing.objects.filter(product_id=int(number)).first()
        if one is None:
            raise Http404
        return redirect("shop:listing", code=one.code)
    return redirect("shop:list")
