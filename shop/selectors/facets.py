"""The filters beside the shelf: what can be chosen, how many listings each choice leaves."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from growers.models import Region
from harvest_calendar.models import CropCategory
from shop.models import ProofKind, SeasonState
from shop.selectors.shelf import BY_AGE, BY_PRICE, BY_SEASON, FILTERS, GI, Cell, Found
from shop.shelf_rules import BAND_EDGES, SEASON_ORDER


@dataclass(frozen=True)
class Choice:
    """One way to filter, and the listings it would leave."""

    value: str
    label: str
    listings: int = 0
    is_chosen: bool = False


@dataclass(frozen=True)
class Facet:
    """One question with its choices; ``chosen`` is the answer given."""

    name: str
    label: str
    choices: Sequence[Choice]

    @property
    def chosen(self) -> Choice | None:
        return next((choice for choice in self.choices if choice.is_chosen), None)


def facets(found: Found, *, counties: Mapping[str, Region]) -> list[Facet]:
    """All filters. A choice's figure takes every other filter as it stands, and not its own, so
    that it is the number of the list it leads to; what would lead to nothing is left out."""
    words = _words(counties)
    return [Facet(name, words[name][0], _choices(found, name, words[name][1])) for name in FILTERS]


def _choices(found: Found, name: str, labels: Mapping[str, str]) -> list[Choice]:
    counts, chosen = found.counts[name], getattr(found.query, name)
    return [
        Choice(value, label, counts.get(value, 0), is_chosen=value == chosen)
        for value, label in labels.items()
        if value in counts or value == chosen
    ]


def _words(counties: Mapping[str, Region]) -> dict[str, tuple[str, dict[str, str]]]:
    kinds = {kind.value: _short(kind) for kind in ProofKind}
    return {
        "category": (_("种类"), {one.value: str(one.label) for one in CropCategory}),
        "county": (_("产地"), {code: region.name for code, region in sorted(counties.items())}),
        "season": (_("季节"), {one.value: str(SeasonState(one).label) for one in SEASON_ORDER}),
        "price": (_("每 500 g"), {str(n): _band(n) for n in range(len(BAND_EDGES) + 1)}),
        "proof": (_("证明"), {GI: _("地理标志"), **kinds}),
    }


def _short(kind: ProofKind) -> str:
    """A kind of proof in the few words that fit a filter."""
    return {
        ProofKind.COMPLIANCE: _("合格证"),
        ProofKind.LICENCE: _("生产许可"),
        ProofKind.QUARANTINE: _("检疫证明"),
        ProofKind.SELF_GROWN: _("自产声明"),
    }[kind]


def _band(number: int) -> str:
    if number == 0:
        return _("¥%(high)d 以下") % {"high": BAND_EDGES[0]}
    if number == len(BAND_EDGES):
        return _("¥%(low)d 以上") % {"low": BAND_EDGES[-1]}
    return _("¥%(low)d—%(high)d") % {"low": BAND_EDGES[number - 1], "high": BAND_EDGES[number]}


def orders(chosen: str) -> list[Choice]:
    """The ways to sort."""
    labels = {BY_SEASON: _("当季在前"), BY_PRICE: _("便宜的在前"), BY_AGE: _("新上架在前")}
    return [Choice(value, label, is_chosen=value == chosen) for value, label in labels.items()]


def in_season_by_crop(cells: Iterable[Cell]) -> dict[int, int]:
    """How many listings of each crop are in season, most first."""
    ripe = set(SEASON_ORDER[:2])
    counts: Counter[int] = Counter()
    for cell in cells:
        if cell.season in ripe:
            counts[cell.crop_id] += cell.listings
    return dict(counts.most_common())
