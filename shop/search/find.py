"""Finding listings by what a person typed; the same answer on SQLite and PostgreSQL."""

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from shop.models import Listing
from shop.search.pairs import MAX_QUERY, parts, words


def found_by(listings: QuerySet[Listing], query: str) -> QuerySet[Listing]:
    """Listings whose text holds every word typed, those with it in the title first.

    Pairs narrow the rows (any order), the phrase is checked after (right order): 椒花 does not
    find 花椒. A query without a word finds nothing.
    """
    typed = words(query[:MAX_QUERY])
    if not typed:
        return listings.none()
    for word in typed:
        listings = listings.filter(_holds(word))
    in_title = Q(product__title__icontains=query.strip()[:MAX_QUERY])
    rank = Case(When(in_title, then=Value(0)), default=Value(1), output_field=IntegerField())
    return listings.annotate(in_title=rank).order_by("in_title", *listings.query.order_by)


def _holds(word: str) -> Q:
    phrase = Q(search_row__pairs__contains=word)
    cut = parts(word)
    if len(cut) < 2:
        return phrase
    found = phrase
    for part in cut:
        found &= Q(search_row__pairs__contains=f" {part} ")
    return found
