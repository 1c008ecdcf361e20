"""A lost dispute's owed refund is closed once; the guarantee fund is filled by two persons."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from core.errors import BadInput, NotAllowed
from devtools.stripe_emulator.testing import Running
from ledger.books import balance_of
from ledger.models import Transfer
from payments import books, services
from payments.models import FundDeposit, Payment, Refund, RefundState
from payments.services.disputing import close_taken_back
from payments.services.funding import confirm_deposit, drop_deposit, propose_deposit
from tests.factories.growers import UserFactory
from tests.payments.conftest import CAMPAIGN, NOON, Remembering, faults, hear, paid
from tests.payments.test_pages import MONEY, intent_of, sign_in

pytestmark = pytest.mark.django_db
FUND = "/work/money/fund/"


def filled(fen: int = 50_000, number: str = "8001") -> FundDeposit:
    row = propose_deposit(amount_fen=fen, number=number, by=UserFactory(), at=NOON)
    return confirm_deposit(code=row.code, by=UserFactory(), at=NOON)


def owed(stripe: Running, amount: int = 800) -> tuple[Payment, Refund, dict[str, str]]:
    """A payment that its payer's bank takes back while a part of it is owed to the payer."""
    payment = paid(stripe)
    facts = {"subject": "pledge:1-0", "amount": amount, "reason": "烂了", "by": None}
    refund = services.refund(code=payment.code, key="r1", at=NOON, **facts)
    charges = stripe.world.charges()
    charge = next(one for one in charges if one["payment_intent"] == intent_of(payment))
    opened = stripe.knob("disputes", charge=charge["id"])
    hear(stripe, at=NOON)
    services.send(code=refund.code, at=NOON)
    refund.refresh_from_db()
    assert refund.state == RefundState.OFFLINE
    return payment, refund, opened


def lost(stripe: Running, opened: dict[str, str]) -> None:
    stripe.knob("disputes", dispute=opened["id"], won=False)
    hear(stripe, at=NOON)


def test_the_fund_bears_it_and_gets_back_what_was_owed(stripe: Running, owner: Remembering) -> None:
    filled()
    payment, refund, opened = owed(stripe)
    lost(stripe, opened)
    staff = UserFactory()

    close_taken_back(code=refund.code, by=staff, at=NOON)
    close_taken_back(code=refund.code, by=staff, at=NOON)

    refund.refresh_from_db()
    assert (refund.state, refund.ended_at) == (RefundState.TAKEN_BACK, NOON)
    assert balance_of(books.refund_pending()) == 0
    assert balance_of(books.guarantee()) == 50_000 - payment.amount + refund.amount
    made = Transfer.objects.get(key=f"refund:{refund.code}:taken")
    assert (made.amount, made.made_by) == (800, f"user:{staff.pk}")
    assert owner.facts(refund.code) == ["refund_failed", "refunded"]
    assert faults() == []


def test_it_is_not_closed_before_the_bank_has_decided(stripe: Running) -> None:
    filled()
    _payment, refund, _opened = owed(stripe)

    with pytest.raises(NotAllowed, match="还没有判"):
        close_taken_back(code=refund.code, by=UserFactory(), at=NOON)


def test_what_no_bank_took_is_not_closed(stripe: Running) -> None:
    filled()
    _payment, refund, opened = owed(stripe)
    stripe.knob("disputes", dispute=opened["id"], won=True)
    hear(stripe, at=NOON)

    with pytest.raises(NotAllowed, match="没有被"):
        close_taken_back(code=refund.code, by=UserFactory(), at=NOON)


# The fund ---------------------------------------------------------------------------------------


def test_two_persons_fill_the_fund_once() -> None:
    one, other = UserFactory(), UserFactory()
    row = propose_deposit(amount_fen=500, number="9", by=one, at=NOON)

    with pytest.raises(NotAllowed, match="两个人"):
        confirm_deposit(code=row.code, by=one, at=NOON)
    assert balance_of(books.guarantee()) == 0
    confirm_deposit(code=row.code, by=other, at=NOON)
    with pytest.raises(NotAllowed, match="已经核对"):
        confirm_deposit(code=row.code, by=UserFactory(), at=NOON)

    assert balance_of(books.guarantee()) == 500
    assert faults() == []


def test_a_bank_number_fills_it_once_and_a_mistake_frees_it() -> None:
    row = propose_deposit(amount_fen=500, number="9", by=UserFactory(), at=NOON)

    with pytest.raises(BadInput, match="登记过"):
        propose_deposit(amount_fen=700, number=" 9 ", by=UserFactory(), at=NOON)
    drop_deposit(code=row.code, at=NOON)
    with pytest.raises(NotAllowed, match="撤掉"):
        confirm_deposit(code=row.code, by=UserFactory(), at=NOON)
    propose_deposit(amount_fen=700, number="9", by=UserFactory(), at=NOON)

    assert balance_of(books.guarantee()) == 0


@pytest.mark.parametrize(
    "again", ["icbc8001", "ICBC 8001", "ＩＣＢＣ８００１", "Icbc\u3000 80 01 "]
)
def test_one_receipt_typed_another_way_is_the_same_receipt(again: str) -> None:
    row = propose_deposit(amount_fen=500, number=" icbc 8001", by=UserFactory(), at=NOON)

    with pytest.raises(BadInput, match="登记过"):
        propose_deposit(amount_fen=500, number=again, by=UserFactory(), at=NOON)

    assert row.bank_number == "ICBC8001"


def test_the_database_asks_for_two_persons_too() -> None:
    one = UserFactory()
    row = propose_deposit(amount_fen=500, number="9", by=one, at=NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        FundDeposit.objects.filter(pk=row.pk).update(confirmed_by=one, confirmed_at=NOON)


def test_page_from_the_number_to_the_books(client: Client, stripe: Running) -> None:
    first = sign_in(client, staff=True)
    wrong = client.post(FUND, {"amount": "", "number": ""})
    client.post(FUND, {"amount": "500.00", "number": "8001"})
    row = FundDeposit.objects.get()
    step = reverse("payments:deposit", args=[row.code])
    own = client.get(FUND).content.decode()
    client.post(step, {"step": "confirm"})
    sign_in(client, staff=True)
    client.post(step, {"step": "confirm"})

    assert wrong.status_code == 422
    assert 'id="id_amount_error"' in wrong.content.decode()
    assert 'value="confirm"' not in own
    page = client.get(FUND).content.decode()
    assert "保证金有 ¥500.00" in page
    assert "核对入账" in page
    row.refresh_from_db()
    assert row.proposed_by == first
    assert row.confirmed_by not in (None, first)


def test_a_lost_dispute_is_closed_on_the_page(client: Client, stripe: Running) -> None:
    filled()
    _payment, refund, opened = owed(stripe)
    step = reverse("payments:taken_back", args=[refund.code])
    sign_in(client, staff=True)

    before = client.get(MONEY).content.decode()
    lost(stripe, opened)
    after = client.get(MONEY).content.decode()
    client.post(step)

    assert step not in before
    assert step in after
    refund.refresh_from_db()
    assert refund.state == RefundState.TAKEN_BACK
    assert balance_of(books.escrow(CAMPAIGN)) == 12800 - 800
