"""What every page shows."""

from django.conf import settings
from django.http import HttpRequest

from core import clock
from core.language import front_path, versions


def site(request: HttpRequest) -> dict[str, object]:
    """The day, the demo switch, the front page, the languages and how full the basket is."""
    basket = getattr(request, "basket", None)
    packs = basket.num_items if basket is not None and basket.id else 0
    return {
        "today": clock.today(),
        "demo": settings.DEMO,
        "basket_packs": packs,
        "front": front_path(),
        "versions": versions(request),
        "site_address": f"{request.scheme}://{request.get_host()}",
    }
