"""The rules of paying for a pledge: refund windows, deposits, and the split of a short harvest."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.pledge_rules import (
    deposit_fen,
    is_enough,
    kept_of,
    last_refund_on,
    wallets_paid_on,
    ways_open,
)

DEADLINE = date(2026, 9, 6)
SENT_BY = date(2026, 10, 10)
LAST = date(2026, 10, 24)  # two weeks after the last promised day

amounts = st.lists(st.integers(0, 2_000_000), min_size=1, max_size=40)
percents = st.integers(0, 100)


@pytest.mark.parametrize(
    ("days_before", "wallets"),
    [
        (85, ("alipay", "wechat_pay")),
        (86, ("wechat_pay",)),
        (170, ("wechat_pay",)),
        (171, ()),
    ],
)
def test_wallet_pays_now_only_while_a_refund_would_still_reach_it(
    days_before: int, wallets: tuple[str, ...]
) -> None:
    today = LAST - timedelta(days=days_before)

    assert wallets_paid_on(today, deadline_on=DEADLINE, promised_to_on=SENT_BY) == wallets


def test_settling_counts_where_everything_is_sent_soon_after_the_deadline() -> None:
    sent_by = DEADLINE + timedelta(days=2)

    last = last_refund_on(deadline_on=DEADLINE, promised_to_on=sent_by)

    assert last == DEADLINE + timedelta(days=7 + 14)


def test_link_is_judged_on_the_day_it_is_paid() -> None:
    early = DEADLINE - timedelta(days=150)

    ways = ways_open(today=early, deadline_on=DEADLINE, promised_to_on=SENT_BY)

    assert ways.now == ()
    assert ways.link == ("card", "alipay", "wechat_pay")
    assert ways.card_later == ("card",)


def test_link_leaves_out_wallets_where_delivery_is_far() -> None:
    far = DEADLINE + timedelta(days=120)

    ways = ways_open(today=DEADLINE, deadline_on=DEADLINE, promised_to_on=far)

    assert ways.link == ("card", "wechat_pay")


@given(st.integers(0, 10_000_000), st.integers(0, 20))
def test_deposit_is_never_above_a_fifth(total: int, percent: int) -> None:
    assert 0 <= deposit_fen(total, percent) * 5 <= total


@pytest.mark.parametrize("percent", [-1, 21])
def test_deposit_above_a_fifth_is_refused(percent: int) -> None:
    with pytest.raises(ValueError, match="a fifth"):
        deposit_fen(10_000, percent)


@pytest.mark.parametrize(("packs", "enough"), [(15, False), (16, True), (20, True)])
def test_four_fifths_of_the_goal_go_on(packs: int, enough: bool) -> None:
    assert is_enough(collected_packs=packs, goal_packs=20) is enough


@given(amounts, percents)
def test_every_fen_of_a_short_harvest_is_kept_or_given_back(paid: list[int], percent: int) -> None:
    kept = kept_of(paid, percent)

    assert sum(kept) == sum(paid) * percent // 100
    assert all(0 <= part <= amount for part, amount in zip(kept, paid, strict=True))


@given(amounts, percents)
def test_nobody_is_more_than_a_fen_off_the_exact_share(paid: list[int], percent: int) -> None:
    kept = kept_of(paid, percent)

    for part, amount in zip(kept, paid, strict=True):
        # The whole is rounded down once, so an exact share may lose up to one fen, never gain.
        assert abs(part * 100 - amount * percent) < 200


@given(st.integers(1, 500_000), st.integers(2, 20), percents)
def test_equal_backers_differ_by_a_fen_at_most(paid: int, people: int, percent: int) -> None:
    kept = kept_of([paid] * people, percent)

    assert max(kept) - min(kept) <= 1
