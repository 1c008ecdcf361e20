"""What a person reads: weights, money, days, numbers."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template

from core.charts import YearWindow
from core.templatetags import shanhuo


@pytest.mark.parametrize(
    ("grams", "text"),
    [(0, "0 g"), (500, "500 g"), (999, "999 g"), (1000, "1 kg"), (1500, "1.5 kg"),
     (2_600_000, "2,600 kg"), (1234, "1.234 kg"), (None, "—")],
)  # fmt: skip
def test_kg_reads_as_a_shop_does(grams, text):
    assert shanhuo.kg(grams) == text


def test_household_weights_come_in_jin_and_gongjin():
    assert shanhuo.jin(60_000) == "120 斤"
    assert shanhuo.jin(250) == "0.5 斤"
    assert shanhuo.gongjin(60_000) == "60 公斤"


def test_tonnes_keep_one_place():
    assert shanhuo.tonnes(1_240_000) == "1.2 吨"
    assert shanhuo.tonnes(62_400_000) == "62.4 吨"


@pytest.mark.parametrize(
    ("amount", "text"),
    [(Decimal("58"), "¥58.00"), ("1260.5", "¥1,260.50"), (Decimal("-3.2"), "-¥3.20"), (None, "—")],
)
def test_yuan_has_sign_and_two_places(amount, text):
    assert shanhuo.yuan(amount) == text


def test_marked_yuan_shows_sign_and_fen_small():
    assert shanhuo.yuan_marked(Decimal("78")) == "<small>¥</small>78<small>.00</small>"


def test_household_money_drops_empty_fen():
    assert shanhuo.yuan_words(Decimal("640.00")) == "640 元"
    assert shanhuo.yuan_words(Decimal("640.50")) == "640.5 元"
    assert shanhuo.per_jin(Decimal("18.00")) == "9 元"


def test_whole_fen_are_shown_as_yuan():
    assert shanhuo.fen_yuan(1230) == "¥12.30"


def test_days_are_chinese_and_ranges_use_one_dash():
    start, end = date(2026, 9, 20), date(2026, 10, 10)

    assert shanhuo.day(start) == "9月20日"
    assert shanhuo.day_full(start) == "2026年9月20日"
    assert shanhuo.day_range(start, end) == "9月20日—10月10日"
    assert shanhuo.day_range(start, start) == "9月20日"
    assert shanhuo.week(date(2026, 9, 21)) == "9月21日那周"
    assert shanhuo.weekday(date(2026, 9, 16)) == "星期三"


def test_moment_is_shown_in_longnan():
    late = datetime(2026, 9, 6, 16, 30, tzinfo=UTC)

    assert shanhuo.moment(late) == "9月7日 00:30"
    assert shanhuo.day(late) == "9月7日"


@pytest.mark.parametrize(
    ("until", "text"),
    [
        (date(2026, 9, 6), "还有 9 天"),
        (date(2026, 8, 28), "今天"),
        (date(2026, 8, 26), "已过 2 天"),
    ],
)
def test_days_left_says_how_long(until, text):
    assert shanhuo.days_left(until, date(2026, 8, 28)) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("13800138000", "138****8000"),
        ("+86 138 0013 8000", "138****8000"),
        ("123", "****"),
        (None, "****"),
    ],
)
def test_mobile_shows_first_three_and_last_four(number, text):
    assert shanhuo.mask_mobile(number) == text


def test_shares_and_whole_numbers():
    assert shanhuo.percent(Decimal("0.634")) == "63%"
    assert shanhuo.percent(None) == "—"
    assert shanhuo.whole(1260) == "1,260"
    assert [shanhuo.upto(104, 100), shanhuo.upto("63", 100), shanhuo.upto(-1, 100)] == [
        "100",
        "63",
        "0",
    ]


def test_hill_tag_draws_a_window():
    template = Template("{% load shanhuo %}{% hill window 84 100 %}")

    path = template.render(Context({"window": YearWindow(10, 20, 40)}))

    assert path.startswith("M10 100C")
