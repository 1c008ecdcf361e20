"""A refund after an invoice was issued asks the shop for a correcting one until it is done."""

import pytest
from django.test import Client
from django.urls import reverse

from devtools.stripe_emulator.testing import Running
from shop.models import Invoice, InvoiceCorrection, Purchase
from shop.services.invoices import ask_invoice, issue_correction, issue_invoice
from shop.services.order_refunds import refund_order
from tests.factories.growers import UserFactory, person_with
from tests.factories.shop import NOON, ListingFactory
from tests.logistics.pages import text_of
from tests.shop.buying import paid, send_refunds, stripe
from tests.shop.crediting import BUYS, bought, with_credit

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("core.clock.now", lambda: NOON)


def invoiced(order: Purchase, *, issued: bool = True) -> Invoice:
    facts = {"kind": "person", "title": "林小满", "tax_number": "", "email": "lin@example.com"}
    row = ask_invoice(purchase=order, **facts, at=NOON)
    if issued:
        issue_invoice(purchase_code=order.code, number="26600001", by=UserFactory(), at=NOON)
    return row


def back(order: Purchase, fen: int, key: str) -> None:
    refund_order(code=order.code, amount_fen=fen, reason="少了", key=key, by=None, at=NOON)


def test_open_correction_is_over_all_that_went_back(stripe: Running) -> None:
    [order] = paid(stripe, ListingFactory())
    invoiced(order)

    back(order, 1000, "a")
    back(order, 600, "b")
    send_refunds(stripe)

    assert InvoiceCorrection.objects.get().amount_fen == 1600


def test_what_is_corrected_is_not_asked_for_again(stripe: Running) -> None:
    [order] = paid(stripe, ListingFactory())
    invoiced(order)
    back(order, 1000, "a")
    first = InvoiceCorrection.objects.get()
    issue_correction(pk=first.pk, number="H1", amount_fen=1000, by=UserFactory(), at=NOON)

    back(order, 600, "b")
    send_refunds(stripe)

    rows = InvoiceCorrection.objects.values_list("amount_fen", "number")
    assert list(rows) == [(1000, "H1"), (600, "")]


def test_an_invoice_not_issued_yet_is_only_made_out_over_less(stripe: Running) -> None:
    [order] = paid(stripe, ListingFactory())
    row = invoiced(order, issued=False)

    back(order, 1000, "a")

    row.refresh_from_db()
    assert row.amount_fen == 10600
    assert not InvoiceCorrection.objects.exists()


def test_credit_that_comes_back_is_corrected_too(stripe: Running) -> None:
    with_credit(stripe)
    [order] = bought(ListingFactory())
    order.refresh_from_db()
    invoiced(order)

    refund_order(code=order.code, amount_fen=500, reason="少了", key="a", by=None, at=BUYS)

    assert InvoiceCorrection.objects.get().amount_fen == 500


def test_desk_is_asked_until_it_is_done(client: Client, stripe: Running) -> None:
    [order] = paid(stripe, ListingFactory())
    invoiced(order)
    back(order, 1000, "a")
    client.force_login(person_with("shop_operator", order.shop))
    step = reverse("shop:work_correction", args=[order.code])

    asked = client.get("/work/invoices/")
    empty = client.post(step, {"number": "", "amount": "1000"})
    done = client.post(step, {"number": "H1", "amount": "1000"}, follow=True)

    assert "退了 ¥10.00，要开红字发票" in text_of(asked)
    assert step in asked.content.decode()
    field = f"id_correction_{InvoiceCorrection.objects.get().pk}_number"
    assert empty.status_code == 422
    assert f'<span class="error" id="{field}_error">写上红字发票号码。' in empty.content.decode()
    assert step not in done.content.decode()
    assert "要开红字发票：H1" in text_of(done)
    table = b"".join(client.get("/work/invoices.csv").streaming_content).decode()
    assert "-10.00,H1" in table


def test_an_amount_nobody_issued_is_not_written_down(client: Client, stripe: Running) -> None:
    [order] = paid(stripe, ListingFactory())
    invoiced(order)
    back(order, 1000, "a")
    client.force_login(person_with("shop_operator", order.shop))
    step = reverse("shop:work_correction", args=[order.code])
    read = client.get("/work/invoices/").content.decode()
    back(order, 600, "b")

    refused = client.post(step, {"number": "H1", "amount": "1000"})

    assert 'name="amount" value="1000"' in read
    page = refused.content.decode()
    assert (refused.status_code, "红字发票现在要开 ¥16.00" in page) == (422, True)
    assert 'name="amount" value="1600"' in page
    assert 'value="H1"' in page
    assert InvoiceCorrection.objects.get().number == ""
    client.post(step, {"number": "H2", "amount": "1600"})
    row = InvoiceCorrection.objects.get()
    assert (row.number, row.amount_fen) == ("H2", 1600)


def test_a_missing_number_is_said_beside_its_field(client: Client, stripe: Running) -> None:
    [order] = paid(stripe, ListingFactory())
    row = invoiced(order, issued=False)
    client.force_login(person_with("shop_operator", order.shop))

    answer = client.post(reverse("shop:work_invoice", args=[order.code]), {"number": ""})

    assert answer.status_code == 422
    said = f'<span class="error" id="id_invoice_{row.pk}_number_error">写上发票号码。'
    assert said in answer.content.decode()


def test_another_shop_finds_nothing(client: Client, stripe: Running) -> None:
    [order] = paid(stripe, ListingFactory())
    invoiced(order)
    back(order, 1000, "a")
    client.force_login(person_with("shop_operator", ListingFactory().shop))

    answer = client.post(reverse("shop:work_correction", args=[order.code]), {"number": "H1"})

    assert answer.status_code == 404
    assert InvoiceCorrection.objects.get().number == ""
