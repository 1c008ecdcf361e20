"""What the builders hand to each other."""

from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np

from devtools.county.size import Size
from devtools.county.walk_choice import WalkChoice
from growers.models import (
    Cooperative,
    Household,
    Hub,
    PlanningArea,
    Region,
    Station,
    User,
    VillageShop,
)


@dataclass
class World:
    """The rows built so far, in the order of the builders."""

    size: Size
    rng: np.random.Generator
    today: date
    now: datetime
    walk: WalkChoice
    counties: list[Region] = field(default_factory=list)
    townships: list[Region] = field(default_factory=list)
    villages: list[Region] = field(default_factory=list)
    cooperatives: dict[str, Cooperative] = field(default_factory=dict)  # by county code
    areas: dict[str, PlanningArea] = field(default_factory=dict)  # by county code
    hubs: dict[str, Hub] = field(default_factory=dict)  # by county code
    metropolitan: Hub | None = None
    stations: dict[str, Station] = field(default_factory=dict)  # by township code
    shops: list[VillageShop] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    people: dict[str, User] = field(default_factory=dict)  # sign-ins by name

    def pick(self, count: int) -> int:
        """A random index below ``count``."""
        return int(self.rng.integers(count))
