"""Reserving with the address form of the checkout."""

import pytest
import time_machine
from django.urls import reverse

from shop.models import Pledge
from tests.factories.presale import CampaignFactory, with_terms
from tests.factories.shop import (
    NOON,
    make_rate_card,
)
from tests.shop.test_address_form import FULL, LUMP, value

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    make_rate_card()
    with time_machine.travel(NOON, tick=False):
        yield CampaignFactory()


# Reserving with the same form -------------------------------------------------------------------


def test_a_lump_is_read_into_a_reservation_too(client, campaign):
    url = reverse("shop:campaign", args=[campaign.code])

    response = client.post(
        url, {"packs": "2", "fulfilment": "delivery", "paste": LUMP, "step": "read"}
    )

    assert response.status_code == 200
    assert (value(response, "packs"), value(response, "county_code")) == ("2", "621202")
    assert not Pledge.objects.exists()


def test_a_promise_that_moved_is_shown_before_it_is_accepted(client, campaign):
    url = reverse("shop:campaign", args=[campaign.code])
    data = {
        **FULL,
        "packs": "1",
        "fulfilment": "delivery",
        "submit_key": "key-1",
        "seen": value(client.get(url), "seen"),
    }
    with_terms(campaign, price=campaign.price + 5)

    refused = client.post(url, data)
    data["seen"] = value(refused, "seen")
    client.post(url, data)

    assert refused.status_code == 422
    assert "日子或价钱刚刚变了" in refused.content.decode()
    assert value(refused, "address") == "东街2号"
    assert Pledge.objects.count() == 1
