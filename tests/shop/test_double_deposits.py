"""The seller fails after success: a deposit goes back twice, the second time once (E11)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from core.errors import BadInput, NotAllowed
from devtools.stripe_emulator.testing import Running
from growers.models import User
from ledger import checks
from ledger.models import Account, AccountKind, Transfer, TransferKind
from ledger.services import Entry, open_account, post
from payments import books
from shop.models import Campaign, CampaignStage, DoubleDeposit, DoubleState, Pledge, PledgeState
from shop.models import SetbackKind as Kind
from shop.services import double_deposits
from shop.services.collecting import decide_shortfall
from shop.services.double_deposits import (
    HELD,
    approve_double,
    fund_doubles,
    owe_doubles,
    propose_double,
)
from shop.services.setbacks import News, declare_setback
from tests.factories.growers import UserFactory
from tests.factories.presale import DEADLINE, NOON, CampaignFactory
from tests.factories.shop import make_rate_card
from tests.notices.inbox import texts_to
from tests.payments.conftest import faults
from tests.shop.paying import backer, finish, jobs, state_of, stripe
from tests.shop.test_pledge_refunds import deposited, refunded

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db
AFTER = DEADLINE + timedelta(minutes=1)
LATER = AFTER + timedelta(days=4)  # the days to choose after a failed harvest are over
DEPOSIT = 5520


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    make_rate_card()
    with time_machine.travel(NOON, tick=False):
        yield


def ordered(stripe: Running) -> tuple[Campaign, Pledge]:
    """A deposit and its rest are paid, and the campaign grows."""
    campaign = CampaignFactory(goal_packs=3, deposit_percent=20)
    pledge = deposited(stripe, campaign)
    jobs(stripe, at=AFTER)
    finish(stripe, pledge, at=AFTER)
    jobs(stripe, at=AFTER)
    campaign.refresh_from_db()
    assert campaign.stage == CampaignStage.GROWING
    return campaign, pledge


def fail(campaign: Campaign, *, at: datetime = AFTER) -> None:
    news = News(kind=Kind.FAILED, reason="冰雹，一颗没剩")
    declare_setback(code=campaign.code, news=news, by=None, at=at)


def put_in(account: Account, amount: int) -> None:
    """Money that the books know from elsewhere."""
    entry = Entry(
        key=f"t:{account.code}:{amount}",
        kind=TransferKind.RELEASE,
        debit=books.clearing(),
        credit=account,
        amount=amount,
        subject="order:T",
        counterparty="platform:t",
    )
    post(entries=[entry], made_by="test", at=NOON)


def shop_account(campaign: Campaign) -> Account:
    code = f"payable:shop:{campaign.listing.shop.code}"
    return open_account(code=code, kind=AccountKind.PAYABLE)


def amends() -> list[tuple[str, str, int]]:
    rows = Transfer.objects.filter(kind=TransferKind.AMENDS).order_by("pk")
    return list(rows.values_list("debit__code", "credit__code", "amount"))


def told(pledge: Pledge) -> list[str]:
    with time_machine.travel(LATER + timedelta(hours=14), tick=False):
        return texts_to(pledge.mobile)


def own_faults() -> list[str]:
    return [
        said
        for result in checks.run_all()
        if result.name.startswith(("shop.double", "ledger."))
        for said in result.faults
    ]


def test_the_backer_gets_it_twice(stripe: Running) -> None:
    campaign, pledge = ordered(stripe)
    put_in(shop_account(campaign), 9_000)
    fail(campaign)
    for at in (AFTER, LATER, LATER + timedelta(hours=1)):
        jobs(stripe, at=at)

    assert state_of(pledge) == PledgeState.REFUNDED
    assert refunded(stripe) == 27_600  # goods with the first deposit in them
    row = DoubleDeposit.objects.get()
    assert (row.state, row.amount_fen) == (DoubleState.FUNDED, DEPOSIT)
    assert amends() == [(f"payable:shop:{campaign.listing.shop.code}", HELD, DEPOSIT)]
    assert any("再赔你一份定金 ¥55.20" in said for said in told(pledge))
    one, other = UserFactory(), UserFactory()
    propose_double(code=pledge.code, number="B-1", by=one)
    approve_double(code=pledge.code, number="B-1", by=other, at=LATER)
    assert amends()[1:] == [(HELD, "bank_out", DEPOSIT)]
    assert any("转给你了" in said for said in told(pledge))
    assert own_faults() == []


def test_the_fund_bears_it_where_the_shop_is_owed_too_little(stripe: Running) -> None:
    campaign, _pledge = ordered(stripe)
    put_in(shop_account(campaign), DEPOSIT - 1)
    fail(campaign)

    assert fund_doubles(at=AFTER) == 0  # neither can: it stays owed, and nothing is booked
    assert DoubleDeposit.objects.get().state == DoubleState.OWED
    assert amends() == []
    put_in(books.guarantee(), DEPOSIT)
    assert [fund_doubles(at=AFTER), fund_doubles(at=AFTER)] == [1, 0]
    assert amends() == [("guarantee_fund", HELD, DEPOSIT)]
    assert own_faults() == []


def test_a_seller_who_gives_up_after_too_little_came_pays_it_too(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=30, cap_packs=40, deposit_percent=20, mode="all")
    pledge = deposited(stripe, campaign)
    Campaign.objects.filter(pk=campaign.pk).update(
        state="succeeded", stage=CampaignStage.SHORTFALL_REVIEW, closed_at=AFTER
    )
    Pledge.objects.filter(pk=pledge.pk).update(state=PledgeState.DUE)

    decide_shortfall(code=campaign.code, go_on=False, reason="做不了", by=None, at=AFTER)
    for hours in (0, 1):
        jobs(stripe, at=AFTER + timedelta(hours=hours))

    assert state_of(pledge) == PledgeState.REFUNDED
    assert refunded(stripe) == DEPOSIT
    assert DoubleDeposit.objects.get().pledge == pledge


@pytest.mark.parametrize("how", ["missed", "lapsed", "no deposit"])
def test_nobody_else_gets_it(stripe: Running, how: str) -> None:
    goal = 50 if how == "missed" else 3
    campaign = CampaignFactory(goal_packs=goal, deposit_percent=0 if how == "no deposit" else 20)
    pledge = backer(stripe, campaign) if how == "no deposit" else deposited(stripe, campaign)
    for hours in (0, 73, 74) if how != "no deposit" else (0,):
        jobs(stripe, at=AFTER + timedelta(hours=hours))
    if how == "no deposit":
        fail(Campaign.objects.get())

    assert not DoubleDeposit.objects.exists()
    if how == "lapsed":
        assert any("付过的定金原路退回" in said for said in told(pledge))


STEPS = ["owe_rows", "owe_tell", "fund_posted", "fund_saved", "bank_posted", "bank_saved"]


@pytest.mark.parametrize("step", STEPS)
def test_killed_anywhere_and_started_again_it_ends_the_same(
    stripe: Running, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, pledge = ordered(stripe)
    put_in(shop_account(campaign), 9_000)
    one, other = UserFactory(), UserFactory()
    left = {"kills": 1}

    def killing(where: str, real: Any) -> Any:
        def run(*args: Any, **kwargs: Any) -> Any:
            done = real(*args, **kwargs)
            if step.endswith(where) and left["kills"]:
                left["kills"] = 0
                raise KeyboardInterrupt
            return done

        return run

    word, place = step.split("_")
    target = {"posted": (double_deposits, "post"), "saved": (DoubleDeposit, "save")}
    holder, name = target.get(place, (double_deposits, "_tell"))
    if step == "owe_rows":
        holder, name = DoubleDeposit.objects, "bulk_create"

    def attempt(which: str, verb: Any) -> None:
        """Killed in the middle, rolled back by the database, and run again."""
        if which != word:
            verb()
            return
        with monkeypatch.context() as patch:
            patch.setattr(holder, name, killing(place, getattr(holder, name)))
            with pytest.raises(KeyboardInterrupt), transaction.atomic():
                verb()
        verb()

    attempt("owe", lambda: fail(campaign))
    attempt("fund", lambda: fund_doubles(at=AFTER))
    propose_double(code=pledge.code, number="B-1", by=one)
    attempt("bank", lambda: approve_double(code=pledge.code, number="B-1", by=other, at=AFTER))
    fund_doubles(at=AFTER)

    assert left["kills"] == 0
    assert DoubleDeposit.objects.get().state == DoubleState.PAID
    shop = f"payable:shop:{campaign.listing.shop.code}"
    assert amends() == [(shop, HELD, DEPOSIT), (HELD, "bank_out", DEPOSIT)]
    assert shop_account(campaign).balance == 9_000 - DEPOSIT
    assert len([said for said in told(pledge) if "再赔你一份定金" in said]) == 1
    assert own_faults() == []


def test_two_persons_send_it(stripe: Running) -> None:
    campaign, pledge = ordered(stripe)
    put_in(shop_account(campaign), 9_000)
    fail(campaign)
    one, other = UserFactory(), UserFactory()
    with pytest.raises(NotAllowed, match="等出钱"):
        propose_double(code=pledge.code, number="B-1", by=one)
    fund_doubles(at=AFTER)
    facts: dict[str, Any] = {"code": pledge.code, "at": AFTER}

    with pytest.raises(NotAllowed, match="还没有人登记"):
        approve_double(number="", by=other, **facts)
    propose_double(code=pledge.code, number="B-1", by=one)
    with pytest.raises(NotAllowed, match="两个人"):
        approve_double(number="B-1", by=one, **facts)
    with pytest.raises(NotAllowed, match="刚刚改过"):
        approve_double(number="B-2", by=other, **facts)
    approve_double(number="B-1", by=other, **facts)
    with pytest.raises(NotAllowed, match="转给买家了"):
        approve_double(number="B-1", by=other, **facts)

    rows = DoubleDeposit.objects.all()
    with pytest.raises(IntegrityError, match="two_persons"), transaction.atomic():
        rows.update(approved_by=one)


def two_funded(stripe: Running) -> list[Pledge]:
    """Two reservations of a failed campaign whose second deposits wait to be sent."""
    campaign, pledge = ordered(stripe)
    other = CampaignFactory(listing=campaign.listing, goal_packs=3, deposit_percent=20)
    second = deposited(stripe, other)
    put_in(shop_account(campaign), 3 * DEPOSIT)
    owe_doubles([pledge, second], at=AFTER)
    assert fund_doubles(at=AFTER) == 2
    return [pledge, second]


def test_a_receipt_sends_one_second_deposit(stripe: Running) -> None:
    first, second = two_funded(stripe)
    propose_double(code=first.code, number="icbc 8001", by=UserFactory())
    propose_double(code=first.code, number="ICBC8001", by=UserFactory())  # its own, once more

    with pytest.raises(BadInput, match="登记过"):
        propose_double(code=second.code, number=" Icbc8001", by=UserFactory())

    rows = DoubleDeposit.objects.order_by("pk")
    assert [row.bank_number for row in rows] == ["ICBC8001", ""]
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.filter(bank_number="").update(bank_number="ICBC8001")


@pytest.mark.parametrize(
    ("number", "said"), [("", "写上银行回单号"), ("9" * 61, "60"), ("b-1", "登记过")]
)
def test_a_wrong_number_is_said_beside_its_field(stripe: Running, number: str, said: str) -> None:
    first, second = two_funded(stripe)
    propose_double(code=first.code, number="B-1", by=UserFactory())
    _person, client = staff()

    answer = client.post(f"/work/deposits/{second.code}/", {"step": "propose", "number": number})

    page = answer.content.decode()
    field = f"id_{DoubleDeposit.objects.get(pledge=second).pk}_number"
    error = page.partition(f'<span class="error" id="{field}_error">')[2].partition("</span>")[0]
    assert (answer.status_code, said in error) == (422, True)
    assert f'value="{number}"' in page or not number


def test_the_check_finds_a_row_nobody_booked(stripe: Running) -> None:
    campaign, _pledge = ordered(stripe)
    fail(campaign)
    DoubleDeposit.objects.update(state="funded", source="guarantee_fund", funded_at=NOON)

    assert len(own_faults()) == 2  # no transfer, and nothing held
    DoubleDeposit.objects.update(amount_fen=DEPOSIT + 1)
    assert any("和付过的定金对不上" in said for said in own_faults())


def staff() -> tuple[User, Client]:
    person = UserFactory(is_staff=True)
    client = Client()
    client.force_login(person)
    return person, client


def test_pages_of_staff_and_backer(stripe: Running, client: Client) -> None:
    campaign, pledge = ordered(stripe)
    session = client.session
    session["pledges"] = [pledge.code]
    session.save()
    own = f"/presale/pledges/{pledge.code}/"
    assert "成团后卖方交不出货，加倍退" in client.get(own).content.decode()
    put_in(shop_account(campaign), 9_000)
    fail(campaign)
    fund_doubles(at=AFTER)
    assert "另赔一份定金" in client.get(own).content.decode()
    (_one, first), (_other, second) = staff(), staff()

    address = f"/work/deposits/{pledge.code}/"
    assert pledge.code in first.get("/work/deposits/").content.decode()
    first.post(address, {"step": "propose", "number": "B-7"})
    first.post(address, {"step": "approve", "number": "B-7"})
    assert DoubleDeposit.objects.get().state == DoubleState.FUNDED
    assert "B-7" in second.get("/work/deposits/").content.decode()
    second.post(address, {"step": "approve", "number": "B-7"})

    assert DoubleDeposit.objects.get().state == DoubleState.PAID
    assert "银行转账转给你了" in client.get(own).content.decode()
    assert client.get("/work/deposits/").status_code == 302
    assert faults() == []
