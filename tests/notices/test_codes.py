"""Codes open once, for five minutes, for five tries, in the browser that asked."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from notices.adapters import MemoryPort
from notices.errors import TooOften, WrongCode
from notices.models import MOST_TRIES, Notice, OneTimeCode
from notices.services import check_code, request_code
from notices.services.codes import LIFE, forget_old_codes
from notices.services.delivering import deliver_due

NOON = datetime(2026, 8, 28, 4, 0, tzinfo=UTC)
MOBILE = "13900000001"
SECOND = timedelta(seconds=1)


def ask(mobile=MOBILE, *, purpose="sign_in", nonce="browser-1", address="10.0.0.1", at=NOON):
    """Ask for a code and read it from the message."""
    request_code(
        purpose=purpose, mobile=mobile, nonce=nonce, address=address, language="zh-hans", at=at
    )
    deliver_due(at=at)
    return next(part for part in MemoryPort.sent[-1].text.split() if part[:6].isdigit())[:6]


def opens(code, mobile=MOBILE, *, purpose="sign_in", nonce="browser-1", at=NOON):
    try:
        check_code(purpose=purpose, mobile=mobile, code=code, nonce=nonce, at=at)
    except WrongCode:
        return False
    return True


def wrong(code, step=1):
    return f"{(int(code) + step) % 1_000_000:06d}"


@pytest.mark.django_db
def test_right_code_opens_once():
    code = ask()

    assert opens(code)
    assert not opens(code)


@pytest.mark.django_db
def test_code_lives_five_minutes():
    code = ask()

    assert not opens(code, at=NOON + LIFE)
    assert opens(code, at=NOON + LIFE - SECOND)


@pytest.mark.django_db
def test_five_wrong_tries_spend_a_code_and_each_says_how_many_are_left():
    code = ask()
    left = []
    for step in range(1, 6):
        with pytest.raises(WrongCode) as refused:
            check_code(
                purpose="sign_in", mobile=MOBILE, code=wrong(code, step), nonce="browser-1", at=NOON
            )
        left.append(refused.value.left)

    assert left == [4, 3, 2, 1, 0]
    assert not opens(code)


@pytest.mark.django_db
def test_fifth_try_may_still_be_the_right_one():
    code = ask()
    for step in range(1, 5):
        opens(wrong(code, step))

    assert opens(code)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other", [{"nonce": "browser-2"}, {"purpose": "look_up"}, {"mobile": "13900000002"}]
)
def test_code_opens_nothing_elsewhere(other):
    code = ask()

    assert not opens(code, **other)
    assert opens(code)


@pytest.mark.django_db
def test_new_code_replaces_the_old_and_its_tries():
    old = ask()
    opens(wrong(old))
    new = ask(at=NOON + timedelta(minutes=2))

    later = NOON + timedelta(minutes=3)
    assert OneTimeCode.objects.get().tries == 0
    assert old == new or not opens(old, at=later)
    assert opens(new, at=later)


@pytest.mark.django_db
def test_a_stranger_who_asks_for_ones_number_does_not_spend_ones_code():
    code = ask()
    ask(nonce="stranger", at=NOON + timedelta(minutes=1))

    for step in range(1, 7):
        opens(wrong(code, step), nonce="stranger", at=NOON + timedelta(minutes=1))

    assert opens(code, at=NOON + timedelta(minutes=2))


@pytest.mark.django_db
def test_number_gets_one_a_minute_five_an_hour_twenty_a_day():
    given = []
    for minute in range(24 * 60):
        try:
            ask(address=f"10.0.{minute % 200}.1", at=NOON + timedelta(minutes=minute))
            given.append(minute)
        except TooOften:
            pass
    with pytest.raises(TooOften):
        ask(address="10.9.9.9", at=NOON + timedelta(minutes=given[-1], seconds=59))

    assert given[:6] == [0, 1, 2, 3, 4, 60]
    assert len(given) == 20


@pytest.mark.django_db
def test_address_gets_thirty_an_hour():
    for number in range(30):
        ask(f"139000001{number:02d}")

    with pytest.raises(TooOften):
        ask("13900000200")
    ask("13900000200", address="10.0.0.2")


@pytest.mark.django_db
def test_refused_request_sends_nothing_and_leaves_the_code_as_it_was():
    code = ask()
    with pytest.raises(TooOften):
        ask(at=NOON + timedelta(seconds=30))

    assert Notice.objects.count() == 1
    assert opens(code, at=NOON + timedelta(seconds=30))


@pytest.mark.django_db
def test_neither_code_nor_number_nor_browser_is_in_the_tables():
    code = ask()
    with connection.cursor() as cursor:
        cursor.execute("SELECT who, browser, salt, digest FROM notices_onetimecode")
        stored = " ".join(cursor.fetchone())
        cursor.execute("SELECT key, sealed FROM notices_notice")
        stored += " ".join(cursor.fetchone())

    assert MOBILE not in stored
    assert "browser-1" not in stored
    assert code not in stored.split()
    assert Notice.objects.get().sealed == ""  # it is on its way


@pytest.mark.django_db
def test_same_code_is_recognised_differently_each_time(monkeypatch):
    monkeypatch.setattr("notices.services.codes.secrets.randbelow", lambda most: 246810)
    ask()
    ask("13900000002")

    one, other = OneTimeCode.objects.all()
    assert one.digest != other.digest


@pytest.mark.django_db
@pytest.mark.parametrize(
    "facts",
    [{"tries": MOST_TRIES + 1}, {"expires_at": NOON}, {"used_at": NOON + LIFE}],
    ids=["tries", "expires", "used"],
)
def test_table_refuses_a_code_that_cannot_be(facts):
    ask()

    with pytest.raises(IntegrityError), transaction.atomic():
        OneTimeCode.objects.update(**facts)


@pytest.mark.django_db
def test_old_codes_are_forgotten():
    ask()

    assert forget_old_codes(at=NOON + LIFE - SECOND) == 0
    assert forget_old_codes(at=NOON + LIFE) == 1


class AnyEntries(TestCase):
    """Whatever is entered and whenever, a code opens at most once and only as it may."""

    @settings(max_examples=40, deadline=None)
    @given(
        entries=st.lists(
            st.tuples(st.booleans(), st.integers(min_value=0, max_value=90)), max_size=12
        )
    )
    def test_opens_at_most_once_within_its_tries_and_time(self, entries):
        OneTimeCode.objects.all().delete()
        code = "246810"
        from notices.services import codes

        OneTimeCode.objects.create(
            purpose="sign_in",
            who=codes.fingerprint(MOBILE),
            browser=codes.fingerprint("browser-1"),
            salt="s",
            digest=codes._digest("s", code, "browser-1"),
            created_at=NOON,
            expires_at=NOON + LIFE,
        )
        at, tries, opened = NOON, 0, False
        for is_right, gap in entries:
            at += timedelta(seconds=gap)
            may = at < NOON + LIFE and tries < MOST_TRIES and not opened
            tries += may
            passed = opens(code if is_right else wrong(code), at=at)
            assert passed == (is_right and may)
            opened = opened or passed
