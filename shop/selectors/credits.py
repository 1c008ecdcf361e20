"""Whose shop credit it is, how much is left, and the path of every fen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from growers.models import User
from ledger.models import Transfer
from payments.taken_back import taking
from shop.models import Credit, CreditUse, Pledge, Purchase


@dataclass(frozen=True)
class Holder:
    """A person as far as proved: signed in, or a number shown to be theirs just now."""

    user: User | None = None
    mobile: str = ""

    def __bool__(self) -> bool:
        return self.user is not None or bool(self.mobile)


NOBODY = Holder()


def credits_of(holder: Holder) -> QuerySet[Credit]:
    """What belongs to a person; what an account has is not opened by somebody else's number."""
    mine = Q(pk__in=[])
    if holder.user is not None:
        mine |= Q(user=holder.user)
    if holder.mobile:
        nobodys_else = Q(user__isnull=True) | Q(user__mobile=holder.mobile)
        mine |= Q(mobile=holder.mobile) & nobodys_else
    return Credit.objects.filter(mine)


def spendable(rows: QuerySet[Credit]) -> QuerySet[Credit]:
    """Those that nobody's bank takes back: what came of a disputed payment is frozen."""
    return rows.exclude(payment_code__in=taking().values("payment__code"))


def is_frozen(credit: Credit) -> bool:
    """Whether the bank of who paid for it takes that money back now."""
    return taking().filter(payment__code=credit.payment_code).exists()


def credit_left(holder: Holder) -> int:
    """Fen that a person may spend now; one query, none for a stranger."""
    if not holder:
        return 0
    return int(spendable(credits_of(holder)).aggregate(sum=Sum("account__balance"))["sum"] or 0)


def credit_in(purchase: Purchase) -> tuple[int, int]:
    """Fen of credit that went into an order, and what of it came back.

    Credit is put in with a payment only: what never waited for one has none, and asks nothing.
    """
    if purchase.hold_until is None:
        return 0, 0
    rows = CreditUse.objects.filter(purchase=purchase)
    row = rows.aggregate(amount=Sum("amount_fen"), back=Sum("back_fen"))
    return int(row["amount"] or 0), int(row["back"] or 0)


@dataclass(frozen=True)
class CreditStep:
    """Fen that went in or out of a credit."""

    at: datetime
    what: str  # given, spent, back, out
    amount: int
    code: str  # of the pledge or the order


@dataclass(frozen=True)
class CreditShown:
    """One credit as its owner reads it."""

    row: Credit
    pledge: Pledge
    left: int
    is_frozen: bool  # the bank of who paid takes that money back
    steps: tuple[CreditStep, ...]


def shown_credits(rows: QuerySet[Credit]) -> list[CreditShown]:
    """Credits with what is left and their path as the books have it, newest first.

    Three queries however many there are.
    """
    found = list(
        rows.select_related(
            "account",
            "choice__pledge__campaign__listing__product",
            "choice__pledge__campaign__listing__form__crop",
            "choice__pledge__campaign__listing__variety",
            "choice__pledge__campaign__listing__grade",
        ).order_by("-given_at", "-pk")
    )
    steps = _steps(found)
    codes = [row.payment_code for row in found]
    held = taking().filter(payment__code__in=codes) if codes else taking().none()
    frozen = set(held.values_list("payment__code", flat=True))
    return [
        CreditShown(
            row=row,
            pledge=row.choice.pledge,
            left=row.account.balance or 0,
            is_frozen=row.payment_code in frozen,
            steps=tuple(steps.get(row.account_id, [])),
        )
        for row in found
    ]


def _steps(found: Iterable[Credit]) -> dict[int, list[CreditStep]]:
    accounts = {row.account_id for row in found}
    rows = Transfer.objects.filter(Q(debit__in=accounts) | Q(credit__in=accounts))
    steps: dict[int, list[CreditStep]] = {}
    for one in rows.order_by("at", "pk"):
        comes_in = one.credit_id in accounts
        word, _colon, code = one.subject.partition(":")
        what = {
            (True, "pledge"): "given",
            (False, "order"): "spent",
            (True, "order"): "back",
            (False, "pledge"): "out",
        }[comes_in, word]
        account = one.credit_id if comes_in else one.debit_id
        steps.setdefault(account, []).append(CreditStep(one.at, what, one.amount, code))
    return steps


def credits_of_pledge(pledge: Pledge) -> list[CreditShown]:
    """What a reservation left as credit."""
    return shown_credits(Credit.objects.filter(choice__pledge=pledge))
