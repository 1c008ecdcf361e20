"""Whatever is typed or sent, the answer is a page in Chinese or "not found", never a crash."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.site.reading import foreign_words, read
from tests.site.table import CHANGES, PATHS, ROWS, Row
from tests.site.visits import clients
from tests.site.world import CONSUMER, Site

pytestmark = pytest.mark.django_db

# Units, kinds of files, the search box's example, and what the strange queries themselves say.
ALLOWED = frozenset({"g", "kg", "JPG", "PNG", "WebP", "MB", "hetao", "A", "OR", "NaN"})
LONG = "长" * 500
ZERO = "示例\x00"
HUGE = "9" * 40
STRANGE_PATHS = ["%00", "A%00", "%FF%FE", "A" * 400, "'%20OR%201=1", "..%5C", "示例", "9" * 25]
STRANGE_QUERIES = [
    "%00",
    "%FF%FE",
    HUGE,
    "-1",
    "NaN",
    "1e400",
    "%E9%95%BF" * 300,
    "'",
    "2026-13-45",
]
PARAMETERS = [
    "page", "q", "county", "category", "season", "crop", "form", "grade", "hub", "week", "state",
    "code", "township", "next",
]  # fmt: skip
INSIDERS = {
    "growers": "official",
    "shop": "shop_operator",
    "harvest_calendar": "planner",
    "forecasting": "planner",
    "contracts": "planner",
    "logistics": "planner",
}
OWNERS = {
    "shop:review": "consumer",
    "shop:review_withdraw": "consumer",
    "shop:moderation": "editor",
    "shop:moderate": "editor",
    "logistics:station_home": "station_keeper",
    "logistics:weigh": "station_keeper",
    "logistics:ticket": "station_keeper",
    "logistics:hand_over": "station_keeper",
    "logistics:pack": "shop_operator",
    "logistics:mark_packed": "shop_operator",
    "logistics:mark_sent": "shop_operator",
    "logistics:household_slip": "household",
    "logistics:household_home": "household",
    "contracts:household_contract": "household",
    "contracts:answer": "household",
    "shop:order": "consumer",
    "shop:order_cancel": "consumer",
    "shop:placed": "consumer",
    "shop:pledge": "consumer",
    "shop:account": "consumer",
    "shop:orders_csv": "consumer",
    "shop:reservations": "consumer",
    "shop:receipt": "consumer",
    "shop:order_again": "consumer",
    "shop:addresses": "consumer",
    "shop:address_new": "consumer",
    "shop:address": "consumer",
    "shop:address_first": "consumer",
    "shop:address_forget": "consumer",
}


@pytest.fixture(scope="module")
def browsers(site: Site) -> dict[str, Client]:
    return clients(site)


def _insider(row: Row) -> str:
    """Somebody who may open the page, so that the input reaches the database."""
    return OWNERS.get(row.name) or INSIDERS.get(row.name.split(":")[0], "consumer")


def _is_calm(answer: HttpResponse, *, statuses: set[int]) -> str:
    """Empty when the answer is as it should be, else what is wrong with it."""
    if answer.status_code not in statuses:
        return f"status {answer.status_code}"
    words = foreign_words(answer.content.decode(), allowed=ALLOWED)
    return f"words {sorted(words)}" if answer.status_code in {200, 404, 422} and words else ""


CODED = [row for row in ROWS if row.samples and row.samples != ("number",)]


@pytest.mark.parametrize("row", CODED, ids=lambda row: row.name)
def test_strange_codes_are_not_found(row: Row, browsers: dict[str, Client], site: Site) -> None:
    browser = browsers[_insider(row)]
    base = reverse(row.name, args=["SAMPLE", *("x" for _ in row.samples[1:])])
    change = any(row.name == other.name for other in CHANGES)

    wrong = {}
    for path in STRANGE_PATHS:
        url = base.replace("SAMPLE", path)
        answers = [browser.get(url)] + ([browser.post(url, {"sent": "1"})] if change else [])
        for answer in answers:
            # A thank-you page without orders, and a signed-in visitor, are sent on.
            fault = _is_calm(answer, statuses={302, 404, 405})
            if fault:
                wrong[url] = fault

    assert wrong == {}


LISTS = [
    row
    for row in ROWS
    if not row.samples and ":^" not in row.name and row.name != "core:styleguide"
]
CHOSEN = {"area", "shop"}  # a wrong choice of these is "not found"; the rest is looked at then


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.name)
def test_strange_parameters_do_no_harm(row: Row, browsers: dict[str, Client]) -> None:
    browser = browsers[_insider(row)]
    url = PATHS.get(row.name) or reverse(row.name)
    queries = ["&".join(f"{name}={value}" for name in PARAMETERS) for value in STRANGE_QUERIES]
    if row.name.startswith(("forecasting:", "shop:work")):
        queries += [f"{name}={value}" for name in sorted(CHOSEN) for value in STRANGE_QUERIES]

    answers = {query[:60]: browser.get(f"{url}?{query}").status_code for query in queries}

    assert {q: status for q, status in answers.items() if status not in {200, 302, 404, 405}} == {}


def _buyer(**changes: Any) -> dict[str, Any]:
    typed = {
        "packs": "1",
        "name": CONSUMER.name,
        "mobile": CONSUMER.mobile,
        "fulfilment": "collect",
        "station": "",
        "province_code": "",
        "county_code": "",
        "address": "",
        "submit_key": "key-1",
        "checkout_key": "key-1",
        "seen_goods": "0",
    }
    return {**typed, **changes}


BAD_BUYERS = [
    {"name": LONG},
    {"name": ZERO},
    {"name": ""},
    {"mobile": "12345"},
    {"mobile": "1" * 400},
    {"mobile": ZERO},
    {"name": "\u202e\u200f"},
    {"fulfilment": "by-drone"},
    {"station": "0"},
    {"station": HUGE},
    {"station": "示例"},
    {"fulfilment": "delivery", "province_code": "99", "county_code": "990101", "address": "某路"},
    {"fulfilment": "delivery", "province_code": "62", "county_code": LONG, "address": "某路"},
    {"fulfilment": "delivery", "province_code": "62", "county_code": "110101", "address": "某路"},
    {"fulfilment": "delivery", "province_code": "62", "county_code": "621202", "address": LONG},
    {"fulfilment": "delivery", "province_code": "62", "county_code": "621202", "address": ZERO},
    {"fulfilment": "delivery", "province_code": "81", "county_code": "", "address": "某路"},
]
BAD_PACKS = [{"packs": packs} for packs in ("-1", "0", "1.5", "", "很多", HUGE, "1e9", ZERO)]


def _says(answer: HttpResponse) -> str:
    """Notices beside the fields, for the tests that look for one."""
    return read(answer.content.decode())[1]


@pytest.mark.parametrize(
    "bad", [*BAD_BUYERS, *BAD_PACKS, {"submit_key": LONG}, {"submit_key": ZERO}]
)
def test_bad_reservations_are_refused(bad: dict[str, str], site: Site, client: Client) -> None:
    url = reverse("shop:campaign", args=[site.samples["campaign"]])
    station = site.world.shops[0].station.pk

    answer = client.post(url, _buyer(**{"station": station, **bad}))

    assert _is_calm(answer, statuses={422}) == ""
    assert client.get(reverse("shop:account")).status_code == 302


@pytest.mark.parametrize(
    "bad",
    [
        *BAD_BUYERS,
        {"checkout_key": LONG},
        {"checkout_key": ZERO},
        {"seen_goods": "0.01"},
        {"seen_goods": "NaN"},
        {"seen_goods": "1e400"},
        {"seen_goods": LONG},
    ],
)
def test_bad_checkouts_are_refused(bad: dict[str, str], site: Site, client: Client) -> None:
    client.post(reverse("shop:basket_add", args=[site.samples["listing"]]), {"packs": "1"})
    station = site.world.shops[0].station.pk

    answer = client.post(reverse("shop:checkout"), _buyer(**{"station": station, **bad}))

    assert _is_calm(answer, statuses={422}) == ""


@pytest.mark.parametrize("step", ["use:", f"use:{ZERO}", f"use:{LONG}", "places", "read"])
@pytest.mark.parametrize("paste", [ZERO, LONG, "\u202e" * 50, "' OR 1=1"])
def test_strange_steps_of_a_form_do_no_harm(
    step: str, paste: str, site: Site, browsers: dict[str, Client]
) -> None:
    browser = browsers["consumer"]
    browser.post(reverse("shop:basket_add", args=[site.samples["listing"]]), {"packs": "1"})
    strange = _buyer(province_code=HUGE, county_code=ZERO, paste=paste, step=step)

    answer = browser.post(reverse("shop:checkout"), strange)

    assert _is_calm(answer, statuses={200}) == ""


@pytest.mark.parametrize("packs", ["-1", "1.5", "", "很多", HUGE, "1e9", ZERO])
def test_bad_packs_do_not_reach_the_basket(packs: str, site: Site, client: Client) -> None:
    url = reverse("shop:basket_add", args=[site.samples["listing"]])

    answer = client.post(url, {"packs": packs}, follow=True)

    assert _is_calm(answer, statuses={200}) == ""
    assert "份数" in _says(answer) or "写上要几份" in _says(answer) or "99" in _says(answer)
    assert client.get(reverse("shop:checkout")).status_code == 302


@pytest.mark.parametrize("line", ["0", "987654", "9" * 25])
def test_a_line_of_another_basket_is_left_alone(line: str, client: Client) -> None:
    answer = client.post(f"/shop/basket/lines/{line}/", {"packs": "1"}, follow=True)

    assert _is_calm(answer, statuses={200, 404}) == ""


@pytest.mark.parametrize("name", ["shop:find_order", "shop:find_pledge"])
@pytest.mark.parametrize(
    ("code", "mobile"),
    [
        ("SD-22222222", CONSUMER.mobile),
        ("", ""),
        (LONG, LONG),
        (ZERO, CONSUMER.mobile),
        ("SD-7K3F9Q2X", "12345"),
        ("' OR 1=1", CONSUMER.mobile),
    ],
)
def test_finding_with_bad_words_says_so(name: str, code: str, mobile: str, client: Client) -> None:
    answer = client.post(reverse(name), {"code": code, "mobile": mobile})

    assert _is_calm(answer, statuses={422}) == ""


@pytest.mark.parametrize(
    ("name", "sample"), [("shop:find_order", "order"), ("shop:find_pledge", "pledge")]
)
def test_a_code_alone_opens_nothing(name: str, sample: str, site: Site, client: Client) -> None:
    code = site.samples[sample]

    refused = client.post(reverse(name), {"code": code, "mobile": "19911112222"})
    found = client.post(reverse(name), {"code": code, "mobile": CONSUMER.mobile})

    assert refused.status_code == 422
    assert "要对得上" in _says(refused)
    assert found.status_code == 302


@pytest.mark.parametrize(
    ("who", "secret"),
    [(LONG, LONG), (ZERO, ZERO), ("", ""), ("19900000001", "wrong"), ("HH-000001", HUGE)],
)
def test_a_bad_sign_in_is_refused_calmly(who: str, secret: str, site: Site, client: Client) -> None:
    answer = client.post(reverse("growers:sign_in"), {"username": who, "password": secret})

    assert _is_calm(answer, statuses={200, 422}) == ""
    assert "_auth_user_id" not in client.session


def test_a_reservation_sent_twice_is_one(site: Site, client: Client) -> None:
    url = reverse("shop:campaign", args=[site.samples["campaign"]])
    typed = _buyer(station=site.world.shops[0].station.pk)

    first, again = client.post(url, typed), client.post(url, typed)

    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]


def test_anothers_submit_key_shows_nothing_of_his(site: Site, client: Client) -> None:
    url = reverse("shop:campaign", args=[site.samples["campaign"]])
    stolen = _buyer(
        station=site.world.shops[0].station.pk, submit_key="site-pledge", mobile="19911112222"
    )

    answer = client.post(url, stolen)

    assert _is_calm(answer, statuses={422}) == ""
    assert site.samples["pledge"] not in answer.content.decode()


def test_anothers_checkout_key_shows_nothing_of_his(site: Site, client: Client) -> None:
    client.post(reverse("shop:basket_add", args=[site.samples["listing"]]), {"packs": "1"})
    goods = client.get(reverse("shop:checkout")).context["basket"].goods
    stolen = _buyer(
        station=site.world.shops[0].station.pk,
        checkout_key=site.samples["checkout_key"],
        seen_goods=str(goods),
        mobile="19911112222",
    )

    answer = client.post(reverse("shop:checkout"), stolen)

    assert _is_calm(answer, statuses={422}) == ""
    assert client.get(reverse("shop:order", args=[site.samples["order"]])).status_code == 404
