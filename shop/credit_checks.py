"""What must hold between the books and shop credit; ``ledger_check`` and the nightly job run it."""

from collections.abc import Iterator

from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from ledger import checks
from ledger.books import summed_accounts
from payments.models import Payment
from shop.models import Credit, CreditUse


def register() -> None:
    """Add them to the ledger's registry."""
    checks.register("shop.credit", credits_are_what_is_left)
    checks.register("shop.credit_aside", asides_are_credits)


def credits_are_what_is_left() -> Iterator[str]:
    """Given, less spent and not brought back, less paid out, is in the books: for each credit."""
    held = {
        row.pk: row.summed  # type: ignore[attr-defined]
        for row in summed_accounts().filter(code__startswith="credit:")
    }
    for row in Credit.objects.annotate(spent=_spent()).iterator():
        owed = row.given_fen - row.spent - row.paid_out_fen
        booked = held.pop(row.account_id, 0)
        if owed != booked:
            facts = {"code": row.code, "held": booked, "owed": owed}
            yield _("购物金 %(code)s 账上有 %(held)s 分，该有 %(owed)s 分。") % facts
    if any(held.values()):
        yield _("账本里有 %(sum)s 分购物金找不到是谁的。") % {"sum": sum(held.values())}


def _spent() -> Coalesce:
    uses = CreditUse.objects.filter(credit=OuterRef("pk")).order_by().values("credit")
    return Coalesce(Subquery(uses.annotate(n=Sum(F("amount_fen") - F("back_fen"))).values("n")), 0)


def asides_are_credits() -> Iterator[str]:
    """What a payment must not refund is exactly the credit that came of it and is not paid out."""
    rows = Credit.objects.order_by().values("payment_code")
    owed = dict(
        rows.annotate(n=Sum(F("given_fen") - F("paid_out_fen"))).values_list("payment_code", "n")
    )
    aside = dict(Payment.objects.filter(aside__gt=0).values_list("code", "aside"))
    for code in sorted({*owed, *aside}):
        if owed.get(code, 0) != aside.get(code, 0):
            facts = {"code": code, "aside": aside.get(code, 0), "owed": owed.get(code, 0)}
            yield _("付款 %(code)s 留作购物金 %(aside)s 分，购物金记了 %(owed)s 分。") % facts
