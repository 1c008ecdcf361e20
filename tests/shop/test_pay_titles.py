"""What is paid for is named, in the reader's language, on our page and on the provider's."""

from decimal import Decimal

import pytest
from django.test import Client

from devtools.stripe_emulator.testing import Running
from payments import links
from payments.models import HostedPage, Payment
from tests.factories.shop import NOON, ListingFactory
from tests.logistics.pages import text_of
from tests.shop.buying import awaiting, stripe

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("core.clock.now", lambda: NOON)


def test_pay_page_names_the_goods_of_every_order(client: Client, stripe: Running) -> None:
    one, other = ListingFactory(), ListingFactory(price=Decimal("30.00"))
    first, second = awaiting(one, other)
    link = links.pay_link(Payment.objects.get())

    chinese = text_of(client.get(link))
    english = text_of(client.get(f"/en{link}"))

    for listing in (one, other):
        assert f"{listing.product.title} × 2" in chinese
    assert f"（订单 {first.code}、{second.code}）" in chinese
    assert one.product.title not in english
    assert f"(order {first.code}, {second.code})" in english


def test_provider_names_them_in_the_language_of_who_goes_there(
    client: Client, stripe: Running
) -> None:
    [order] = awaiting(ListingFactory())
    link = links.pay_link(Payment.objects.get())

    client.post(link)
    client.post(link)
    client.post(f"/en{link}")

    chinese, english = HostedPage.objects.order_by("pk")
    assert (chinese.state, english.state) == ("expired", "open")
    assert "× 2（订单" in chinese.params["description"]
    assert f"(order {order.code})" in english.params["description"]
    assert english.params["language"] == "en"
