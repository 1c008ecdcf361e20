"""What the tests of pages read and count."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from logistics.services.packing import pack_order, send_order
from tests.factories.logistics import make_lot
from tests.factories.shop import NOON, ListingFactory, PurchaseFactory


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def text_of(response):
    assert response.status_code == 200
    html = re.sub(r"(?s)<(script|style|svg|head).*?</\1>", " ", response.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def assert_chinese(response):
    """No English is left; codes, units and names of the fixture are."""
    said = re.sub(r"\b(CT|SD|LT|WT|PK|JG|HH|ST|VS|CO|PO|PB)-[\w…]*", " ", text_of(response))
    left = set(re.findall(r"[A-Za-z]{2,}", said)) - {"kg", "English"}
    assert not left


def sent_order(**facts):
    listing = ListingFactory(packs=0)
    make_lot(listing, 5_000)
    bought = PurchaseFactory(listing=listing, **facts)
    pack_order(code=bought.code, by=None, at=NOON)
    send_order(code=bought.code, by=None, at=NOON)
    return bought
