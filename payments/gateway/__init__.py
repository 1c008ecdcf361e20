"""The one provider that ``settings.PAYMENT_PROVIDER`` names."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from payments.gateway.base import (
    BadSignature,
    Disputed,
    Gateway,
    Intent,
    Line,
    Missing,
    Page,
    Refused,
    Returned,
    Told,
)

__all__ = [
    "BadSignature",
    "Disputed",
    "Gateway",
    "Intent",
    "Line",
    "Missing",
    "Page",
    "Refused",
    "Returned",
    "Told",
    "gateway",
]


def gateway() -> Gateway:
    """A client of the provider, made from the settings."""
    if settings.PAYMENT_PROVIDER != "stripe":
        raise ImproperlyConfigured("PAYMENT_PROVIDER is not set: nothing is paid through us.")
    from payments.gateway.stripe_client import StripeGateway

    return StripeGateway.from_settings()
