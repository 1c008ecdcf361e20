"""A settled order is refunded: the cooperative, which has the goods back, brings the money."""

from datetime import datetime

from ledger.models import Account, TransferKind
from ledger.services import Entry, post
from logistics.accounts import cooperative_account
from shop.models import Purchase
from shop.money import escrow_of


def refill(purchase: Purchase, amount_fen: int, key: str, at: datetime) -> None:
    """Put back into escrow what a refund needs. A household keeps what it was paid: its harvest
    was weighed and taken, and what buyers send back is the cooperative's stock again.
    """
    held = escrow_of(purchase)
    if held is None:
        return
    code = purchase.shop.cooperative.code
    entry = Entry(
        key=f"return:{key}",
        kind=TransferKind.RETURN,
        debit=cooperative_account(code),
        credit=Account.objects.get(code=held[0]),
        amount=amount_fen,
        subject=f"order:{purchase.code}",
        counterparty=f"cooperative:{code}",
        group=f"refund:{key}"[:60],
    )
    post(entries=[entry], made_by="job:refund", at=at)
