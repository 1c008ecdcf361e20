"""What the blocks of a page want to know, so that one look answers all of them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ProductsAsk:
    """Listings by a rule, or those an editor chose."""

    rule: str  # ripe, now, soon, crop, county, chosen
    count: int
    crop: str = ""
    county: str = ""
    chosen: tuple[int, ...] = ()


@dataclass(frozen=True)
class CampaignsAsk:
    """Campaigns that close first, or those an editor chose."""

    count: int
    chosen: tuple[int, ...] = ()


@dataclass(frozen=True)
class CalendarAsk:
    """Rows of hills: what is picked this month, one crop by county, or one county."""

    rule: str  # month, crop, county
    count: int
    crop: str = ""
    county: str = ""


@dataclass(frozen=True)
class RidgeAsk:
    """The year as a range of mountains."""


@dataclass(frozen=True)
class NumbersAsk:
    """Public numbers by name."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class StoriesAsk:
    """The newest stories, or one an editor chose."""

    locale: int
    count: int = 1
    chosen: int | None = None


@dataclass(frozen=True)
class PicturesAsk:
    """Pictures by row, with their sizes."""

    pictures: tuple[int, ...]


Ask = ProductsAsk | CampaignsAsk | CalendarAsk | RidgeAsk | NumbersAsk | StoriesAsk | PicturesAsk
Answers = dict[Ask, Any]
