"""Signing in with a code sent to one's number."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client, override_settings

from core import clock
from growers import services
from growers.models import User
from notices.models import Notice
from tests.factories.growers import (
    PASSWORD,
    HouseholdFactory,
    UserFactory,
    make_county,
    person_with,
)
from tests.notices.inbox import code_for, texts_to

pytestmark = pytest.mark.django_db
PAGE = "/sign-in/"
MOBILE = "13911112222"


def ask(client, mobile=MOBILE, **more):
    return client.post(PAGE, {"step": "number", "mobile": mobile, **more})


def enter(client, code, **more):
    return client.post(PAGE, {"step": "code", "code": code, **more})


def is_in(client):
    return "_auth_user_id" in client.session


def test_a_number_is_enough_and_makes_an_account_on_first_use(client):
    ask(client)

    answer = enter(client, code_for(MOBILE))

    person = User.objects.get(mobile=MOBILE)
    assert answer.url == "/"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert not person.has_usable_password()
    assert (person.email, person.display_name) == ("", "")
    assert str(person) == "139****2222"


def test_second_time_it_is_the_same_account(client):
    person = UserFactory(mobile=MOBILE)
    ask(client)

    enter(client, code_for(MOBILE))

    assert client.session["_auth_user_id"] == str(person.pk)
    assert User.objects.filter(mobile=MOBILE).count() == 1


def test_way_works_as_pages_alone_and_a_reload_sends_nothing_twice(client):
    first = client.get(PAGE).content.decode()
    sent = ask(client, next="/shop/")
    second = client.get(sent.url).content.decode()
    client.get(sent.url)

    assert 'name="mobile"' in first
    assert sent.status_code == 302
    assert 'autocomplete="one-time-code"' in second
    assert "139****2222" in second
    assert MOBILE not in second
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("typed", ["+86 139 1111 2222", "１３９１１１１２２２２", "139-1111-2222"])
def test_number_is_understood_however_it_is_typed(client, typed):
    assert ask(client, typed).status_code == 302
    assert len(texts_to(MOBILE)) == 1


@pytest.mark.parametrize("typed", ["", "12345", "0939-1234567", "abc", "长" * 30, "1391111222２３"])
def test_wrong_number_is_refused_beside_the_field_and_kept(client, typed):
    answer = ask(client, typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_mobile_error"' in page
    assert f'value="{typed}"' in page or not typed
    assert not Notice.objects.exists()


def test_next_is_kept_over_both_steps_and_stays_on_this_site(client):
    ask(client, next="/shop/")
    assert enter(client, code_for(MOBILE), next="/shop/").url == "/shop/"

    client.logout()
    other = "13911113333"
    ask(client, other, next="https://evil.example/")
    assert enter(client, code_for(other), next="https://evil.example/").url == "/"


def test_wrong_code_is_refused_beside_the_field(client):
    ask(client)
    right = code_for(MOBILE)

    answer = enter(client, f"{(int(right) + 1) % 1_000_000:06d}")

    assert answer.status_code == 422
    assert "还能试 4 次" in answer.content.decode()
    assert 'id="id_code_error"' in answer.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "①②③④⑤⑥⑦"])
def test_what_is_no_code_costs_no_try(client, typed):
    ask(client)

    answer = enter(client, typed)

    assert answer.status_code == 422
    assert enter(client, code_for(MOBILE)).status_code == 302


def test_code_is_understood_with_spaces_and_full_width_digits(client):
    ask(client)
    code = code_for(MOBILE)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)

    enter(client, f" {wide[:3]} {wide[3:]} ")

    assert is_in(client)


def test_code_of_one_browser_opens_nothing_in_another(client):
    other = Client()
    ask(client)
    code = code_for(MOBILE)
    other.post(PAGE, {"step": "number", "mobile": "13911119999"})

    enter(other, code)

    assert not is_in(other)
    assert enter(Client(), code).status_code == 302  # begins again with the number
    assert enter(client, code).status_code == 302
    assert is_in(client)


def test_another_code_replaces_the_first_after_a_minute(client):
    with time_machine.travel(clock.now(), tick=False) as now:
        ask(client)
        early = client.post(PAGE, {"step": "again"})
        now.shift(61)
        later = client.post(PAGE, {"step": "again"})

        assert early.status_code == 422
        assert "等一分钟" in early.content.decode()
        assert later.status_code == 302
        assert len(texts_to(MOBILE)) == 2
        enter(client, code_for(MOBILE))
        assert is_in(client)


def test_number_can_be_changed(client):
    ask(client)

    client.post(PAGE, {"step": "other"})

    assert 'name="mobile"' in client.get(PAGE).content.decode()


def test_answer_is_the_same_whether_there_is_an_account_or_not():
    UserFactory(mobile="13911114444")
    known, unknown = Client(), Client()

    answers = [ask(known, "13911114444"), ask(unknown, "13911115555")]
    pages = [
        client.get(PAGE).content.decode().replace("139****4444", "N").replace("139****5555", "N")
        for client in (known, unknown)
    ]

    assert [(a.status_code, a.url) for a in answers] == [(302, PAGE)] * 2
    strip = [page.split("csrfmiddlewaretoken") for page in pages]
    assert [part[200:] for part in strip[0]] == [part[200:] for part in strip[1]]


@pytest.mark.parametrize("role", ["planner", "helper"])
def test_people_who_work_here_keep_their_password(client, role):
    from tests.factories.growers import CooperativeFactory

    thing = CooperativeFactory() if role == "planner" else make_county()
    person = person_with(role, thing)
    ask(client, person.mobile)

    answer = enter(client, code_for(person.mobile), next="/shop/")
    page = client.get(answer.url).content.decode()

    assert not is_in(client)
    assert "用密码登录" in page
    assert 'name="password"' in page
    assert client.post(PAGE, {"username": person.mobile, "password": PASSWORD}).status_code == 302


def test_account_put_to_rest_stays_closed(client):
    UserFactory(mobile=MOBILE, is_active=False)
    ask(client)

    answer = enter(client, code_for(MOBILE))

    assert not is_in(client)
    assert "停用" in client.get(answer.url).content.decode()


def test_household_keeps_card_and_pin(client):
    household = HouseholdFactory(code="HH-2345678")
    services.issue_card(household=household, pin="246810", at=clock.now(), by=None)

    page = client.get(f"{PAGE}?way=password").content.decode()
    client.post(PAGE, {"username": "hh-2345678", "password": "246810"})

    assert "卡号" in page
    assert is_in(client)


@override_settings(AXES_ENABLED=True)
def test_codes_do_not_unlock_a_locked_password(client):
    person = UserFactory(mobile=MOBILE)
    for _try in range(9):
        client.post(PAGE, {"username": person.mobile, "password": "wrong"})
    ask(client)
    enter(client, code_for(MOBILE))
    assert is_in(client)
    client.logout()

    answer = client.post(PAGE, {"username": person.mobile, "password": PASSWORD})

    assert answer.status_code == 429


def test_waiting_number_is_forgotten_after_a_quarter_of_an_hour(client):
    with time_machine.travel(clock.now(), tick=False) as now:
        ask(client)
        now.shift(timedelta(minutes=16).total_seconds())

        assert 'name="mobile"' in client.get(PAGE).content.decode()


def test_number_is_not_readable_in_the_session(client):
    ask(client)

    assert MOBILE not in str(dict(client.session))


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_two_phones_at_once_make_one_account():
    from tests.shop.test_presale_races import all_at_once

    people = all_at_once([lambda: services.person_of_number(mobile=MOBILE, at=clock.now())] * 8)

    assert {person.pk for person in people} == {User.objects.get(mobile=MOBILE).pk}
