"""What the address of a shelf asks for; what it cannot mean is as if it were not there."""

from django.http import HttpRequest

from core.http import asked
from harvest_calendar.models import CropCategory
from shop.forms.fields import clean_line
from shop.models import ProofKind, SeasonState
from shop.models.search import COUNTY_DIGITS
from shop.search.pairs import MAX_QUERY
from shop.selectors.shelf import GI, ORDERS, REGION_DIGITS, ShelfQuery, region_code
from shop.shelf_rules import BAND_EDGES

_MAY_BE = {
    "category": frozenset(CropCategory.values),
    "season": frozenset(SeasonState.values),
    "proof": frozenset([*ProofKind.values, GI]),
    "price": frozenset(str(n) for n in range(len(BAND_EDGES) + 1)),
    "sort": frozenset(ORDERS),
}


def shelf_query(request: HttpRequest) -> ShelfQuery:
    """The filters and the order that the address names."""
    given = {name: asked(request, name) for name in _MAY_BE}
    known = {name: value for name, value in given.items() if value in _MAY_BE[name]}
    return ShelfQuery(county=_county(request), crop=asked(request, "crop"), **known)


def _county(request: HttpRequest) -> str:
    code = asked(request, "county")
    is_code = code.isascii() and code.isdigit() and len(code) <= REGION_DIGITS
    return region_code(code[:COUNTY_DIGITS]) if code and is_code else ""


def typed(request: HttpRequest) -> str:
    """What was typed into the search box, cut short and without marks that turn the page."""
    return clean_line(asked(request, "q", most=MAX_QUERY))
