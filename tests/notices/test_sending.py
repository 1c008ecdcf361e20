"""Messages are written once, leave once, and are never lost."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from notices import texts
from notices.adapters import ConsolePort, FilePort, MemoryPort, messages_file
from notices.models import Notice, NoticeState
from notices.ports import Message, NotDelivered, Refused
from notices.services import NewNotice, send_notice, send_notices
from notices.services.delivering import LEASE, PAUSES, deliver_due
from notices.services.wiping import wipe_old
from notices.wording import CODE

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 8, 28, 4, 0, tzinfo=UTC)
MOBILE = "13900000001"


class Failing:
    """A port that refuses or fails as told."""

    error: Exception = NotDelivered("the network is down")
    tries: list[str] = []

    def send(self, message: Message) -> None:
        self.tries.append(message.key)
        raise self.error


FAILING = f"{__name__}.Failing"


@pytest.fixture(autouse=True)
def _fresh_failing():
    Failing.error = NotDelivered("the network is down")
    Failing.tries = []


def write(key="order:1", *, at=NOON, **facts):
    send_notice(
        **{
            "key": key,
            "mobile": MOBILE,
            "template": CODE,
            "context": {"code": "246810"},
            "language": "zh-hans",
            "at": at,
            **facts,
        }
    )


def test_message_leaves_in_the_language_it_was_written_for():
    write()
    write("order:2", language="en")

    assert deliver_due(at=NOON) == 2
    assert [(m.key, m.mobile, m.language) for m in MemoryPort.sent] == [
        ("order:1", MOBILE, "zh-hans"),
        ("order:2", MOBILE, "en"),
    ]
    assert "246810" in MemoryPort.sent[0].text
    assert "验证码" in MemoryPort.sent[0].text


def test_same_key_is_one_message_however_often_it_is_asked_for():
    for _time in range(3):
        write()
    deliver_due(at=NOON)
    write()

    deliver_due(at=NOON + timedelta(minutes=5))

    assert [message.key for message in MemoryPort.sent] == ["order:1"]


def test_message_of_an_undone_transaction_is_never_sent():
    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    assert not Notice.objects.exists()
    assert deliver_due(at=NOON) == 0


def test_many_are_written_in_few_queries(django_assert_max_num_queries):
    rows = [
        NewNotice(f"season:{n}", MOBILE, CODE, {"code": "000000"}, "zh-hans") for n in range(300)
    ]
    with django_assert_max_num_queries(5):  # SQLite takes about ninety rows at once
        send_notices(rows, at=NOON)

    assert Notice.objects.count() == 300


def test_unknown_text_is_a_programming_error_and_writes_nothing():
    with pytest.raises(ValueError, match="no text"):
        write(template="nobody.knows")

    assert not Notice.objects.exists()


def test_number_and_words_are_not_readable_in_the_table():
    write()

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notices_notice")
        row = " ".join(map(str, cursor.fetchone()))

    assert MOBILE not in row
    assert "246810" not in row


@override_settings(MESSAGE_PORT=FAILING)
def test_failing_network_is_tried_again_later_and_later_then_given_up():
    write()
    at, waits = NOON, []
    for _try in range(20):
        deliver_due(at=at)
        notice = Notice.objects.get()
        if notice.state != NoticeState.QUEUED:
            break
        waits.append(notice.next_try_at - at)
        assert deliver_due(at=notice.next_try_at - timedelta(seconds=1)) == 0
        at = notice.next_try_at

    assert waits == PAUSES
    assert notice.state == NoticeState.FAILED
    assert Failing.tries == ["order:1"] * (len(PAUSES) + 1)
    assert "the network is down" in notice.error


def test_message_leaves_once_the_network_is_back():
    write()
    with override_settings(MESSAGE_PORT=FAILING):
        deliver_due(at=NOON)

    deliver_due(at=NOON + PAUSES[0])

    assert [message.key for message in MemoryPort.sent] == ["order:1"]
    assert Notice.objects.get().state == NoticeState.SENT


@override_settings(MESSAGE_PORT=FAILING)
def test_refused_number_is_not_tried_again():
    Failing.error = Refused("no such number")
    write()

    deliver_due(at=NOON)
    deliver_due(at=NOON + timedelta(days=1))

    assert Failing.tries == ["order:1"]
    assert Notice.objects.get().state == NoticeState.FAILED


@override_settings(MESSAGE_PORT=FAILING)
def test_one_that_fails_does_not_hold_up_the_next():
    write()
    write("order:2")

    deliver_due(at=NOON)

    assert Failing.tries == ["order:1", "order:2"]


def test_code_does_not_wait_behind_what_was_written_before():
    for n in range(30):
        write(f"campaign:{n}", at=NOON - timedelta(minutes=10))
    write("code:1", expires_at=NOON + timedelta(minutes=5))

    deliver_due(at=NOON)

    assert MemoryPort.sent[0].key == "code:1"
    assert len(MemoryPort.sent) == 31


class Killed(BaseException):
    """What a kill -9 looks like from the inside: nothing after it runs."""


@override_settings(MESSAGE_PORT=FAILING)
def test_killed_before_it_left_comes_due_again_after_the_lease():
    Failing.error = Killed()
    write()
    with pytest.raises(Killed):
        deliver_due(at=NOON)

    with override_settings(MESSAGE_PORT="notices.adapters.MemoryPort"):
        assert deliver_due(at=NOON + LEASE - timedelta(seconds=1)) == 0
        assert deliver_due(at=NOON + LEASE) == 1

    assert [message.key for message in MemoryPort.sent] == ["order:1"]


class SentThenKilled:
    def send(self, message: Message) -> None:
        MemoryPort.sent.append(message)
        raise Killed


def test_killed_after_it_left_is_carried_again_with_the_same_key():
    write()
    with override_settings(MESSAGE_PORT=f"{__name__}.SentThenKilled"), pytest.raises(Killed):
        deliver_due(at=NOON)

    deliver_due(at=NOON + LEASE)

    assert [message.key for message in MemoryPort.sent] == ["order:1", "order:1"]


def test_code_is_wiped_when_it_left_and_never_sent_too_late():
    write("code:1", expires_at=NOON + timedelta(minutes=5))
    write("code:2", at=NOON, expires_at=NOON + timedelta(minutes=5))
    Notice.objects.filter(key="code:2").update(next_try_at=NOON + timedelta(minutes=6))

    deliver_due(at=NOON)
    deliver_due(at=NOON + timedelta(minutes=6))

    assert [message.key for message in MemoryPort.sent] == ["code:1"]
    assert set(Notice.objects.values_list("key", "state", "sealed")) == {
        ("code:1", "sent", ""),
        ("code:2", "failed", ""),
    }


def test_numbers_and_words_are_wiped_after_thirty_days_and_keys_stay():
    write("old", at=NOON - timedelta(days=31))
    write("young", at=NOON - timedelta(days=29))
    deliver_due(at=NOON)
    write("waiting", at=NOON - timedelta(days=40))

    assert wipe_old(at=NOON) == 1

    kept = {n.key: bool(n.sealed) for n in Notice.objects.all()}
    assert kept == {"old": False, "young": True, "waiting": True}


@pytest.mark.parametrize(
    "wrong", [{"state": "sent"}, {"sent_at": NOON}, {"sealed": ""}], ids=["sent", "time", "empty"]
)
def test_table_refuses_a_message_that_cannot_be(wrong):
    write()

    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.update(**wrong)


def test_file_port_adds_a_line_and_the_console_one_says_it(tmp_path, capsys):
    message = Message("k", MOBILE, "【山货】好", "a.b", "zh-hans")
    with override_settings(VAR_DIR=tmp_path):
        FilePort().send(message)
        FilePort().send(message)
        lines = messages_file().read_text(encoding="utf-8").splitlines()
        mode = messages_file().stat().st_mode & 0o777
    ConsolePort().send(message)

    assert [json.loads(line)["text"] for line in lines] == ["【山货】好"] * 2
    assert mode == 0o600
    assert "【山货】好" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("key", sorted(texts.registered()))
def test_every_text_renders_with_its_sample(key, language):
    text = texts.registered()[key]

    words = texts.render(key, text.sample, language=language)

    assert words.strip()
    assert "%(" not in words
    assert len(words) <= 300
