"""Words for everybody: what cannot be seen goes, what is seen stays, numbers are found."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.forms.voices import QuestionForm, ReviewForm
from shop.public_words import clean_words, holds_identity, holds_mobile

ANYTHING = st.text(max_size=80)
CHINESE = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=60)
SPELLED = "零一二三四五六七八九"
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


@given(ANYTHING)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_words(clean_words(text)) == clean_words(text)


@given(ANYTHING)
def test_nothing_unseen_is_left(text: str) -> None:
    left = {char for char in clean_words(text) if unicodedata.category(char) in UNSEEN}

    assert left <= {"\n", "\u200d"}


@given(CHINESE)
def test_plain_chinese_stays_as_it_is(text: str) -> None:
    assert clean_words(text) == unicodedata.normalize("NFC", text)
    assert not holds_identity(text)


@given(st.integers(min_value=13_000_000_000, max_value=19_999_999_999), CHINESE)
def test_a_mobile_number_is_found_however_it_is_spelled(number: int, words: str) -> None:
    figures = str(number)
    spelled = "".join(SPELLED[int(one)] for one in figures)
    wide = "".join(chr(ord(one) + 0xFEE0) for one in figures)
    words = "".join(
        char for char in words if char not in "零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
    )

    for form in (figures, spelled, wide, f"{figures[:3]} {figures[3:7]}-{figures[7:]}"):
        assert holds_mobile(f"{words}{form}{words}"), form
    assert holds_mobile(clean_words("\u200b".join(figures)))


@pytest.mark.parametrize(
    "text",
    [
        "2026年8月28日到的，13.5元一斤，买了3斤",
        "13.5元 2026-08-28到的",
        "订单 SD-7K3F9Q2X4M，500 g 装，2箱",
        "放了11天，1380克",
    ],
)
def test_dates_and_prices_are_no_numbers_of_people(text: str) -> None:
    assert not holds_mobile(text)
    assert not holds_identity(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("好\u202e吃", "好吃"),
        ("\u200b\u2060\ufeff", ""),
        ("好\r\n\r\n\r\n\r\n吃", "好\n\n吃"),
        ("e\u0301\u0301\u0301\u0301\u0301", "é\u0301\u0301"),
        ("一家👨\u200d👩\u200d👧", "一家👨\u200d👩\u200d👧"),
        ("好\u200d吃", "好吃"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_cleaned(typed: str, kept: str) -> None:
    assert clean_words(typed) == kept


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("打我电话 138 0013 8000", "别把电话写在这里，谁都看得见。"),
        ("座机 0939-8212345", "别把电话写在这里，谁都看得见。"),
        ("身份证 11010519491231002X", "别把身份证号写在这里，谁都看得见。"),
        ("长" * 501, "最多 500 字，现在有 501 字。"),
    ],
)
def test_refused_beside_the_field_with_what_was_typed(text: str, said: str) -> None:
    form = ReviewForm({"score": "5", "text": text})

    assert form.errors == {"text": [said]}
    assert form["text"].value() == text


def test_line_breaks_of_browsers_count_once() -> None:
    form = ReviewForm({"score": "5", "text": "\r\n".join(["好"] * 250)})

    assert form.is_valid()
    assert form.cleaned_data["text"].count("\n") == 249


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "写上要问的话。"),
        ("\u200b\u200b", "写上要问的话。"),
        ("吗？", "写得再清楚一点，村店才好答。"),
    ],
)
def test_a_question_says_something(text: str, said: str) -> None:
    assert QuestionForm({"text": text}).errors == {"text": [said]}
