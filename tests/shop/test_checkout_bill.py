"""What checkout says before it is sent is what every page says after."""

from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from devtools.stripe_emulator.testing import Running
from payments.models import Payment
from shop.models import Purchase
from shop.selectors.bills import Bill, bill_ahead, bill_of
from tests.logistics.pages import text_of
from tests.shop.crediting import BUYS, with_credit
from tests.shop.paying import stripe
from tests.shop.test_credit_pages import CHECKOUT, filled, proved
from tests.shop.test_order_payments import make_voucher

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day():
    with time_machine.travel(BUYS, tick=False):
        yield


def summed(client: Client, form: dict[str, Any], kind: str = "collect") -> list[str]:
    """The rows of the sums as the page counts them for a form that is not sent yet."""
    answer = client.post(CHECKOUT, {**form, "step": "sum"})
    assert answer.status_code == 200
    page = BeautifulSoup(answer.content, "html.parser")
    rows = page.select(f'dl[data-bill="{kind}"] > div')
    return [" ".join(row.get_text(" ").split()) for row in rows]


def without(form: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in form.items() if name not in names}


@pytest.mark.parametrize(
    ("typed", "before", "paid"),
    [
        ({"packs": 1}, ["山货 ¥58.00", "购物金 -¥58.00", "自取还要付 ¥0.00"], None),
        ({"packs": 5}, ["山货 ¥290.00", "购物金 -¥276.00", "自取还要付 ¥14.00"], 1400),
        (
            {"packs": 5, "voucher": "QIU10"},
            ["山货 ¥290.00", "券，平台补 -¥10.00", "购物金 -¥276.00", "自取还要付 ¥4.00"],
            400,
        ),
    ],
)
def test_sums_before_sending_are_those_after_it(
    stripe: Running, client: Client, typed: dict[str, Any], before: list[str], paid: int | None
) -> None:
    with_credit(stripe)
    make_voucher()
    form = filled(proved(client), **typed)

    rows = summed(client, form)
    client.post(CHECKOUT, form)

    assert [row for row in rows if not row.startswith("运费")] == before
    order = Purchase.objects.get(checkout_key=form["checkout_key"])
    asked = Payment.objects.filter(subject=f"order:{order.code}").first()
    assert (asked.amount if asked else None) == paid
    assert bill_of(order).left == (paid or 0)
    shown = text_of(client.get(f"/shop/orders/{order.code}/"))
    assert all(row in shown for row in before[1:-1])


def test_paying_later_takes_nothing_off(stripe: Running, client: Client) -> None:
    with_credit(stripe)
    make_voucher()
    form = filled(proved(client), voucher="QIU10", pay="later")

    assert summed(client, form)[-1] == "自取合计 ¥116.00"


def test_a_box_left_empty_stays_empty(stripe: Running, client: Client) -> None:
    with_credit(stripe)
    form = without(filled(proved(client)), "use_credit")

    answer = client.post(CHECKOUT, {**form, "step": "sum"})

    page = BeautifulSoup(answer.content, "html.parser")
    assert not page.select_one("input[name=use_credit]").has_attr("checked")
    assert summed(client, form)[-1] == "自取合计 ¥116.00"


def test_a_voucher_that_does_not_fit_is_said_and_takes_nothing_off(
    stripe: Running, client: Client
) -> None:
    form = filled(client, voucher="NOPE")

    answer = client.post(CHECKOUT, {**form, "step": "sum"})

    assert "没有这个券" in text_of(answer)
    assert summed(client, form)[-1] == "自取合计 ¥116.00"
    assert not Purchase.objects.filter(checkout_key=form["checkout_key"]).exists()


@pytest.mark.parametrize(
    ("here", "bill"),
    [
        (0, Bill(5800, 800, 0, 0)),
        (1000, Bill(5800, 800, 0, 1000)),
        (99999, Bill(5800, 800, 0, 6600)),
    ],
)
def test_no_more_credit_is_put_in_than_is_due(here: int, bill: Bill) -> None:
    assert bill_ahead(goods=5800, carriage=800, credit_here=here) == bill
    assert bill.left == max(6600 - here, 0)
