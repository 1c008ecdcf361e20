"""What belongs to a mobile number that was proved."""

from django.db.models import QuerySet

from shop.models import Pledge, Purchase


def orders_of_number(mobile: str) -> QuerySet[Purchase]:
    """The orders placed with a number, newest first."""
    own = Purchase.objects.filter(mobile=mobile).select_related("order", "shop", "station")
    return own.prefetch_related(
        "order__lines__product__listing__form__crop",
        "order__lines__product__listing__variety",
        "order__lines__product__listing__grade",
    )


def pledges_of_number(mobile: str) -> QuerySet[Pledge]:
    """The reservations made with a number that did not become orders, newest first."""
    own = Pledge.objects.filter(mobile=mobile, order_link__isnull=True)
    return own.select_related(
        "campaign__listing__product",
        "campaign__listing__form__crop",
        "campaign__listing__variety",
        "campaign__listing__grade",
    ).order_by("-created_at", "-pk")


def codes_of_number(mobile: str) -> list[str]:
    """The codes of the orders placed with a number."""
    return list(Purchase.objects.filter(mobile=mobile).order_by().values_list("code", flat=True))


def pledge_codes_of_number(mobile: str) -> list[str]:
    """The codes of the reservations made with a number."""
    return list(Pledge.objects.filter(mobile=mobile).order_by().values_list("code", flat=True))
