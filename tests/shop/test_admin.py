"""The admin shows orders and listings and changes none of them."""

from datetime import date

import pytest
from django.urls import reverse

from shop.models import Purchase, Voucher
from tests.factories.growers import UserFactory
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


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"most_uses": "1"}, "已经用了 2 次"),
        ({"amount": "100.00"}, "要比券面多"),
        ({"amount": "-5"}, "券面要大于零"),
        ({"valid_to": "2026-07-01"}, "不能早于开始"),
    ],
)
def test_voucher_that_cannot_be_says_what_to_change(client, facts, said):
    voucher = Voucher.objects.create(
        code="QIU10", amount=10, least_goods=100, valid_from=date(2026, 8, 1),
        valid_to=date(2026, 9, 30), most_uses=5, used=2,
    )  # fmt: skip
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    typed = {
        "code": "QIU10", "amount": "10.00", "least_goods": "100.00", "valid_from": "2026-08-01",
        "valid_to": "2026-09-30", "most_uses": "5", "note": "",
    }  # fmt: skip

    answer = client.post(f"/admin/shop/voucher/{voucher.pk}/change/", {**typed, **facts})

    assert answer.status_code == 200
    assert said in answer.content.decode()
    voucher.refresh_from_db()
    assert (voucher.amount, voucher.most_uses) == (10, 5)
