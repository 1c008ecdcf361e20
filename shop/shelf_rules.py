"""How a listing stands on the shelf: its place in line, its proofs as bits, its band of prices."""

from bisect import bisect_right
from collections.abc import Iterable

from shop.models.listing import ProofKind, SeasonState

SEASON_ORDER = [
    SeasonState.IN_SEASON,
    SeasonState.LAST_WEEKS,
    SeasonState.PRESALE,
    SeasonState.TEASER,
    SeasonState.DORMANT,
]
SOLD_IN = frozenset(SEASON_ORDER[:2])  # the seasons in which a listing can be bought, and sold out
SOLD_OUT = 10  # added to the place in line
PROOF_BITS = {kind.value: 1 << n for n, kind in enumerate(ProofKind)}
BAND_EDGES = [10, 20, 50, 100, 200]  # yuan for 500 g; a band starts at its edge


def shelf_rank(season: str, *, has_stock: bool) -> int:
    """The place in line: seasons in their order; sold out stands behind everything.

    >>> shelf_rank("in_season", has_stock=True), shelf_rank("in_season", has_stock=False)
    (0, 10)
    """
    place = SEASON_ORDER.index(SeasonState(season))
    return place + SOLD_OUT if season in SOLD_IN and not has_stock else place


def proof_bits(kinds: Iterable[str]) -> int:
    """Kinds of proof as one number.

    >>> proof_bits(["compliance", "quarantine"])
    5
    """
    return sum(PROOF_BITS[kind] for kind in set(kinds))


def masks_with(kind: str) -> list[int]:
    """All numbers that hold a kind, so that an index can look them up."""
    bit = PROOF_BITS[kind]
    return [mask for mask in range(1 << len(PROOF_BITS)) if mask & bit]


def band_of(fen_per_500g: int) -> int:
    """The band a price stands in, cheapest first.

    >>> band_of(999), band_of(1000), band_of(999_999)
    (0, 1, 5)
    """
    return bisect_right([edge * 100 for edge in BAND_EDGES], fen_per_500g)
