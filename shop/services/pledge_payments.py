"""What a pledge asks of ``payments``: to be paid, to be let go, to be given back.

Nothing here speaks to the provider. ``payments`` writes down what is to be done and does it after
the transaction.
"""

from collections.abc import Iterable
from datetime import datetime

from core.clock import day_of
from core.units import fen
from growers.models import User
from ledger.models import AccountKind
from ledger.services import open_account
from payments import least_charge
from payments import services as payments
from payments.models import Part, Payer, Payment, PaymentState, Way
from payments.states import UNPAID
from shop.models import Campaign, CampaignState, Pledge, PledgeWay
from shop.pledge_rules import CARD, WaysOpen, deposit_fen, wallets_paid_on, ways_open


def escrow_of_campaign(code: str) -> str:
    """The account where a campaign's money waits."""
    return f"escrow:campaign:{code}"


def ways_for(campaign: Campaign, *, at: datetime) -> WaysOpen:
    """Which ways and methods a backer may choose now; after success one pays at once."""
    days = {
        "deadline_on": day_of(campaign.deadline_at),
        "promised_to_on": campaign.promised_to_on,
    }
    if campaign.state == CampaignState.SUCCEEDED:
        wallets = wallets_paid_on(day_of(at), **days)
        return WaysOpen(card_later=(), link=(), now=(CARD, *wallets))
    return ways_open(today=day_of(at), **days)


def methods_of(way: str, ways: WaysOpen) -> tuple[str, ...]:
    """What one may pay with on a way; empty where the way is not open."""
    return {
        PledgeWay.CARD_LATER.value: ways.card_later,
        PledgeWay.LINK.value: ways.link,
        PledgeWay.NOW.value: ways.now,
    }.get(str(way), ())


def deposit_of(pledge: Pledge) -> int:
    """Fen to be paid at once on a pledge whose rest is paid by link.

    Nought where the deposit or the rest would be less than the provider takes.
    """
    if pledge.way != PledgeWay.LINK or not pledge.campaign.deposit_percent:
        return 0
    first = deposit_fen(fen(pledge.goods), pledge.campaign.deposit_percent)
    rest, least = fen(pledge.total) - first, least_charge()
    return 0 if first < least or 0 < rest < least else first


def ask_for(pledge: Pledge, *, methods: tuple[str, ...], at: datetime) -> None:
    """Ask what the pledge comes to, whole or as deposit and rest; sets its payment codes."""
    open_account(code=escrow_of_campaign(pledge.campaign.code), kind=AccountKind.ESCROW)
    first = deposit_of(pledge)
    rest = fen(pledge.total) - first
    lapse_at = None if pledge.way == PledgeWay.LINK else pledge.hold_until
    payment = _ask(pledge, "pay", Way(pledge.way), rest, methods, lapse_at=lapse_at, at=at)
    pledge.payment_code = payment.code
    if first:
        now = _ask(pledge, "deposit", Way.NOW, first, methods, lapse_at=pledge.hold_until, at=at)
        pledge.deposit_code = now.code


def _ask(
    pledge: Pledge,
    word: str,
    way: Way,
    amount: int,
    methods: tuple[str, ...],
    *,
    lapse_at: datetime | None,
    at: datetime,
) -> Payment:
    subject = f"pledge:{pledge.code}"
    return payments.ask(
        subject=subject,
        key=f"{subject}:{word}:{at:%Y%m%dT%H%M%S%f}",
        way=way,
        parts=[Part(subject, escrow_of_campaign(pledge.campaign.code), amount)],
        payer=Payer(
            f"person:{pledge.user_id}" if pledge.user_id else subject,
            pledge.name,
            pledge.mobile,
            pledge.email,
            pledge.language,
        ),
        description=f"{pledge.campaign.listing.title} × {pledge.packs}",
        methods=methods,
        lapse_at=lapse_at,
        at=at,
    )


def payments_of(pledge: Pledge) -> list[Payment]:
    """The payment of a pledge, and its deposit before it where there is one."""
    codes = [code for code in (pledge.payment_code, pledge.deposit_code) if code]
    return list(Payment.objects.filter(code__in=codes).order_by("-pk")) if codes else []


def paid_fen(pledge: Pledge) -> int:
    """What was paid and is not asked back."""
    return sum(payment.left for payment in payments_of(pledge))


def let_go(pledge: Pledge, *, at: datetime) -> None:
    """Nothing more will be asked for this pledge: pages are closed, a saved card is forgotten."""
    for payment in payments_of(pledge):
        if payment.state in UNPAID:
            payments.void(code=payment.code, at=at)


def give_back(
    pledge: Pledge,
    *,
    why: str,
    reason: str,
    by: User | None,
    at: datetime,
    amount: int | None = None,
) -> int:
    """Ask back what was paid, or ``amount`` fen of it; how many fen. Once for each ``why``."""
    asked = 0
    for payment in payments_of(pledge):
        part = payment.left if amount is None else min(payment.left, amount - asked)
        if part > 0:
            payments.refund(
                code=payment.code,
                subject=f"pledge:{pledge.code}",
                amount=part,
                key=f"pledge:{pledge.code}:{why}:{payment.code}",
                reason=reason,
                by=by,
                at=at,
            )
            asked += part
    return asked


def void_forgotten(*, at: datetime, states: Iterable[str], most: int = 200) -> int:
    """Let go of payments whose pledge ended in one of ``states`` while they were still open."""
    open_still = Payment.objects.filter(state__in=[PaymentState.WAITING, PaymentState.READY])
    rows = Pledge.objects.filter(state__in=states)
    ended = rows.filter(payment_code__in=open_still.values("code")).order_by("pk")[:most]
    for pledge in ended:
        let_go(pledge, at=at)
    return len(ended)
