"""How large a synthetic county is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Counts that a world is built to; shops, households and campaigns are spread over it."""

    name: str
    counties: int
    townships_per_county: int
    villages_per_township: int
    households: int
    shops: int
    campaigns_per_season: int
    orders_per_season: int
    live_campaigns: int


SMALL = Size("small", 2, 1, 2, 60, 4, 16, 60, 4)
DEMO = Size("demo", 9, 2, 3, 3000, 150, 90, 2400, 14)
SIZES = {size.name: size for size in (SMALL, DEMO)}
