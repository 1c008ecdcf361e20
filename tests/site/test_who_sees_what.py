"""Every address of ours × every role."""

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from tests.site.table import CHANGES, POST_ONLY, ROWS, Row
from tests.site.visits import Visit, our_addresses

pytestmark = pytest.mark.django_db


def test_every_address_has_a_row() -> None:
    rows = [row.name for row in ROWS if not row.name.startswith("page:")]

    assert sorted(rows) == sorted(our_addresses())


def test_every_address_that_takes_only_forms_is_sent_one() -> None:
    sent = {row.name for row in CHANGES}
    only = {row.name for row in ROWS if POST_ONLY in {row.stranger, *row.others.values()}}

    assert only - sent == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_who_sees_what(row: Row, visits: list[Visit]) -> None:
    found = {visit.role: visit.status for visit in visits if visit.row is row}

    assert found == {role: row.expected(role) for role in found}


def test_visitors_without_the_right_are_sent_to_sign_in(visits: list[Visit]) -> None:
    closed = [v for v in visits if v.role == "anonymous" and v.status == 302]
    gated = [v for v in closed if v.row.stranger != 302 or v.row.name == "growers:home"]

    assert {v.location.split("?")[0] for v in gated} == {reverse("growers:sign_in")}
    assert len(gated) > 30


@pytest.mark.parametrize("row", CHANGES, ids=lambda row: row.name)
def test_who_changes_what(row: Row, posts: dict[str, dict[str, int]]) -> None:
    found = posts[row.name]

    assert found == {role: row.expected(role) for role in found}


@pytest.mark.usefixtures("site")
@override_settings(DEMO=True)
@pytest.mark.parametrize(
    ("name", "args", "method", "status"),
    [
        ("devtools:walk", [], "get", 200),
        ("devtools:jump", [], "get", 405),
        ("devtools:jump", [], "post", 302),
        ("devtools:sign_in_as", ["consumer"], "get", 405),
        ("devtools:sign_in_as", ["consumer"], "post", 302),
        ("devtools:sign_in_as", ["nobody"], "post", 404),
    ],
)
def test_the_demo_opens_its_own_pages(
    client: Client, name: str, args: list[str], method: str, status: int
) -> None:
    answer = getattr(client, method)(reverse(name, args=args))

    assert answer.status_code == status
