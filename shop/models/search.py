"""What shelf and search look at: one narrow row a published listing, and how many stand together.

Both tables hold nothing of their own. ``shop/services/search_rows.py`` makes them from listings,
proofs and stock and keeps them so.
"""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup
from django.db.models.sql.compiler import SQLCompiler

from harvest_calendar.models import Crop
from shop.models.listing import Listing, SeasonState

TEXT_TABLE = "shop_listingsearch_text"  # SQLite's full-text table, see shop/search/text_index.py
TEXT_KEY = "listing_id"
COUNTY_DIGITS = 6
LATEST = ["-published_at", "-pk"]
_LATEST = ["-published_at", "-listing"]  # as an index names its columns


class PairsField(models.TextField[str, str]):
    """Words and pairs of characters between single spaces; ``pairs__hold=[…]`` asks for all."""

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Migrations see the text column that it is."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


@PairsField.register_lookup
class Hold(Lookup[Any]):
    """Every part is among the pairs, found by an index on either database.

    Parts are what ``shop.search.pairs`` cuts: letters, figures and Chinese characters only, so
    that none can speak the databases' query languages.
    """

    lookup_name = "hold"
    prepare_rhs = False

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[str]]:
        column, _params = self.process_lhs(compiler, connection)
        wanted = " & ".join(f"'{part}'" for part in self.rhs)
        return f"array_to_tsvector(string_to_array({column}, ' ')) @@ %s::tsquery", [wanted]

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[str]]:
        row = f"{compiler.quote_name_unless_alias(self.lhs.alias)}.{TEXT_KEY}"
        wanted = " AND ".join(f'"{part}"' for part in self.rhs)
        found = f"SELECT rowid FROM {TEXT_TABLE} WHERE {TEXT_TABLE} MATCH %s"  # noqa: S608  # fixed names
        return f"{row} IN ({found})", [wanted]


class ShelfFacts(models.Model):
    """What a published listing is filtered by."""

    crop = models.ForeignKey(Crop, on_delete=models.CASCADE, related_name="+", db_index=False)
    county = models.CharField(max_length=COUNTY_DIGITS)  # the leading digits of its region code
    season = models.CharField(max_length=10, choices=SeasonState.choices)
    proofs = models.PositiveSmallIntegerField(default=0)  # one bit a kind, see shop/shelf_rules.py
    is_gi = models.BooleanField(default=False)  # its crop's protected name covers its county
    band = models.PositiveSmallIntegerField()  # of the price for 500 g

    class Meta:
        abstract = True


class ListingSearch(ShelfFacts):
    """A published listing as shelf and search see it; a listing that is not shown has no row."""

    listing = models.OneToOneField(
        Listing, on_delete=models.CASCADE, related_name="search_row", primary_key=True
    )
    rank = models.PositiveSmallIntegerField()  # in season first, what is sold out last
    fen_per_500g = models.PositiveBigIntegerField()
    published_at = models.DateTimeField()
    words = models.TextField()  # the words themselves, for one character and for whole phrases
    pairs = PairsField()

    class Meta:
        ordering = ["rank", *LATEST]
        indexes = [
            models.Index(fields=["rank", *_LATEST], name="shelf_by_season"),
            models.Index(fields=["crop", "rank", *_LATEST], name="shelf_of_crop"),
            models.Index(fields=["fen_per_500g", *_LATEST], name="shelf_by_price"),
            models.Index(fields=_LATEST, name="shelf_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id}"


class ShelfCell(ShelfFacts):
    """How many published listings share all that one can filter by.

    A few hundred rows count any shelf, so that no page counts listings.
    """

    listings = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["crop", "county", "season", "band"]
        constraints = [
            models.UniqueConstraint(
                fields=["crop", "county", "season", "proofs", "is_gi", "band"],
                name="shelf_cell_stands_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.crop_id} {self.county} {self.listings}"
