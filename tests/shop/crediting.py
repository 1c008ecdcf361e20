"""Somebody with shop credit after a short harvest, and what they buy with it."""

from datetime import date, datetime, timedelta

from django.db import transaction

from devtools.stripe_emulator.testing import Running
from ledger.books import balance_of
from ledger.models import Account
from shop.contact import Contact, Fulfilment, OrderTerms, Wanted
from shop.models import (
    Credit,
    Listing,
    Pledge,
    Purchase,
    Remedy,
    Setback,
    SetbackKind,
)
from shop.order_rules import hold_until
from shop.selectors.credits import Holder, credit_left
from shop.services.choosing import choose
from shop.services.order_payments import ask_of
from shop.services.placing import place_orders
from shop.services.setbacks import News, declare_setback
from shop.services.vouchers import use_voucher
from tests.factories.presale import DEADLINE, CampaignFactory
from tests.factories.shop import make_collection_station
from tests.shop.paying import backer, jobs

AFTER = DEADLINE + timedelta(minutes=1)
SAID = AFTER + timedelta(days=1)
BUYS = SAID + timedelta(hours=1)
SHORT = News(SetbackKind.PARTIAL, "晚霜，坐果少了四成", percent=60, to_on=date(2027, 10, 10))
MOBILE = "13900000000"
HOLDER = Holder(mobile=MOBILE)


def short(stripe: Running, *packs: int, news: News = SHORT) -> tuple[Setback, list[Pledge]]:
    """A short harvest of which every backer has paid."""
    campaign = CampaignFactory(goal_packs=1)
    pledges = [backer(stripe, campaign, n, number=i) for i, n in enumerate(packs)]
    jobs(stripe, at=AFTER)
    setback = declare_setback(code=campaign.code, news=news, by=None, at=SAID)
    return setback, pledges


def taken(setback: Setback, pledge: Pledge, remedy: str) -> None:
    choose(setback_code=setback.code, pledge_code=pledge.code, remedy=remedy, at=SAID)


def with_credit(stripe: Running, packs: int = 3) -> Credit:
    """The credit of a backer who took everything as credit: 92.00 a pack."""
    setback, (pledge,) = short(stripe, packs)
    taken(setback, pledge, Remedy.CREDIT_ALL)
    return Credit.objects.get()


def bought(
    *listings: Listing,
    holder: Holder = HOLDER,
    seen: int | None = None,
    key: str = "checkout-1",
    voucher: str = "",
    at: datetime = BUYS,
) -> list[Purchase]:
    """A checkout of two packs (116.00) of each listing that puts credit in first."""
    with transaction.atomic():
        placed = place_orders(
            basket_lines=[Wanted(one, 2) for one in listings],
            contact=Contact("林小满", MOBILE),
            fulfilment=Fulfilment.collect_at(make_collection_station()),
            checkout_key=key,
            user=None,
            at=at,
            terms=OrderTerms(hold_until=hold_until(at)),
        )
        use_voucher(code=voucher, purchases=placed, at=at)
        wanted = credit_left(holder) if seen is None else seen
        ask_of(purchases=placed, holder=holder, seen_credit=wanted, at=at)
    return placed


def left(credit: Credit) -> int:
    return balance_of(Account.objects.get(pk=credit.account_id))
