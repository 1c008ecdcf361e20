"""How the money of an order line is split: pure counting in whole fen, nothing read or written.

Growers come first. Each slip gets its own price for the weight that is in the line; what the shop
publishes as the growers' share beyond that goes to the same households by weight. The rest is
split as the shop publishes it, or by ``POLICY``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.units import shares
from shop.models import ShareKind

# How what is left after the growers is split where the shop says nothing.
POLICY: dict[ShareKind, int] = {
    ShareKind.PACKING: 26,
    ShareKind.TRANSPORT: 36,
    ShareKind.SHOP: 30,
    ShareKind.PLATFORM: 8,
}


@dataclass(frozen=True)
class SlipPart:
    """A slip's part of a line: its grams as packed, and what its own price makes of them."""

    slip: int
    packed_g: Fraction
    price_fen: Fraction
    open_fen: int  # no more than this is left of the slip's amount


@dataclass(frozen=True)
class SlipMoney:
    """What a slip gets of a line."""

    slip: int
    due_fen: int
    extra_fen: int


@dataclass(frozen=True)
class LineSplit:
    """A line's money, to the fen."""

    slips: tuple[SlipMoney, ...]
    untraced_fen: int  # growers' money for grams that no slip stands behind
    rest: Mapping[ShareKind, int]

    @property
    def total_fen(self) -> int:
        """All of it: the line's amount."""
        grown = sum(one.due_fen + one.extra_fen for one in self.slips)
        return grown + self.untraced_fen + sum(self.rest.values())


def whole_fen(parts: Sequence[Fraction]) -> list[int]:
    """Round fractions of a fen so that they sum to their rounded sum (largest remainder).

    >>> whole_fen([Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)])
    [1, 0, 0]
    """
    total = int(sum(parts, Fraction(0)) + Fraction(1, 2))
    found = [int(part) for part in parts]
    by_rest = sorted(range(len(parts)), key=lambda i: (int(parts[i]) - parts[i], i))
    for i in by_rest[: total - sum(found)]:
        found[i] += 1
    return found


def split_line(
    *,
    amount_fen: int,
    grower_fen: int,
    packed_g: int,
    slips: Sequence[SlipPart],
    weights: Mapping[ShareKind, int],
) -> LineSplit:
    """Split a line's amount; ``grower_fen`` is what growers get of it at least.

    Examples
    --------
    >>> part = SlipPart(1, Fraction(500), Fraction(1800), open_fen=9000)
    >>> line = split_line(
    ...     amount_fen=5800, grower_fen=2000, packed_g=500, slips=[part], weights=POLICY
    ... )
    >>> line.slips, line.total_fen
    ((SlipMoney(slip=1, due_fen=1800, extra_fen=200),), 5800)
    """
    promised = min(grower_fen, amount_fen)
    traced_g = sum((one.packed_g for one in slips), Fraction(0))
    untraced_fen = int(promised * max(1 - traced_g / packed_g, Fraction(0)))
    dues = _within(_dues(slips), amount_fen - untraced_fen)
    extras = _extras(slips, promised - untraced_fen - sum(dues))
    rest_fen = amount_fen - untraced_fen - sum(dues) - sum(extras)
    return LineSplit(
        slips=tuple(
            SlipMoney(one.slip, due, extra)
            for one, due, extra in zip(slips, dues, extras, strict=True)
        ),
        untraced_fen=untraced_fen,
        rest=_rest(rest_fen, weights),
    )


def _dues(slips: Sequence[SlipPart]) -> list[int]:
    exact = whole_fen([one.price_fen for one in slips])
    return [min(due, one.open_fen) for due, one in zip(exact, slips, strict=True)]


def _within(dues: list[int], most: int) -> list[int]:
    """A line that brought less than the slips' price gives them all of it, in proportion."""
    return dues if sum(dues) <= most else shares(most, dues)


def _extras(slips: Sequence[SlipPart], extra_fen: int) -> list[int]:
    if extra_fen <= 0 or not slips:
        return [0] * len(slips)
    common = 1
    for one in slips:
        common = common * one.packed_g.denominator
    return shares(extra_fen, [int(one.packed_g * common) for one in slips])


def _rest(rest_fen: int, weights: Mapping[ShareKind, int]) -> dict[ShareKind, int]:
    if not sum(weights.values()):
        return {ShareKind.SHOP: rest_fen}
    return dict(zip(weights, shares(rest_fen, list(weights.values())), strict=True))
