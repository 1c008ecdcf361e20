"""What can go wrong in the shop; every sentence is for the person who meets it.

PlatformError
├── NotAllowed
│   └── NotForSale      the listing cannot be bought now: season, state or sale class
└── NotEnoughStock      one or more listings have too few free packs
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import NotAllowed, PlatformError


class NotForSale(NotAllowed):
    """A listing cannot be bought now."""


@dataclass(frozen=True)
class Shortage:
    """A listing with fewer free packs than wanted."""

    listing_code: str
    title: str
    wanted: int
    left: int

    def __str__(self) -> str:
        if self.left <= 0:
            return _("%(title)s卖完了") % {"title": self.title}
        facts = {"title": self.title, "wanted": self.wanted, "left": self.left}
        return _("%(title)s要 %(wanted)d 份，只剩 %(left)d 份") % facts


class NotEnoughStock(PlatformError):
    """Some listings have too few free packs; every shortage is named at once."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        said = _("；").join(str(shortage) for shortage in shortages)
        super().__init__(_("%s。请改一下份数再下单，别的都还在篮子里。") % said)
        self.shortages = tuple(shortages)
