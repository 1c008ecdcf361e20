"""The ledger's accounts for those who are owed: which codes they have, opened when first used."""

from collections.abc import Iterable

from ledger.models import Account, AccountKind
from ledger.services import open_account

LOGISTICS = "payable:logistics"
PLATFORM = "fee:platform"
BANK = "bank_out"


def household_code(code: str) -> str:
    """The account of what a household is owed."""
    return f"payable:household:{code}"


def cooperative_account(code: str) -> Account:
    """What a cooperative put in for its households (below nought) or gets back."""
    return open_account(code=f"cooperative:{code}", kind=AccountKind.CLEARING, allow_negative=True)


def shop_account(code: str) -> Account:
    """What a shop is owed."""
    return open_account(code=f"payable:shop:{code}", kind=AccountKind.PAYABLE)


def logistics_account() -> Account:
    """What carriage is owed."""
    return open_account(code=LOGISTICS, kind=AccountKind.PAYABLE)


def platform_account() -> Account:
    """What the platform keeps."""
    return open_account(code=PLATFORM, kind=AccountKind.FEE)


def bank_account() -> Account:
    """What went out by the bank."""
    return open_account(code=BANK, kind=AccountKind.BANK, allow_negative=True)


def household_accounts(codes: Iterable[str]) -> dict[str, Account]:
    """Household code → its account; three queries for however many."""
    wanted = {household_code(code): code for code in codes}
    fresh = [Account(code=code, kind=AccountKind.PAYABLE, balance=0) for code in sorted(wanted)]
    known = set(Account.objects.filter(code__in=wanted).values_list("code", flat=True))
    Account.objects.bulk_create(
        [one for one in fresh if one.code not in known], ignore_conflicts=True
    )
    return {wanted[one.code]: one for one in Account.objects.filter(code__in=wanted)}
