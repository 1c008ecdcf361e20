"""The rules of paying for a pledge, in whole fen and days; no Django, no clock.

A wallet's refund window is short, so a wallet pays at once only where a refund could still go back
to it after the last day on which a backer may ask for one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.units import shares

HOLD_MINUTES = 30  # packs are kept while the card is saved or the wallet pays
SETTLE_DAYS = 7  # from the deadline until everything is collected or given back
CLAIM_DAYS = 14  # after delivery, to complain
LINK_HOURS = 72  # a link is open for
REMIND_HOURS = (24, 48, 66)
FIX_DAYS = 7  # to mend a card that was refused
CHOOSE_DAYS = 7  # to choose after less harvest or a later day
CHOOSE_DAYS_OF_FAILED = 3  # where nothing comes: money or credit
OFFER_HOURS = 24  # packs that came free are kept for the next in the queue
MOST_DEPOSIT_PERCENT = 20
ENOUGH_PERCENT = 80  # collected below this share of the goal is looked at by a person

# Days within which money still goes back to the wallet, with some to spare (90 and 180).
REFUND_WINDOW_DAYS = {"alipay": 85, "wechat_pay": 170}
WALLETS = tuple(REFUND_WINDOW_DAYS)
CARD = "card"


def last_refund_on(*, deadline_on: date, promised_to_on: date) -> date:
    """The last day on which a refund may be due.

    >>> last_refund_on(deadline_on=date(2026, 9, 6), promised_to_on=date(2026, 10, 10))
    datetime.date(2026, 10, 24)
    """
    settled_on = deadline_on + timedelta(days=SETTLE_DAYS)
    return max(settled_on, promised_to_on) + timedelta(days=CLAIM_DAYS)


def wallets_paid_on(paid_on: date, *, deadline_on: date, promised_to_on: date) -> tuple[str, ...]:
    """The wallets that may take money on a day: a refund would still reach them.

    >>> wallets_paid_on(
    ...     date(2026, 8, 1), deadline_on=date(2026, 9, 6), promised_to_on=date(2026, 10, 10)
    ... )
    ('alipay', 'wechat_pay')
    >>> wallets_paid_on(
    ...     date(2026, 5, 10), deadline_on=date(2026, 9, 6), promised_to_on=date(2026, 10, 10)
    ... )
    ('wechat_pay',)
    """
    last = last_refund_on(deadline_on=deadline_on, promised_to_on=promised_to_on)
    return tuple(
        wallet
        for wallet, days in REFUND_WINDOW_DAYS.items()
        if last <= paid_on + timedelta(days=days)
    )


@dataclass(frozen=True)
class WaysOpen:
    """Which methods each way may offer; an empty tuple: the way is not offered."""

    card_later: tuple[str, ...]
    link: tuple[str, ...]
    now: tuple[str, ...]


def ways_open(*, today: date, deadline_on: date, promised_to_on: date) -> WaysOpen:
    """What a backer may choose today.

    A card can always be saved. A link is paid after the deadline, so its wallets are judged on
    that day. Paying now is for wallets alone: a card that is saved costs its owner nothing yet.
    """
    days = {"deadline_on": deadline_on, "promised_to_on": promised_to_on}
    later = wallets_paid_on(deadline_on, **days)
    return WaysOpen(card_later=(CARD,), link=(CARD, *later), now=wallets_paid_on(today, **days))


def deposit_fen(total_fen: int, percent: int) -> int:
    """A deposit, rounded down: never above a fifth of the price.

    Raises
    ------
    ValueError
        When the share is above a fifth or below nought.

    >>> deposit_fen(9_999, 20)
    1999
    """
    if not 0 <= percent <= MOST_DEPOSIT_PERCENT:
        raise ValueError("a deposit is a fifth at most")
    return total_fen * percent // 100


def is_enough(*, collected_packs: int, goal_packs: int) -> bool:
    """Whether a campaign goes on by itself after collecting.

    >>> is_enough(collected_packs=16, goal_packs=20), is_enough(collected_packs=15, goal_packs=20)
    (True, False)
    """
    return collected_packs * 100 >= goal_packs * ENOUGH_PERCENT


def kept_of(amounts: Sequence[int], percent: int) -> list[int]:
    """What of each amount stays when only a part is sent, by largest remainder.

    The parts sum to ``percent`` of the whole, rounded down, and none is above its amount.

    Raises
    ------
    ValueError
        When the share is not between 0 and 100.

    >>> kept_of([9_200, 18_400, 9_200], 60)
    [5520, 11040, 5520]
    >>> kept_of([1, 1, 1], 50)
    [1, 0, 0]
    """
    if not 0 <= percent <= 100:
        raise ValueError("a share is between 0 and 100")
    whole = sum(amounts) * percent // 100
    return shares(whole, amounts) if sum(amounts) else [0] * len(amounts)
