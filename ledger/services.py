"""Opening accounts and posting transfers, each exactly once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ledger.errors import KeyUsedOtherwise, Overdrawn
from ledger.models import Account, AccountKind, Transfer, TransferKind

BATCH = 1000
Facts = tuple[int, int, int, str, str, str]


@dataclass(frozen=True)
class Entry:
    """A transfer to be posted; ``amount`` in fen, from ``debit`` to ``credit``."""

    key: str
    kind: TransferKind
    debit: Account
    credit: Account
    amount: int
    subject: str
    counterparty: str = ""
    group: str = ""
    reverses: Transfer | None = None

    @property
    def facts(self) -> Facts:
        """What must be the same when the key is the same."""
        legs = (self.debit.pk, self.credit.pk, self.amount)
        return (*legs, str(self.kind), self.subject, self.counterparty)


@dataclass(frozen=True)
class NewAccount:
    """What an account is, wherever it is named first."""

    code: str
    kind: AccountKind
    currency: str = "CNY"
    allow_negative: bool = False


def open_account(
    *, code: str, kind: AccountKind, currency: str = "CNY", allow_negative: bool = False
) -> Account:
    """The account of this code, opened on first use."""
    return open_accounts([NewAccount(code, kind, currency, allow_negative)])[code]


def open_accounts(wanted: Sequence[NewAccount]) -> dict[str, Account]:
    """The accounts of these codes, read at once; those not there yet are opened."""
    codes = [one.code for one in wanted]
    found = _accounts(codes)
    fresh = [one for one in wanted if one.code not in found]
    if not fresh:
        return found
    Account.objects.bulk_create((_opened(one) for one in fresh), ignore_conflicts=True)
    return _accounts(codes)


def _accounts(codes: Sequence[str]) -> dict[str, Account]:
    return {one.code: one for one in Account.objects.filter(code__in=codes)}


def _opened(one: NewAccount) -> Account:
    return Account(
        code=one.code,
        kind=one.kind,
        currency=one.currency,
        allow_negative=one.allow_negative,
        balance=None if one.allow_negative else 0,
    )


def post(*, entries: Sequence[Entry], made_by: str, at: datetime) -> int:
    """Post all entries or none; those posted before are passed over. How many were new.

    What is written is one transaction of its own; nothing else is.

    Raises
    ------
    KeyUsedOtherwise
        When a key stands for another transfer already.
    Overdrawn
        When an account would fall below nought; nothing is posted then.
    """
    wanted = _without_doubles(entries)
    known = _posted(wanted)
    fresh = [entry for key, entry in wanted.items() if key not in known]
    for key, facts in known.items():
        if wanted[key].facts != facts:
            raise KeyUsedOtherwise(_("账目 %(key)s 已经记过，内容不一样。") % {"key": key})
    try:
        with transaction.atomic():
            _write(fresh, made_by=made_by, at=at)
    except IntegrityError as error:
        if "account_is_not_overdrawn" in str(error):
            raise Overdrawn(_("账户里的钱不够，这一笔没有记。")) from error
        raise
    return len(fresh)


def _without_doubles(entries: Iterable[Entry]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for entry in entries:
        if found.setdefault(entry.key, entry).facts != entry.facts:
            raise KeyUsedOtherwise(_("账目 %(key)s 写了两次，内容不一样。") % {"key": entry.key})
    return found


def _posted(wanted: dict[str, Entry]) -> dict[str, Facts]:
    found: dict[str, Facts] = {}
    keys = list(wanted)
    for start in range(0, len(keys), BATCH):
        rows = Transfer.objects.filter(key__in=keys[start : start + BATCH])
        for key, *facts in rows.values_list(
            "key", "debit", "credit", "amount", "kind", "subject", "counterparty"
        ):
            found[key] = tuple(facts)  # type: ignore[assignment]
    return found


def _write(entries: Sequence[Entry], *, made_by: str, at: datetime) -> None:
    Transfer.objects.bulk_create(
        [
            Transfer(
                key=entry.key,
                group=entry.group,
                kind=entry.kind,
                debit=entry.debit,
                credit=entry.credit,
                amount=entry.amount,
                subject=entry.subject,
                counterparty=entry.counterparty,
                made_by=made_by,
                at=at,
                reverses=entry.reverses,
            )
            for entry in entries
        ],
        batch_size=BATCH,
    )


def reverse(*, transfer: Transfer, made_by: str, at: datetime) -> Transfer:
    """Take a transfer back by its mirror; twice is once."""
    entry = Entry(
        key=f"reversal:{transfer.key}",
        kind=TransferKind.REVERSAL,
        debit=transfer.credit,
        credit=transfer.debit,
        amount=transfer.amount,
        subject=f"transfer:{transfer.pk}",
        group=transfer.group,
        reverses=transfer,
    )
    post(entries=[entry], made_by=made_by, at=at)
    return Transfer.objects.get(key=entry.key)
