"""Pages of paying: make, approve, fetch, mark paid; the household reads where its money is from."""

import re

import pytest
from django.urls import reverse

from logistics.models import HouseholdRelease, Payout, PayoutBatch
from tests.factories.growers import (
    CooperativeFactory,
    HouseholdFactory,
    UserFactory,
    VillageShopFactory,
    person_with,
)
from tests.factories.payouts import batch_of, grown, grown_listing, paid_order, two_of
from tests.logistics.pages import assert_chinese, queries_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
BATCHES = "/coop/payments/batches/"


@pytest.fixture
def sold():
    listing = grown_listing()
    ticket = grown(listing)
    order = paid_order(listing)
    return ticket, order, listing.shop.cooperative


def url(name, *args):
    return reverse(f"logistics:{name}", args=args)


def test_two_people_pay_a_batch_from_the_page_to_the_bank_file(signed_in, sold):
    ticket, _order, cooperative = sold
    planner, approver = two_of(cooperative)

    client = signed_in(planner)
    shown = client.get(url("batches"))
    made = client.post(
        url("batches"), {"cooperative": cooperative.code, "until": "2026-09-30"}, follow=True
    )
    batch = PayoutBatch.objects.get()
    assert "由另一位同事批准" in text_of(made)
    assert "看过了，批准" not in text_of(client.get(url("batch", batch.code)))
    assert_chinese(shown)
    client = signed_in(approver)
    approved = client.post(url("batch_step", batch.code, "approve"), follow=True)
    file = client.post(url("batch_file", batch.code))
    paid = client.post(url("batch_step", batch.code, "paid"), follow=True)

    assert_chinese(approved)
    assert file["Content-Disposition"] == f'attachment; filename="{batch.code}.csv"'
    assert "6228480000000000018" in file.content.decode()
    assert "6228480000000000018" not in paid.content.decode()
    batch.refresh_from_db()
    assert batch.state == "paid"
    assert "没有欠款" in text_of(client.get(url("payments_due")))
    home = signed_in(person_with("household", ticket.contract.household)).get(url("household_home"))
    assert "已付" in text_of(home)


def test_household_reads_which_orders_its_money_is_from(signed_in, sold):
    ticket, order, cooperative = sold
    batch_of(cooperative, upto="paid")
    payout = Payout.objects.get()
    client = signed_in(person_with("household", ticket.contract.household))

    home = client.get(url("household_home"))
    page = client.get(url("household_payout", payout.code))

    assert order.code in text_of(home)
    assert url("household_payout", payout.code) in home.content.decode()
    said = text_of(page)
    assert order.code in said
    assert ticket.code in said
    assert "测试买家" not in said
    assert "13800138000" not in said
    assert_chinese(home)
    assert_chinese(page)


def test_payout_page_names_no_buyer_and_no_grower(signed_in, sold):
    batch_of(sold[2])

    page = signed_in(person_with("approver", sold[2])).get(url("payout", Payout.objects.get().code))

    said = text_of(page)
    assert sold[1].code in said
    assert not re.search("王测试|测试买家", said)
    assert_chinese(page)


def test_strangers_find_no_batch_and_no_payout(signed_in, sold):
    batch = batch_of(sold[2])
    payout = Payout.objects.get()
    other = CooperativeFactory()
    strangers = [
        UserFactory(),
        person_with("planner", other),
        person_with("household", HouseholdFactory()),
        person_with("shop_operator", VillageShopFactory(cooperative=sold[2])),
    ]
    for stranger in strangers:
        client = signed_in(stranger)
        for address in (
            url("batch", batch.code),
            url("payout", payout.code),
            url("household_payout", payout.code),
        ):
            assert client.get(address).status_code == 404
        for address in (url("batch_file", batch.code), url("batch_step", batch.code, "approve")):
            assert client.post(address).status_code == 404


def test_refused_steps_say_why_and_change_nothing(signed_in, sold):
    planner, _approver = two_of(sold[2])
    batch = batch_of(sold[2])
    client = signed_in(planner)

    fetched = client.post(url("batch_file", batch.code), follow=True)
    approved = client.post(url("batch_step", batch.code, "approve"), follow=True)
    cancelled = client.post(url("batch_step", batch.code, "cancel"), {"why": ""}, follow=True)

    assert "审批人" in text_of(fetched)
    assert "审批人" in text_of(approved)
    assert "作废要写原因" in text_of(cancelled)
    batch.refresh_from_db()
    assert batch.state == "made"
    assert client.post(url("batch_step", batch.code, "dance")).status_code == 404


def test_cancelling_from_the_page_frees_the_money(signed_in, sold):
    batch = batch_of(sold[2])
    client = signed_in(person_with("planner", sold[2]))

    page = client.post(url("batch_step", batch.code, "cancel"), {"why": "数错了"}, follow=True)

    assert "数错了" in text_of(page)
    assert HouseholdRelease.objects.get().payout is None


def test_pages_cost_the_same_for_1_and_3_households(signed_in):
    listing = grown_listing()
    cooperative = listing.shop.cooperative
    client = signed_in(person_with("approver", cooperative))
    grown(listing)
    batch_of(cooperative)
    first = PayoutBatch.objects.get()
    addresses = [url("batches"), url("batch", first.code)]
    one = [queries_of(client, address) for address in addresses]
    from logistics.services.payouts import cancel_batch

    cancel_batch(code=first.code, why="重做", by=first.made_by, at=first.made_at)
    grown(listing)
    grown(listing)
    batch = batch_of(cooperative)

    assert batch.payouts.count() == 3
    assert [queries_of(client, a) for a in (url("batches"), url("batch", batch.code))] == one


def test_household_page_costs_the_same_for_1_and_3_orders(signed_in):
    listing = grown_listing()
    ticket = grown(listing)
    client = signed_in(person_with("household", ticket.contract.household))
    paid_order(listing, packs=1)
    one = queries_of(client, url("household_home"))

    for number in range(2):
        paid_order(listing, packs=1, checkout_key=f"more-{number}")

    assert queries_of(client, url("household_home")) == one
