"""What the address form's script asks for; without script the form asks the page itself."""

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from shop.divisions import DIGITS, named, parts_of
from shop.forms.address import PLACE_FIELDS, read_into
from shop.pasted import MOST_CHARACTERS

A_WEEK = 7 * 24 * 3600


@cache_control(public=True, max_age=A_WEEK)
def places(request: HttpRequest, province: str) -> JsonResponse:
    """The cities of a province, each ``[code, name, counties]``, a county ``[code, name]``."""
    if len(province) != DIGITS["province"] or not named(province):
        raise Http404(province)
    cities = [
        [city.code, city.shown, [[one.code, one.shown] for one in parts_of(city.code)]]
        for city in parts_of(province)
    ]
    return JsonResponse({"cities": cities})


@require_POST
def read_address(request: HttpRequest) -> JsonResponse:
    """A pasted lump read into fields; nothing of it is kept."""
    text = request.POST.get("paste", "")[:MOST_CHARACTERS]
    values, said = read_into({"paste": text})
    known = {name: str(values.get(name, "")) for name in ("name", "mobile", *PLACE_FIELDS)}
    return JsonResponse({"fields": known, "said": said})
