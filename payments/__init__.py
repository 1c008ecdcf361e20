"""Taking money and giving it back, through a provider, exactly once."""

from django.conf import settings


def enabled() -> bool:
    """Whether buyers can pay through us; if not, everything is paid on collection."""
    return bool(settings.PAYMENT_PROVIDER)


def least_charge() -> int:
    """Fen below which the provider takes no payment."""
    return int(settings.PAYMENT_LEAST_FEN)
