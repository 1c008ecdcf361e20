"""Weight in whole grams, money in yuan with two places or whole fen."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

GRAMS_PER_KG = 1000
GRAMS_PER_JIN = 500
FEN = Decimal("0.01")
FEN_PER_YUAN = 100


def yuan(amount: Decimal | int | str) -> Decimal:
    """Round to whole fen, half up.

    >>> yuan("1.005")
    Decimal('1.01')
    """
    return Decimal(amount).quantize(FEN, rounding=ROUND_HALF_UP)


def fen(amount: Decimal) -> int:
    """Whole fen in an amount of yuan.

    >>> fen(Decimal("12.30"))
    1230
    """
    return int(yuan(amount) * FEN_PER_YUAN)


def from_fen(amount: int) -> Decimal:
    """Yuan of a whole number of fen.

    >>> from_fen(1230)
    Decimal('12.30')
    """
    return yuan(Decimal(amount) / FEN_PER_YUAN)


def amount_for(*, price_per_kg: Decimal, weight_g: int) -> Decimal:
    """What a weight costs at a price per kg, rounded to the fen.

    >>> amount_for(price_per_kg=Decimal("18.00"), weight_g=2500)
    Decimal('45.00')
    """
    return yuan(price_per_kg * weight_g / GRAMS_PER_KG)


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """Split a whole number by weights so that the parts sum to it (largest remainder).

    Raises
    ------
    ValueError
        When a weight is negative or all are zero.

    >>> shares(100, [1, 1, 1])
    [34, 33, 33]
    """
    if min(weights, default=0) < 0 or sum(weights) <= 0:
        raise ValueError("weights must be non-negative and not all zero")
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_rest = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_rest[: total - sum(parts)]:
        parts[i] += 1
    return parts
