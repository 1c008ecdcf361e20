"""One way to read a mobile number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.mobile import mask_mobile, plain_mobile

NUMBERS = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        " 138 0013 8000 ",
        "138-0013-8000",
        "+8613800138000",
        "+86 138 0013 8000",
        "0086 13800138000",
        "8613800138000",
        "１３８００１３８０００",
        "＋８６ 138 0013 8000",
        "138·0013·8000",
        "(138) 0013 8000",
    ],
)
def test_number_is_understood(typed):
    assert plain_mobile(typed) == "13800138000"


@pytest.mark.parametrize(
    "typed",
    ["", "12800138000", "1380013800", "138001380000", "0939 8212345", "+85212345678", "手机", "²"],
)
def test_what_is_no_mainland_mobile_number_is_refused_with_a_sentence(typed):
    with pytest.raises(BadInput, match="11 位数字") as refused:
        plain_mobile(typed)

    assert refused.value.field == "mobile"


@given(NUMBERS, st.sampled_from(["", "+86", "86", "0086", "+86 "]))
def test_any_number_is_read_back_however_it_is_spelt(number, country):
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in number)

    assert plain_mobile(f"{country}{number[:3]} {number[3:7]}-{number[7:]}") == number
    assert plain_mobile(wide) == number


@given(NUMBERS)
def test_mask_shows_seven_figures(number):
    assert mask_mobile(number) == f"{number[:3]}****{number[7:]}"
