"""Price and availability of a product: the stock record's price, the listing's season."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest
from oscar.apps.partner import strategy
from oscar.apps.partner.availability import Unavailable

from shop.availability import availability_of
from shop.partner.availability import InSeason


class SeasonAvailability:
    """Asks the product's listing; callers select it together with the product."""

    def availability_policy(self, product: Any, stockrecord: Any) -> Any:
        try:
            listing = product.listing
        except ObjectDoesNotExist:
            return Unavailable()
        if stockrecord is None:
            return Unavailable()
        return InSeason(availability_of(listing, free=stockrecord.net_stock_level))

    def parent_availability_policy(self, product: Any, children_stock: Any) -> Any:
        """Listings are stand-alone products; a parent is never for sale."""
        return Unavailable()


class SeasonStrategy(
    strategy.UseFirstStockRecord, SeasonAvailability, strategy.NoTax, strategy.Structured
):
    """One stock record a product, our availability, prices as they are."""

    def fetch_for_line(self, line: Any, stockrecord: Any = None) -> Any:
        """A basket line already holds its stock record: no query for it."""
        return self.fetch_for_product(line.product, stockrecord or line.stockrecord)


class Selector(strategy.Selector):
    """The same strategy for everybody."""

    def strategy(
        self, request: HttpRequest | None = None, user: Any = None, **kwargs: Any
    ) -> SeasonStrategy:
        return SeasonStrategy(request)
