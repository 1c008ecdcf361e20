"""The rules of paying for and sending back an order; no Django models, no clock."""

from datetime import date, datetime, timedelta

HOLD = timedelta(minutes=30)  # packs are kept for an order that waits for its payment
RETURN_DAYS = 7  # from the day after receipt (product.md E7)
CLAIM_DAYS = 14  # to say that something came broken

# What a buyer may use on the provider's page when paying at once.
METHODS = ("card", "alipay", "wechat_pay")

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def hold_until(at: datetime) -> datetime:
    """How long packs are kept for an order placed now."""
    return at + HOLD


def return_until(received_on: date, *, days: int = RETURN_DAYS) -> date:
    """The last day to ask; the day of receipt does not count.

    >>> return_until(date(2026, 9, 1))
    datetime.date(2026, 9, 8)
    """
    return received_on + timedelta(days=days)


def tax_number_is_sound(number: str) -> bool:
    """Whether it is a unified social credit code with a right check character (GB 32100-2015).

    >>> tax_number_is_sound("91350100M000100Y43"), tax_number_is_sound("91350100M000100Y44")
    (True, False)
    """
    if len(number) != len(_WEIGHTS) + 1 or any(char not in _ALPHABET for char in number):
        return False
    body = zip(number, _WEIGHTS, strict=False)
    total = sum(_ALPHABET.index(char) * weight for char, weight in body)
    return _ALPHABET[-total % len(_ALPHABET)] == number[-1]
