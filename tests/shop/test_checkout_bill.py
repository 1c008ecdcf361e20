"""What checkout says before it is sent is what every page says after."""

from decimal import Decimal
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from devtools.stripe_emulator.testing import Running
from ledger.models import Transfer
from payments.models import Payment
from shop.models import Purchase
from shop.selectors.bills import Bill, bill_ahead, bill_of
from shop.selectors.credits import credit_left
from tests.logistics.pages import text_of
from tests.shop.buying import faults
from tests.shop.crediting import BUYS, HOLDER, with_credit
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
        (6599, Bill(5800, 800, 0, 6200)),  # a rest of 0.01 is below the least charge
        (6201, Bill(5800, 800, 0, 6200)),
        (6200, Bill(5800, 800, 0, 6200)),
    ],
)
def test_no_more_credit_is_put_in_than_is_due(here: int, bill: Bill) -> None:
    assert bill_ahead(goods=5800, carriage=800, credit_here=here) == bill
    assert bill.left == 0 or bill.left >= 400


def test_credit_leaves_the_provider_at_least_its_least_charge(
    stripe: Running, client: Client
) -> None:
    with_credit(stripe)  # 276.00
    form = filled(proved(client), price=Decimal("278.00"), packs=1)

    rows = summed(client, form)
    client.post(CHECKOUT, form)

    assert rows[-2:] == ["购物金 -¥274.00", "自取还要付 ¥4.00"]
    order = Purchase.objects.get(checkout_key=form["checkout_key"])
    assert Payment.objects.get(subject=f"order:{order.code}").amount == 400
    assert credit_left(HOLDER) == 200
    assert faults() == []


def test_a_voucher_brings_a_rest_that_the_provider_does_not_take(
    stripe: Running, client: Client
) -> None:
    make_voucher(amount=Decimal("57.00"), least_goods=Decimal("57.50"))
    form = filled(client, packs=1, voucher="QIU10")

    rows = summed(client, form)
    client.post(CHECKOUT, form)

    assert rows[-2:] == ["券，平台补 -¥58.00", "自取还要付 ¥0.00"]
    order = Purchase.objects.get(checkout_key=form["checkout_key"])
    assert order.state == "placed"
    assert Transfer.objects.get(key=f"voucher:{order.code}").amount == 5800
    assert faults() == []


def test_a_sum_the_provider_does_not_take_is_said_at_the_way_to_pay(
    stripe: Running, client: Client
) -> None:
    form = filled(client, price=Decimal("3.00"), packs=1)

    answer = client.post(CHECKOUT, form)

    assert answer.status_code == 422
    assert "网上付款最少 ¥4.00" in answer.content.decode()
    assert not Purchase.objects.filter(checkout_key=form["checkout_key"]).exists()
