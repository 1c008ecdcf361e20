"""What backers see and press: choosing credit, reading its path, spending it, taking it out."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from devtools.stripe_emulator.testing import Running
from notices.http import remember_number
from payments.models import Payment, Refund
from shop.models import Credit, Purchase, Remedy, SetbackKind
from shop.selectors.credits import Holder, credit_left
from shop.selectors.setbacks import choose_path
from shop.services.setbacks import News
from tests.factories.growers import UserFactory
from tests.factories.shop import ListingFactory, make_collection_station
from tests.logistics.pages import text_of
from tests.shop.buying import faults
from tests.shop.crediting import BUYS, HOLDER, MOBILE, short, taken, with_credit
from tests.shop.paying import jobs, stripe

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db
CHECKOUT, CREDIT = "/shop/checkout/", "/account/credit/"


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with time_machine.travel(BUYS, tick=False):
        yield


def proved(client: Client, mobile: str = MOBILE) -> Client:
    """A browser that proved a number just now."""

    class Request:
        session = client.session

    remember_number(Request, mobile, at=BUYS)  # type: ignore[arg-type]
    Request.session.save()
    client.cookies["sessionid"] = Request.session.session_key or ""
    return client


def filled(
    client: Client, *, packs: int = 2, price: Decimal = Decimal("58.00"), **changes: Any
) -> dict[str, Any]:
    """The form of checkout with packs of a listing in the basket, as the page has it."""
    listing = ListingFactory(price=price)
    client.post(reverse("shop:basket_add", args=[listing.code]), {"packs": packs})
    soup = BeautifulSoup(client.get(CHECKOUT).content, "html.parser")
    hidden = {
        field["name"]: field["value"]
        for field in soup.select("main form input[type=hidden]")
        if field["name"] != "csrfmiddlewaretoken"
    }
    ticked = {box["name"]: "on" for box in soup.select("input[type=checkbox][checked]")}
    person = {"name": "林小满", "mobile": MOBILE, "fulfilment": "collect", "pay": "now"}
    return {**hidden, **ticked, **person, "station": make_collection_station().pk, **changes}


def test_backer_chooses_credit_and_is_led_to_it(stripe: Running, client: Client) -> None:
    setback, (pledge,) = short(stripe, 3)
    url = choose_path(setback.code, pledge.code)

    asked = text_of(client.get(url))
    done = text_of(client.post(url, {"remedy": Remedy.CREDIT}, follow=True))
    page = text_of(client.get(CREDIT))
    own = text_of(client.get(f"/presale/pledges/{pledge.code}/"))
    order = text_of(client.get(f"/shop/orders/{pledge.order_link.order.purchase.code}/"))

    assert "其余 ¥110.40 记成购物金" in asked
    assert "¥276.00 连运费记成购物金" in asked
    assert "看购物金" in done
    assert "¥110.40" in done
    assert "现在有 ¥110.40" in page
    assert "其中 ¥0.00 现在下单能抵" in page  # the signed address proves no number
    assert "换成购物金 ¥110.40" in own
    assert "收成少了，实发 900 g" in own
    assert "其中 ¥110.40 换成购物金" in order
    assert "收成少了，实发 900 g" in order


def test_no_harvest_lets_a_backer_choose_between_money_and_credit(
    stripe: Running, client: Client
) -> None:
    setback, (pledge,) = short(stripe, 3, news=News(SetbackKind.FAILED, "雹灾"))
    url = choose_path(setback.code, pledge.code)

    asked = client.get(url).content.decode()
    own = text_of(client.get(f"/presale/pledges/{pledge.code}/"))
    client.post(url, {"remedy": Remedy.CREDIT_ALL})
    after = text_of(client.get(f"/presale/pledges/{pledge.code}/"))

    assert 'value="credit_all"' in asked
    assert 'value="partial"' not in asked
    assert "换成购物金，现在就能选" in own
    assert "全换成购物金了" in after


def test_proved_number_spends_credit_and_pays_nothing_more(stripe: Running, client: Client) -> None:
    credit = with_credit(stripe)
    form = filled(proved(client))

    answer = client.post(CHECKOUT, form, follow=True)

    order = Purchase.objects.get(checkout_key=form["checkout_key"])
    assert order.state == "placed"
    assert not Payment.objects.filter(subject__startswith="order:").exists()
    assert "购物金抵了 ¥116.00。不用再付" in text_of(answer)
    shown = text_of(client.get(f"/shop/orders/{order.code}/"))
    receipt = text_of(client.get(f"/shop/orders/{order.code}/receipt/"))
    for page in (shown, receipt):
        assert "购物金 -¥116.00" in page
        assert "合计 ¥0.00" in page
    path = text_of(client.get(CREDIT))
    assert f"下单抵了 {order.code} -¥116.00" in path
    assert f"还有 ¥{(credit.given_fen - 11600) / 100:.2f}" in path
    assert faults() == []


def test_rest_is_paid_on_the_providers_page(stripe: Running, client: Client) -> None:
    with_credit(stripe, 1)
    form = filled(proved(client))

    answer = client.post(CHECKOUT, form)

    assert answer.url.startswith(stripe.base)  # type: ignore[attr-defined]
    assert Payment.objects.get(subject__startswith="order:").amount == 11600 - 9200
    assert "购物金已经抵了 ¥92.00" in text_of(
        client.get(f"/shop/checkout/placed/{form['checkout_key']}/", follow=True)
    )


@pytest.mark.parametrize("wish", [{"use_credit": ""}, {"pay": "later"}])
def test_credit_is_kept_by_who_does_not_want_it_or_pays_later(
    stripe: Running, client: Client, wish: dict[str, str]
) -> None:
    with_credit(stripe)
    form = filled(proved(client))
    form = {name: value for name, value in {**form, **wish}.items() if value}

    client.post(CHECKOUT, form)

    assert Purchase.objects.filter(checkout_key=form["checkout_key"]).exists()
    assert credit_left(HOLDER) == 27600


def test_credit_that_changed_meanwhile_is_shown_again_before_anything_is_ordered(
    stripe: Running, client: Client
) -> None:
    with_credit(stripe)
    form = filled(proved(client))

    answer = client.post(CHECKOUT, {**form, "seen_credit": "30000"})
    again = BeautifulSoup(answer.content, "html.parser").select_one("input[name=seen_credit]")

    assert answer.status_code == 422
    assert "能用的购物金刚刚变了" in answer.content.decode()
    assert again is not None
    assert again["value"] == "27600"
    assert not Purchase.objects.filter(checkout_key=form["checkout_key"]).exists()


def test_stranger_sees_and_takes_nothing(stripe: Running, client: Client) -> None:
    credit = with_credit(stripe)
    client.force_login(UserFactory(mobile="13911111111"))

    page = text_of(client.get(CREDIT))
    out = client.post(f"/account/credit/{credit.code}/out/")
    checkout = filled(client, seen_credit="27600", use_credit="on")
    answer = client.post(CHECKOUT, checkout)

    assert "没有购物金" in page
    assert out.status_code == 404
    assert answer.status_code == 422
    assert credit_left(HOLDER) == 27600
    guest = text_of(Client().get(CREDIT))
    assert "先验一下号码" in guest
    assert "¥" not in guest


def test_member_sees_own_credit_in_the_account_and_takes_it_out(
    stripe: Running, client: Client
) -> None:
    credit = with_credit(stripe)
    member = UserFactory(mobile=MOBILE)
    Credit.objects.update(user=member)
    client.force_login(member)

    said = text_of(client.post(f"/account/credit/{credit.code}/out/", follow=True))
    again = text_of(client.post(f"/account/credit/{credit.code}/out/", follow=True))
    jobs(stripe, at=BUYS + timedelta(hours=1))

    assert "¥276.00 退钱记好了" in said
    assert "已经没有余额了" in again
    assert Refund.objects.get().amount == 27600
    assert "退成钱 -¥276.00" in text_of(client.get(CREDIT))
    assert credit_left(Holder(user=member)) == 0


def test_proved_number_is_told_of_its_credit_where_orders_are_looked_up(
    stripe: Running, client: Client
) -> None:
    with_credit(stripe)

    page = text_of(proved(client).get("/presale/pledges/"))

    assert "你有购物金 ¥276.00" in page


def test_page_asks_no_more_for_more_credits(stripe: Running, client: Client) -> None:
    setback, pledges = short(stripe, 1, 1, 1)
    for pledge in pledges:
        taken(setback, pledge, Remedy.CREDIT_ALL)
    member = UserFactory()
    Credit.objects.filter(choice__pledge=pledges[0]).update(user=member)
    client.force_login(member)
    client.get(CREDIT)

    with CaptureQueriesContext(connection) as one:
        client.get(CREDIT)
    Credit.objects.update(user=member)
    with CaptureQueriesContext(connection) as three:
        client.get(CREDIT)

    assert len(three) == len(one)
