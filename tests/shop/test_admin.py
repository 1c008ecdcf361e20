"""The admin shows orders and listings and changes none of them."""

import pytest
from django.urls import reverse

from shop.models import Purchase
from tests.factories.shop import ListingFactory, PurchaseFactory, make_rate_card

pytestmark = pytest.mark.django_db


SHOWN = ["listing", "purchase", "listingproof", "campaign", "pledge", "setback", "waitingentry"]


@pytest.mark.parametrize("model", [*SHOWN, "pledgetier", "stretchgoal"])
def test_lists_open(admin_client, model):
    PurchaseFactory()

    assert admin_client.get(reverse(f"admin:shop_{model}_changelist")).status_code == 200


def test_state_of_an_order_cannot_be_typed(admin_client):
    purchase = PurchaseFactory()
    address = reverse("admin:shop_purchase_change", args=[purchase.pk])

    refused = admin_client.post(address, {"state": "delivered"})

    assert refused.status_code == 403
    assert Purchase.objects.get().state == "placed"


def test_rate_card_can_be_edited(admin_client):
    card = make_rate_card()

    page = admin_client.get(reverse("admin:shop_ratecard_change", args=[card.pk]))

    assert page.status_code == 200
    assert "first_kg" in page.content.decode()


def test_listing_list_queries_do_not_grow(admin_client, django_assert_max_num_queries):
    ListingFactory()
    address = reverse("admin:shop_listing_changelist")
    admin_client.get(address)
    with django_assert_max_num_queries(20) as one:
        admin_client.get(address)
    ListingFactory()
    ListingFactory()

    with django_assert_max_num_queries(20) as three:
        admin_client.get(address)

    assert len(one) == len(three)
