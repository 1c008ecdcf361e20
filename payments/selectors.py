"""What pages show of payments."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ledger.books import balance_of
from ledger.models import Account, Transfer
from payments import links
from payments.models import (
    Attempt,
    AttemptState,
    Difference,
    Dispute,
    EventState,
    FundDeposit,
    Gate,
    Payment,
    PaymentState,
    ProviderEvent,
    Refund,
    RefundState,
)
from payments.services.reconciling import WORDS
from payments.taken_back import with_taken_back

FUND, FUND_ROWS = "guarantee_fund", 50


def payment_by_token(token: str) -> Payment | None:
    """The payment a link leads to."""
    code = links.code_of(token)
    return None if code is None else Payment.objects.filter(code=code).first()


# What the provider says of a refund that it cannot return, and of a dispute.
TROUBLES = {
    "window": lazy("过了原路退回的期限"),
    "charge_disputed": lazy("付款人的银行正在要回这一笔"),
    "expired_or_canceled_card": lazy("付款的卡过期或注销了"),
    "lost_or_stolen_card": lazy("付款的卡挂失了"),
    "insufficient_funds": lazy("我们在支付机构的余额不够"),
}
DISPUTES = {
    "needs_response": lazy("等我们答复银行"),
    "under_review": lazy("银行在看"),
    "won": lazy("判给我们，钱回来了"),
    "lost": lazy("判给付款人"),
}


@dataclass(frozen=True)
class Progress:
    """How many payments are in one state, and what they come to."""

    word: str
    count: int
    fen: int


def progress() -> list[Progress]:
    """Payments by state, in the order of their life."""
    rows = Payment.objects.order_by().values("state").annotate(n=Count("pk"), fen=Sum("amount"))
    found = {row["state"]: row for row in rows}
    return [
        Progress(str(state.label), found[state]["n"], found[state]["fen"])
        for state in PaymentState
        if state in found
    ]


def gate() -> Gate:
    """Whether calls go out, and why not."""
    return Gate.objects.filter(number=1).first() or Gate(number=1)


def unanswered_attempts() -> QuerySet[Attempt]:
    """Tries of which nobody knows what became."""
    rows = Attempt.objects.filter(state=AttemptState.UNKNOWN).select_related("payment")
    return rows.order_by("created_at", "pk")


def left_messages() -> QuerySet[ProviderEvent]:
    """Messages that fit nothing of ours, those a person must look at first."""
    rows = ProviderEvent.objects.filter(state__in=[EventState.LEFT, EventState.PARKED])
    return rows.order_by("state", "received_at", "id")


def refunds_by_bank() -> QuerySet[Refund]:
    """Refunds that the provider cannot return, oldest first; ``is_taken_back`` as there."""
    rows = with_taken_back(Refund.objects.filter(state=RefundState.OFFLINE))
    return rows.select_related("payment", "part", "proposed_by").order_by("created_at", "pk")


def trouble_words(row: Refund) -> str:
    """Why the provider could not return it."""
    known = TROUBLES.get(row.error)
    return str(known) if known else _("支付机构退不回去：%(code)s") % {"code": row.error}


def dispute_words(row: Dispute) -> str:
    """How far a dispute is."""
    if row.state.startswith("warning"):
        return _("银行来问，还没要钱")
    return str(DISPUTES.get(row.state, row.state))


def open_differences() -> QuerySet[Difference]:
    """Where the provider's books and ours do not agree."""
    return Difference.objects.filter(settled_at__isnull=True)


def disputes() -> QuerySet[Dispute]:
    """Payments that a payer's bank takes back."""
    return Dispute.objects.select_related("payment")


def difference_words(row: Difference) -> str:
    """What kind of difference it is."""
    return _(WORDS[row.kind])


def last_reconciled() -> datetime | None:
    """When the books were last compared."""
    from core.models import TickSlot

    runs = TickSlot.objects.filter(name="payments.reconcile", finished_at__isnull=False)
    return runs.values_list("finished_at", flat=True).first()


def fund_balance() -> int:
    """Fen in the guarantee fund; nothing is opened by looking."""
    account = Account.objects.filter(code=FUND).first()
    return balance_of(account) if account else 0


def deposits() -> QuerySet[FundDeposit]:
    """What was brought into the fund, those that wait for a second person first."""
    rows = FundDeposit.objects.select_related("proposed_by", "confirmed_by")
    return rows.order_by(F("confirmed_at").desc(nulls_first=True), "-proposed_at", "-pk")


@dataclass(frozen=True)
class FundMove:
    """A transfer in or out of the fund."""

    row: Transfer
    fen: int  # below nought: out

    @property
    def about(self) -> str:
        """The code of what it was for."""
        return self.row.subject.partition(":")[2]


def fund_moves() -> list[FundMove]:
    """The fund's transfers, the latest first."""
    rows = Transfer.objects.filter(Q(debit__code=FUND) | Q(credit__code=FUND))
    found = rows.select_related("debit").order_by("-at", "-pk")[:FUND_ROWS]
    return [FundMove(one, -one.amount if one.debit.code == FUND else one.amount) for one in found]
