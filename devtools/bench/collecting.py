"""A campaign of 5,000 pledges closes and collects: two workers, PostgreSQL, the emulator.

``manage.py bench --collect``. Every card is saved at the emulator before; what is measured is the
closing (one transaction and its queries), the charging by ``db_worker`` processes, the queries of
one charge in a small and in the large campaign, and whether the books then agree to the fen.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal

import stripe
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from core import clock
from core.codes import new_code
from core.units import fen
from devtools.bench.big_shelf import build_shelf
from devtools.bench.own_database import make_tables
from devtools.provider import settings_for
from devtools.stripe_emulator.testing import Running, running
from growers.models import Station, User
from ledger import checks
from ledger.models import AccountKind
from ledger.services import open_account
from payments.models import Payment, PaymentPart, PaymentState, Way
from payments.services import charge
from shop.models import (
    Campaign,
    CampaignState,
    FulfilmentKind,
    Listing,
    Pledge,
    PledgeState,
    PledgeWay,
    Purchase,
)
from shop.services.campaigns import close_campaign
from shop.services.pledge_payments import escrow_of_campaign

FEW = 50
WORKERS = 2
AT_ONCE = 8  # calls to the emulator while the cards are saved
PRICE = Decimal("46.00")
LISTINGS = 200
LONGEST = timedelta(minutes=30)


def lines(*, pledges: int) -> Iterator[str]:
    """All figures, in an empty database."""
    make_tables()
    build_shelf(listings=LISTINGS, at=clock.now())
    with running() as emulator:
        facts = settings_for(emulator.base, emulator.webhook_secret)
        with override_settings(**facts):
            yield from _measure(emulator, facts, pledges=pledges)


def _measure(emulator: Running, facts: dict[str, str], *, pledges: int) -> Iterator[str]:
    few, many = _campaign(0), _campaign(1)
    for campaign, count in ((few, FEW), (many, pledges)):
        started = time.perf_counter()
        _back(campaign, count, emulator)
        yield f"{count} cards saved in {time.perf_counter() - started:.0f} s"
    closing = [_closed(few), _closed(many)]
    yield f"closing {FEW} pledges: {closing[0]}"
    yield f"closing {pledges} pledges: {closing[1]}"
    yield f"queries of one charge: {_queries_of_one(few)} in the small, {_queries_of_one(many)}"
    started = time.perf_counter()
    with _workers(facts):
        _wait(started)
    yield _spent(started, pledges + FEW)
    yield from _books(emulator)


def _campaign(number: int) -> Campaign:
    """A live campaign whose deadline has passed."""
    now = clock.now()
    writer, approver = (_person(name) for name in ("writer", "approver"))
    return Campaign.objects.create(
        code=new_code("PS"),
        listing=Listing.objects.order_by("pk")[number],
        state=CampaignState.LIVE,
        goal_packs=1,
        cap_packs=1_000_000,
        price=PRICE,
        opens_at=now - timedelta(days=20),
        deadline_at=now - timedelta(minutes=1),
        promised_from_on=now.date() + timedelta(days=10),
        promised_to_on=now.date() + timedelta(days=20),
        submitted_by=writer,
        approved_by=approver,
        approved_at=now - timedelta(days=20),
        terms_hash="0" * 64,
    )


def _person(name: str) -> User:
    """Somebody by name, made when first asked for."""
    return User.objects.filter(username=name).first() or User.objects.create_user(username=name)


def _back(campaign: Campaign, count: int, emulator: Running) -> None:
    """Pledges of two packs, each with a card of its own saved at the emulator."""
    saved = _saved_cards(count, emulator)
    now, station = clock.now(), Station.objects.order_by("pk")[0]
    open_account(code=escrow_of_campaign(campaign.code), kind=AccountKind.ESCROW)
    pledges = [_pledge(campaign, station, n, now) for n in range(count)]
    payments = [_payment(pledge, *card, now) for pledge, card in zip(pledges, saved, strict=True)]
    Payment.objects.bulk_create(payments, batch_size=1000)
    for pledge, payment in zip(pledges, payments, strict=True):
        pledge.payment_code = payment.code
    Pledge.objects.bulk_create(pledges, batch_size=1000)
    PaymentPart.objects.bulk_create([_part(campaign, one) for one in payments], batch_size=1000)
    Campaign.objects.filter(pk=campaign.pk).update(pledged_packs=2 * count)


def _saved_cards(count: int, emulator: Running) -> list[tuple[str, str]]:
    """So many customers with a card: their number and the card's, as the provider calls them."""
    client = stripe.StripeClient(emulator.secret_key, base_addresses={"api": emulator.base})

    def save(_number: int) -> tuple[str, str]:
        customer = client.v1.customers.create({})
        card = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
        return customer.id, card.id

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(save, range(count)))


def _pledge(campaign: Campaign, station: Station, number: int, at: datetime) -> Pledge:
    return Pledge(
        code=new_code("PL"),
        campaign=campaign,
        state=PledgeState.ACTIVE,
        packs=2,
        way=PledgeWay.CARD_LATER,
        price=PRICE,
        carriage=Decimal(0),
        name="买家",
        mobile=f"199{campaign.pk % 10}{number:07d}",
        fulfilment=FulfilmentKind.COLLECT,
        station=station,
        submit_key=new_code("FK"),
        created_at=at,
        updated_at=at,
    )


def _payment(pledge: Pledge, customer: str, card: str, at: datetime) -> Payment:
    subject = f"pledge:{pledge.code}"
    return Payment(
        subject=subject,
        key=f"{subject}:pay",
        way=Way.CARD_LATER,
        state=PaymentState.READY,
        amount=fen(PRICE) * pledge.packs,
        description="测试",
        payer_reference=subject,
        payer_contact="{}",
        language="zh-hans",
        customer_id=customer,
        card_id=card,
        created_at=at,
    )


def _part(campaign: Campaign, payment: Payment) -> PaymentPart:
    return PaymentPart(
        payment=payment,
        subject=payment.subject,
        escrow=escrow_of_campaign(campaign.code),
        amount=payment.amount,
    )


def _closed(campaign: Campaign) -> str:
    """Close a campaign and wake its payments: seconds and queries."""
    started = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        close_campaign(code=campaign.code, at=clock.now())
    jobs = sum("django_tasks" in query["sql"] for query in asked.captured_queries)
    took = time.perf_counter() - started
    return f"{took:.1f} s, {len(asked) - jobs} queries and {jobs} of ordering the jobs"


def _queries_of_one(campaign: Campaign) -> int:
    code = Pledge.objects.filter(campaign=campaign).order_by("pk")[0].payment_code
    with CaptureQueriesContext(connection) as asked:
        charge(code=code or "", at=clock.now())
    return len(asked)


@contextmanager
def _workers(facts: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "manage.py", "db_worker", "--interval", "0.5"]
    started = [
        subprocess.Popen(  # noqa: S603  # our own
            command,
            env={**os.environ, **facts},
            cwd=settings.BASE_DIR,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _worker in range(WORKERS)
    ]
    try:
        yield
    finally:
        for worker in started:
            worker.terminate()
        for worker in started:
            worker.wait(timeout=60)


def _wait(started: float) -> None:
    """Until every payment has ended well."""
    while Payment.objects.exclude(state=PaymentState.PAID).exists():
        if time.perf_counter() - started > LONGEST.total_seconds():
            raise TimeoutError("the workers did not collect")
        time.sleep(1)  # the workers need the machine


def _spent(started: float, count: int) -> str:
    took = time.perf_counter() - started
    return f"{count} charged by {WORKERS} workers in {took:.0f} s: {count / took:.1f} a second"


def _books(emulator: Running) -> Iterator[str]:
    pledges, orders = Pledge.objects.count(), Purchase.objects.count()
    asked = sum(Payment.objects.values_list("amount", flat=True))
    totals = emulator.world.balance()
    charges = len(emulator.world.charges())
    yield f"{pledges} pledges, {charges} charges at the provider, {orders} orders"
    yield f"asked {asked} fen; the provider's books: {totals}"
    for result in checks.run_all():
        faults = "holds" if result.holds else "; ".join(result.faults[:3])
        yield f"  {result.name}: {faults}"
