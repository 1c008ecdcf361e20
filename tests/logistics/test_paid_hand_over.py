"""Orders paid through us are handed over without taking money."""

import pytest
from django.urls import reverse

from core.errors import NotAllowed
from logistics.services.packing import deliver_order, pack_order, send_order
from shop.models import Collection
from shop.services.moving import receive_payment
from tests.factories.logistics import keeper_of, make_lot
from tests.factories.payouts import pay_into_escrow
from tests.factories.shop import NOON, ListingFactory, PurchaseFactory
from tests.logistics.pages import assert_chinese, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def sent():
    listing = ListingFactory(packs=0)
    make_lot(listing, 5_000)
    bought = pay_into_escrow(PurchaseFactory(listing=listing))
    pack_order(code=bought.code, by=None, at=NOON)
    send_order(code=bought.code, by=None, at=NOON)
    bought.refresh_from_db()
    return bought


def test_keeper_hands_a_paid_order_over_without_money(signed_in, sent):
    client = signed_in(keeper_of(sent.station))
    address = reverse("logistics:hand_over", args=[sent.code])

    shown = client.get(address)
    done = client.post(address, follow=True)

    assert "不要再收钱" in text_of(shown)
    assert_chinese(shown)
    assert "网上付过的" in text_of(done)
    sent.refresh_from_db()
    assert sent.state == "delivered"
    assert not Collection.objects.exists()


def test_a_paid_order_takes_no_money_again(sent):
    keeper = keeper_of(sent.station)
    told = {"code": sent.code, "amount": sent.order.total_incl_tax, "means": "cash"}

    with pytest.raises(NotAllowed, match="付过了"):
        receive_payment(**told, by=keeper, at=NOON)
    with pytest.raises(NotAllowed, match="付过了"):
        deliver_order(**told, by=keeper, at=NOON)

    sent.refresh_from_db()
    assert sent.state == "sent"
