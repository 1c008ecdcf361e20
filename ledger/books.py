"""What the books say, and whether they hold together."""

from collections.abc import Iterator

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from ledger import checks, guards
from ledger.models import Account, Transfer

GUARDS = {
    "sqlite": {"ledger_transfer_kept", "ledger_transfer_stays"},
    "postgresql": {"ledger_transfer_kept"},
}
ALWAYS = {"ledger_account_fixed", "ledger_transfer_made"}


def summed_accounts() -> QuerySet[Account]:
    """Accounts with ``summed``: credits less debits, from the transfers themselves."""
    return Account.objects.annotate(summed=_sum_of("credit") - _sum_of("debit"))


def _sum_of(leg: str) -> Coalesce:
    rows = Transfer.objects.filter(**{leg: OuterRef("pk")}).order_by().values(leg)
    total = rows.annotate(total=Sum("amount")).values("total")
    return Coalesce(Subquery(total, output_field=BigIntegerField()), 0)


def balance_of(account: Account) -> int:
    """The balance in fen, summed where it is not kept."""
    row = summed_accounts().get(pk=account.pk)
    return int(row.summed if row.balance is None else row.balance)  # type: ignore[attr-defined]


def register_checks() -> None:
    """The ledger's own invariants."""
    checks.register("ledger.balances", _balances_are_sums)
    checks.register("ledger.currencies", _currencies_sum_to_nought)
    checks.register("ledger.guards", _guards_stand)


def _balances_are_sums() -> Iterator[str]:
    drifted = summed_accounts().filter(balance__isnull=False).exclude(balance=F("summed"))
    for account in drifted.iterator():
        facts = {"code": account.code, "kept": account.balance, "summed": account.summed}  # type: ignore[attr-defined]
        yield _("账户 %(code)s 写着 %(kept)s 分，逐笔加起来是 %(summed)s 分。") % facts


def _currencies_sum_to_nought() -> Iterator[str]:
    rows = summed_accounts().order_by().values("currency").annotate(total=Sum("summed"))
    for row in rows:
        if row["total"]:
            facts = {"currency": row["currency"], "total": row["total"]}
            yield _("%(currency)s 各账户相加不是零，差 %(total)s 分。") % facts


def _guards_stand() -> Iterator[str]:
    from django.db import connection

    for missing in sorted((GUARDS[connection.vendor] | ALWAYS) - guards.names()):
        yield _("数据库里少了守卫 %(name)s，运行 manage.py migrate 补上。") % {"name": missing}
