from core.codes import code_is_sound, new_code
from core.units import shares


def test_shares_sum_to_the_total():
    parts = shares(100, [1, 1, 1])

    assert parts == [34, 33, 33]


def test_a_code_with_one_wrong_character_is_not_sound():
    code = new_code("LC")
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")

    assert code_is_sound(code)
    assert not code_is_sound(wrong)
