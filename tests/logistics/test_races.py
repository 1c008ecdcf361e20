"""Two people at once: one slip a key, no contract overfilled, no gram packed twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from core.errors import PlatformError
from logistics.models import LotBalance, PackLine, PayoutDue, WeighTicket
from logistics.selectors.stock import gram_totals, stock_drift
from logistics.services.packing import pack_order
from logistics.services.processing import spoil
from shop.availability import free_packs
from tests.factories.logistics import make_contract, make_form, make_lot, make_ticket
from tests.factories.shop import NOON, ListingFactory, PurchaseFactory

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
]


def at_once(jobs):
    """Run the jobs side by side; answers and refusals in their order."""

    def run(job):
        try:
            return job()
        except PlatformError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_one_key_sent_by_many_phones_is_one_slip():
    contract = make_contract()

    found = at_once([lambda: make_ticket(contract, key="phone-1")] * 6)

    assert len({ticket.pk for ticket in found}) == 1
    assert (WeighTicket.objects.count(), PayoutDue.objects.count()) == (1, 1)
    assert LotBalance.objects.get().weight_g == 10_000


def test_contract_is_never_overfilled():
    contract = make_contract(weight_g=25_000)

    at_once([lambda n=n: make_ticket(contract, key=f"phone-{n}") for n in range(5)])

    contract.refresh_from_db()
    assert sum(contract.tickets.values_list("accepted_g", flat=True)) == 25_000
    assert contract.state == "fulfilled"
    assert stock_drift() == []


def test_last_grams_are_packed_once():
    listing = ListingFactory(packs=0)
    make_lot(listing, 3_000)  # enough for three orders of 1 kg, until half of it spoils
    orders = [PurchaseFactory(listing=listing, packs=2) for _ in range(3)]
    here = LotBalance.objects.get()
    spoil(
        lot_code=here.lot.code,
        place=here.place,
        weight_g=1_500,
        why="受潮",
        key="s",
        by=None,
        at=NOON,
    )

    found = at_once(
        [lambda code=one.code: pack_order(code=code, by=None, at=NOON) for one in orders]
    )

    refused = [answer for answer in found if isinstance(answer, PlatformError)]
    assert len(refused) == 2
    assert sum(PackLine.objects.values_list("weight_g", flat=True)) == 1_000
    assert gram_totals().conserved
    assert stock_drift() == []


def test_shelf_is_right_after_weighing_and_packing_at_once():
    form = make_form()
    listing = ListingFactory(form=form, grade=form.crop.grades.get(name_zh="一级"), packs=0)
    make_lot(listing, 5_000)
    contracts = [make_contract(shop=listing.shop, form=form) for _ in range(3)]
    orders = [PurchaseFactory(listing=listing, packs=2) for _ in range(3)]

    weighed = [lambda c=one: make_ticket(c, key=f"phone-{c.pk}") for one in contracts]
    packed = [lambda c=one.code: pack_order(code=c, by=None, at=NOON) for one in orders]
    found = at_once([job for pair in zip(weighed, packed, strict=True) for job in pair])

    assert not [answer for answer in found if isinstance(answer, PlatformError)]
    assert free_packs([listing.pk]) == {listing.pk: (5_000 + 30_000 - 3_000) // 500}
