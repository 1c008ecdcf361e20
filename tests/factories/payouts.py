"""Orders paid through us and delivered, with the harvest of real slips in them.

``paid_order(listing)`` is packed from whatever lots there are, sent and, unless told, delivered and
settled; ``grown(listing)`` weighs a household's harvest for the listing's pool.
"""

from datetime import date
from typing import Any

from core.units import fen
from growers.models import Cooperative, Household, HouseholdIdentity, User
from ledger.models import AccountKind, TransferKind
from ledger.services import Entry, open_account, post
from logistics.models import PayoutBatch, WeighTicket
from logistics.services.bank_files import fetch_bank_file
from logistics.services.packing import pack_order, send_order
from logistics.services.payouts import approve_batch, make_batch, mark_batch_paid
from logistics.services.settling import settle_order
from shop.models import Listing, Purchase, PurchaseState
from shop.services.moving import move_order
from tests.factories.growers import HouseholdFactory, person_with
from tests.factories.logistics import make_contract, make_form, make_ticket
from tests.factories.shop import NOON, ListingFactory, PurchaseFactory

SOON = date(2026, 9, 30)


def grown_listing(**facts: Any) -> Listing:
    """A listing of a graded form with nothing on hand yet."""
    form = make_form()
    grade = form.crop.grades.get(name_zh="一级")
    return ListingFactory(form=form, grade=grade, packs=0, **facts)


def grown(
    listing: Listing,
    *,
    household: Household | None = None,
    net_g: int = 10_000,
    harvested_on: date = date(2026, 8, 28),
    **facts: Any,
) -> WeighTicket:
    """A household's slip for the listing's pool: 10 kg at 18.00 yuan unless told."""
    household = household or with_account(HouseholdFactory(cooperative=listing.shop.cooperative))
    grade = listing.grade.name_zh if listing.grade else ""
    contract = make_contract(
        shop=listing.shop, household=household, form=listing.form, grade=grade, **facts
    )
    return make_ticket(contract, gross_g=net_g + 1_000, harvested_on=harvested_on)


def with_account(household: Household, account: str = "6228480000000000018") -> Household:
    """The household with a bank account in its sealed identity."""
    HouseholdIdentity.objects.filter(household=household).update(account=account)
    return household


def pay_into_escrow(purchase: Purchase, *, amount_fen: int | None = None) -> Purchase:
    """The buyer's money, in the escrow account of the order's shop, as ``payments`` posts it."""
    clearing = open_account(code="stripe_clearing", kind=AccountKind.CLEARING, allow_negative=True)
    entry = Entry(
        key=f"pay:PY-TEST:{purchase.code}",
        kind=TransferKind.PAY,
        debit=clearing,
        credit=open_account(code=f"escrow:shop:{purchase.shop.code}", kind=AccountKind.ESCROW),
        amount=fen(purchase.order.total_incl_tax) if amount_fen is None else amount_fen,
        subject=f"order:{purchase.code}",
    )
    post(entries=[entry], made_by="test", at=NOON)
    purchase.paid_at = NOON
    purchase.payment_code = "PY-TEST"
    purchase.save(update_fields=["paid_at", "payment_code"])
    return purchase


def paid_order(
    listing: Listing,
    *,
    packs: int = 2,
    amount_fen: int | None = None,
    settle: bool = True,
    **facts: Any,
) -> Purchase:
    """An order paid at once, packed, sent and delivered."""
    bought = PurchaseFactory(listing=listing, packs=packs, **facts)
    pay_into_escrow(bought, amount_fen=amount_fen)
    return delivered(bought, settle=settle)


def delivered(bought: Purchase, *, settle: bool = True) -> Purchase:
    """The order packed, sent and delivered by the system."""
    pack_order(code=bought.code, by=None, at=NOON)
    send_order(code=bought.code, by=None, at=NOON)
    moved = move_order(code=bought.code, to=PurchaseState.DELIVERED, by=None, at=NOON)
    if settle:
        settle_order(code=bought.code, at=NOON)
    return moved


def two_of(cooperative: Cooperative) -> tuple[User, User]:
    """A planner and an approver of the cooperative."""
    return person_with("planner", cooperative), person_with("approver", cooperative)


def batch_of(cooperative: Cooperative, *, until: date = SOON, upto: str = "made") -> PayoutBatch:
    """A batch, made and (``upto`` approved or paid) taken further by another person."""
    planner, approver = two_of(cooperative)
    batch = make_batch(cooperative=cooperative, until=until, by=planner, at=NOON)
    if upto in ("approved", "paid"):
        batch = approve_batch(code=batch.code, by=approver, at=NOON)
    if upto == "paid":
        fetch_bank_file(code=batch.code, by=approver, at=NOON)
        batch = mark_batch_paid(code=batch.code, by=approver, at=NOON)
    return batch
