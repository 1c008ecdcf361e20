"""The demo's inbox: every message, newest first, its code plain to see."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client, override_settings

from devtools.inbox import received
from notices.adapters import FilePort
from notices.ports import Message

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 8, 28, 4, 0, tzinfo=UTC)
PAGE = "/demo/messages/"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path):
    with override_settings(VAR_DIR=tmp_path, DEMO=True, BASE_URL="http://127.0.0.1:8000"):
        yield


def send(key, mobile="13900000001", text="【山货】好", template="shop.x", *, after=0):
    with time_machine.travel(NOON + timedelta(minutes=after), tick=False):
        FilePort().send(Message(key, mobile, text, template, "zh-hans"))


def text(answer):
    return answer.content.decode()


def test_without_messages_it_says_how_to_get_one(client):
    assert "还没有短信" in text(client.get(PAGE))


def test_newest_is_first_and_one_carried_twice_is_one():
    send("a", text="第一条")
    send("b", text="第二条", after=1)
    send("a", text="第一条", after=2)

    assert [row.parts[0].words for row in received()] == ["第二条", "第一条"]


def test_code_and_links_can_be_used(client):
    send("a", text="【山货】验证码 246810，5 分钟内有效。", template="notices.code")
    send("b", text="看订单 http://127.0.0.1:8000/shop/find-order/?code=SD-1", after=1)

    page = text(client.get(PAGE))

    assert '<span class="code big">246810</span>' in page
    assert 'href="/shop/find-order/?code=SD-1"' in page


def test_one_number_is_found_however_it_is_typed(client):
    send("a", "13900000001", "给甲")
    send("b", "13900000002", "给乙")

    page = text(client.get(PAGE, {"mobile": "+86 139 0000 0001"}))

    assert "给甲" in page
    assert "给乙" not in page


def test_words_of_a_message_are_never_markup(client):
    send("a", text='<script>alert(1)</script> http://127.0.0.1:8000/"onx=1')

    assert "<script>alert" not in text(client.get(PAGE))


def test_way_back_stays_on_this_site(client):
    assert 'href="/sign-in/"' in text(client.get(PAGE, {"next": "/sign-in/"}))
    elsewhere = text(client.get(PAGE, {"next": "https://evil.example/"}))
    assert 'href="https://evil' not in elsewhere
    assert "回去接着填" not in elsewhere


@override_settings(DEMO=False)
def test_outside_the_demo_there_is_no_inbox():
    send("a")

    assert Client().get(PAGE).status_code == 404
