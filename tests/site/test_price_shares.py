"""Half of the county's shops say where their prices go, and every fen adds up."""

import pytest

from shop.models import Listing
from shop.selectors.price_split import price_split
from tests.site.world import Site

pytestmark = pytest.mark.django_db


def test_about_half_of_the_shops_publish_a_split_that_is_the_price(site: Site) -> None:
    rows = Listing.objects.prefetch_related("price_shares")

    saying = [row for row in rows if row.price_shares.all()]

    shops = {row.shop_id for row in saying}
    assert len(site.world.shops) * 0.4 <= len(shops) <= len(site.world.shops) * 0.6
    assert all(sum(p.amount for p in price_split(row)) == row.price for row in saying)
    assert len(saying) < rows.count()
