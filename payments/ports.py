"""Who owns what is paid for: apps above register themselves and are told what became of it.

Each call comes inside the transaction that changes the payment, at most once for each fact. An
owner that raises undoes the change; it is tried again later.
"""

from datetime import datetime
from typing import Protocol

from payments.errors import NoOwner
from payments.models import Payment, Refund


class Owner(Protocol):
    """What the app above does when its payment moves."""

    def card_saved(self, payment: Payment, *, at: datetime) -> None: ...

    def paid(self, payment: Payment, *, at: datetime) -> None:
        """The money is in escrow, posted in this transaction."""

    def troubled(self, payment: Payment, *, at: datetime) -> None:
        """Declined, or the buyer is needed; ``payment.state`` says which."""

    def dropped(self, payment: Payment, *, at: datetime) -> None:
        """Given up after seven days, or the link lapsed."""

    def refunded(self, refund: Refund, *, at: datetime) -> None: ...

    def refund_failed(self, refund: Refund, *, at: datetime) -> None:
        """It did not reach the payer; offline means that people send it by bank."""

    def is_wanted(self, payment: Payment) -> bool:
        """Whether money that comes now is still of use; if not it goes back by itself."""

    def title(self, payment: Payment) -> str:
        """What is paid for, goods by name, in the language of the moment."""

    def address(self, payment: Payment) -> str:
        """Where its buyer reads what was paid for; a stranger must prove the number there."""


_owners: dict[str, Owner] = {}


def register_owner(word: str, owner: Owner) -> None:
    """Answer for all payments whose subject begins with ``word:``; in ``AppConfig.ready``."""
    _owners[word] = owner


def owner_of(payment: Payment) -> Owner:
    """Who answers for a payment.

    Raises
    ------
    NoOwner
        Nobody registered for the word of its subject.
    """
    try:
        return _owners[payment.owner_word]
    except KeyError:
        raise NoOwner(payment.subject) from None
