"""One's orders and reservations by number and code; joining an account at sign-in."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from core import clock
from core.codes import new_code
from notices.http import PROOF_LASTS
from shop.contact import Contact
from shop.models import Purchase
from shop.services.moving import cancel_order
from shop.views.look_up import TRIES_FROM_AN_ADDRESS, TRIES_OF_A_CODE
from tests.factories.growers import UserFactory
from tests.factories.presale import CampaignFactory, pledged
from tests.factories.shop import ListingFactory, PurchaseFactory
from tests.notices.inbox import code_for

pytestmark = pytest.mark.django_db
ORDERS, PLEDGES = "/shop/find-order/", "/presale/pledges/"
MOBILE, OTHER = "13911112222", "13911113333"


def bought(mobile: str = MOBILE, **facts: Any) -> Purchase:
    purchase: Purchase = PurchaseFactory(contact=Contact("李测试", mobile), **facts)
    return purchase


def prove(client: Client, mobile: str = MOBILE, page: str = ORDERS) -> Any:
    client.post(page, {"step": "number", "mobile": mobile})
    return client.post(page, {"step": "code", "code": code_for(mobile)})


def text(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


@pytest.mark.parametrize("page", [ORDERS, PLEDGES])
def test_number_and_code_show_all_of_that_number_and_nothing_of_another(
    client: Client, page: str
) -> None:
    listing = ListingFactory()
    mine = [bought(listing=listing), bought(listing=listing)]
    theirs = bought(OTHER, listing=listing)
    pledge = pledged(CampaignFactory(), 2, mobile=MOBILE)
    strange = pledged(CampaignFactory(), 2, mobile=OTHER)

    answer = prove(client, page=page)
    shown = text(client.get(page))

    assert answer.status_code == 302
    assert all(one.code in shown for one in [*mine, pledge])
    assert not any(one.code in shown for one in [theirs, strange])
    assert MOBILE not in shown
    for one in mine:
        assert client.get(f"/shop/orders/{one.code}/").status_code == 200
    assert client.get(f"/presale/pledges/{pledge.code}/").status_code == 200
    assert client.get(f"/shop/orders/{theirs.code}/").status_code == 404
    assert client.get(f"/presale/pledges/{strange.code}/").status_code == 404


def test_proof_lasts_half_an_hour_and_can_be_closed(client: Client) -> None:
    purchase = bought()
    url = f"/shop/orders/{purchase.code}/"
    with time_machine.travel(clock.now(), tick=False) as now:
        prove(client)
        now.shift((PROOF_LASTS - timedelta(seconds=1)).total_seconds())
        assert client.get(url).status_code == 200
        now.shift(1)
        assert client.get(url).status_code == 404
        assert purchase.code not in text(client.get(ORDERS))

        now.shift(3600)
        prove(client)
        assert client.get(url).status_code == 200
        client.post(ORDERS, {"step": "close"})
        assert client.get(url).status_code == 404


def test_proof_is_of_one_browser(client: Client) -> None:
    purchase = bought()
    prove(client)

    assert Client().get(f"/shop/orders/{purchase.code}/").status_code == 404


def test_proof_lets_its_owner_cancel(client: Client) -> None:
    purchase = bought()
    prove(client)

    client.post(f"/shop/orders/{purchase.code}/cancel/")

    purchase.refresh_from_db()
    assert purchase.state == "cancelled"


def test_number_without_orders_gets_the_same_way_and_an_empty_list(client: Client) -> None:
    answer = prove(client, OTHER)

    assert answer.status_code == 302
    assert "还没有订单" in text(client.get(ORDERS))


def test_sign_in_code_does_not_open_the_look_up(client: Client) -> None:
    purchase = bought()
    client.post("/sign-in/", {"step": "number", "mobile": MOBILE})

    client.post(ORDERS, {"step": "code", "code": code_for(MOBILE)})

    assert client.get(f"/shop/orders/{purchase.code}/").status_code == 404


def test_link_of_a_message_opens_what_this_browser_may_see_else_asks(client: Client) -> None:
    purchase = bought()
    pledge = pledged(CampaignFactory(), 2, mobile=MOBILE)
    order_link, pledge_link = f"{ORDERS}?code={purchase.code}", f"{PLEDGES}?code={pledge.code}"

    before = text(client.get(order_link))
    before_pledge = text(client.get(pledge_link))
    prove(client)

    assert f'value="{purchase.code}"' in before
    assert f'value="{pledge.code}"' in before_pledge
    assert client.get(order_link)["Location"] == f"/shop/orders/{purchase.code}/"
    assert client.get(pledge_link)["Location"] == f"/presale/pledges/{pledge.code}/"


@pytest.mark.parametrize("page", [ORDERS, PLEDGES])
def test_direct_way_with_code_and_number_stays(client: Client, page: str) -> None:
    purchase = bought()
    pledge = pledged(CampaignFactory(), 2, mobile=MOBILE)
    one, at = (purchase, "orders") if page == ORDERS else (pledge, "pledges")
    code = purchase.code if page == ORDERS else pledge.code

    wrong = client.post(page, {"code": purchase.code, "mobile": OTHER})

    assert wrong.status_code == 422
    if page == ORDERS:
        right = client.post(page, {"code": code, "mobile": MOBILE})
        assert right["Location"].endswith(f"/{at}/{one.code}/")


@pytest.mark.parametrize("page", [ORDERS, PLEDGES])
def test_the_number_behind_a_code_is_not_found_by_trying(page: str) -> None:
    purchase = bought()
    pledge = pledged(CampaignFactory(), 2, mobile=MOBILE)
    code = new_code("SD" if page == ORDERS else "PL")  # a sound one, unlike the factories'
    one = purchase if page == ORDERS else pledge
    type(one).objects.filter(pk=one.pk).update(code=code)
    with time_machine.travel(clock.now(), tick=False) as now:
        tried = [
            Client().post(page, {"code": code, "mobile": f"1391111{n:04}"}).status_code
            for n in range(TRIES_OF_A_CODE + 2)
        ]
        assert tried == [422] * TRIES_OF_A_CODE + [429, 429]

        right = {"code": code, "mobile": MOBILE}
        refused = Client().post(page, right)  # a lucky try tells no more than the others
        assert refused.status_code == 429
        assert "用验证码查" in text(refused)
        now.shift(timedelta(hours=1))
        assert Client().post(page, right).status_code == 302


def test_one_address_tries_few_codes() -> None:
    client = Client()
    tried = [
        client.post(ORDERS, {"code": new_code("SD"), "mobile": MOBILE}).status_code
        for _n in range(TRIES_FROM_AN_ADDRESS + 1)
    ]

    assert tried == [422] * TRIES_FROM_AN_ADDRESS + [429]


def test_look_up_queries_do_not_grow(client: Client, django_assert_max_num_queries: Any) -> None:
    listing = ListingFactory()
    bought(listing=listing)
    pledged(CampaignFactory(listing=listing), 1, mobile=MOBILE)
    prove(client)
    with django_assert_max_num_queries(12) as one:
        client.get(ORDERS)
    for _n in range(3):
        bought(listing=listing)
        pledged(CampaignFactory(), 1, mobile=MOBILE)

    with django_assert_max_num_queries(len(one)):
        client.get(ORDERS)


def sign_in(client: Client, mobile: str = MOBILE) -> None:
    client.post("/sign-in/", {"step": "number", "mobile": mobile})
    client.post("/sign-in/", {"step": "code", "code": code_for(mobile)})


def test_what_was_bought_as_a_guest_joins_the_account(client: Client) -> None:
    listing = ListingFactory()
    mine, theirs = bought(listing=listing), bought(OTHER, listing=listing)
    owned = bought(listing=listing, user=UserFactory())
    pledge = pledged(CampaignFactory(), 2, mobile=MOBILE)

    sign_in(client)
    page = text(client.get("/account/"))

    for one in (mine, theirs, owned, pledge):
        one.refresh_from_db()
    person = mine.user
    assert person is not None
    assert person.mobile == MOBILE
    assert pledge.user == person
    assert mine.order.user == person
    assert theirs.user is None
    assert owned.user not in (None, person)  # somebody signed in bought it with this number
    assert mine.code in page


def test_later_guest_orders_join_at_the_next_sign_in(client: Client) -> None:
    sign_in(client)
    client.logout()
    later = bought()
    cancel_order(code=later.code, by=None, at=clock.now())

    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        sign_in(client)
        assert later.code in text(client.get("/account/"))
