"""What every page shows."""

from django.conf import settings
from django.http import HttpRequest

from core import clock


def site(request: HttpRequest) -> dict[str, object]:
    """The day, the demo switch and how many packs are in the basket."""
    basket = getattr(request, "basket", None)
    packs = basket.num_items if basket is not None and basket.id else 0
    return {"today": clock.today(), "demo": settings.DEMO, "basket_packs": packs}
