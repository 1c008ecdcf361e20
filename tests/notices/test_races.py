"""Many at once: one message, one success, no hit lost."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from notices.adapters import MemoryPort
from notices.errors import TooOften, WrongCode
from notices.models import Notice, OneTimeCode, RateCount
from notices.services import Limit, check_code, send_notice, take
from notices.services.delivering import deliver_due
from notices.wording import CODE
from tests.notices.test_codes import MOBILE, ask, wrong
from tests.shop.test_presale_races import all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
NOON = datetime(2026, 8, 28, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon():
    """Jobs ask the clock."""
    with time_machine.travel(NOON, tick=False):
        yield


def enter(code: str):
    return lambda: check_code(
        purpose="sign_in", mobile=MOBILE, code=code, nonce="browser-1", at=NOON
    )


def test_same_code_entered_twenty_times_at_once_opens_once() -> None:
    code = ask()

    results = all_at_once([enter(code)] * 20)

    assert results.count(None) == 1
    assert sum(isinstance(result, WrongCode) for result in results) == 19
    assert OneTimeCode.objects.get().used_at == NOON


def test_twenty_wrong_codes_at_once_are_five_tries() -> None:
    code = ask()

    results = all_at_once([enter(wrong(code, step)) for step in range(1, 21)])

    assert all(isinstance(result, WrongCode) for result in results)
    assert OneTimeCode.objects.get().tries == 5
    with pytest.raises(WrongCode):
        enter(code)()


def test_twenty_hits_at_once_are_counted_one_by_one() -> None:
    limits = [
        Limit("a", "x", 7, timedelta(hours=1)),
        Limit("b", "x", 100, timedelta(hours=1)),
    ]

    results = all_at_once([lambda: take(limits, at=NOON)] * 20)

    assert results.count(None) == 7
    assert sum(isinstance(result, TooOften) for result in results) == 13
    assert dict(RateCount.objects.values_list("scope", "hits")) == {"a": 7, "b": 7}


def test_message_asked_for_and_sent_by_many_at_once_leaves_once() -> None:
    MemoryPort.sent.clear()

    def write() -> None:
        send_notice(
            key="season:1",
            mobile=MOBILE,
            template=CODE,
            context={"code": "1"},
            language="zh-hans",
            at=NOON,
        )
        deliver_due(at=NOON)

    results = all_at_once([write] * 10)

    assert results == [None] * 10
    assert Notice.objects.count() == 1
    assert [message.key for message in MemoryPort.sent] == ["season:1"]
