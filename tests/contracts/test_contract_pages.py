"""Pages of contracts: who sees them, on the phone and on paper, and what stands nowhere."""

import pytest
from django.urls import reverse

from contracts.models import Contract
from contracts.models.proposal import ReasonKind
from growers.models import AccessEvent
from tests.contracts.pages import text_of, words_left
from tests.factories.contracts import (
    make_offered_contract,
    make_ready_county,
)
from tests.factories.growers import HouseholdFactory, UserFactory, make_county, person_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def test_the_household_reads_its_contract_in_jin_with_the_reason(client):
    contract = make_offered_contract()
    client.force_login(person_with("household", contract.household))

    shown = text_of(client.get(reverse("contracts:household_contract", args=[contract.code])))

    assert "180 斤" in shown
    assert "90 公斤" in shown
    assert "保底每斤 4.25 元" in shown
    assert "先照顾" not in shown
    assert "每斤 5 元" in shown.replace("  ", " ")
    assert "已经分完" in shown


def test_the_household_signs_on_its_phone(client):
    contract = make_offered_contract()
    client.force_login(person_with("household", contract.household))

    answer = client.post(
        reverse("contracts:answer", args=[contract.code]), {"answer": "accept"}, follow=True
    )

    contract.refresh_from_db()
    assert contract.state == "accepted"
    assert "签好了" in text_of(answer)
    assert 'name="answer"' not in answer.content.decode()


def test_the_household_says_no(client):
    contract = make_offered_contract()
    client.force_login(person_with("household", contract.household))

    client.post(reverse("contracts:answer", args=[contract.code]), {"answer": "decline"})

    contract.refresh_from_db()
    assert contract.state == "declined"


def test_a_helper_without_note_is_told_beside_the_field(client):
    contract = make_offered_contract()
    client.force_login(person_with("helper", make_county()))

    page = client.post(reverse("contracts:answer", args=[contract.code]), {"answer": "accept"})

    contract.refresh_from_db()
    assert page.status_code == 422
    assert "要写明他是怎么同意的" in text_of(page)
    assert contract.state == "offered"


def test_only_the_household_and_its_helper_find_the_household_page(client):
    county = make_ready_county()
    contract = make_offered_contract(county)
    address = reverse("contracts:household_contract", args=[contract.code])
    client.force_login(person_with("household", contract.household))
    assert client.get(address).status_code == 200

    strangers = [
        UserFactory(),
        person_with("household", HouseholdFactory()),
        county.planner,
        person_with("shop_operator", county.shop),
        person_with("helper", make_county("康县")),
    ]

    for stranger in strangers:
        client.force_login(stranger)
        answer = client.post(f"{address}answer/", {"answer": "accept"})
        assert (client.get(address).status_code, answer.status_code) == (404, 404)
    assert Contract.objects.get().state == "offered"


def test_the_printed_contract_has_both_copies_and_the_reading_is_logged(client):
    county = make_ready_county()
    contract = make_offered_contract(county)
    client.force_login(county.planner)

    page = client.get(reverse("contracts:print", args=[contract.code]))

    shown = text_of(page)
    assert shown.count("农产品收购合同") == 2
    assert "农户留存" in shown
    assert "合作社留存" in shown
    assert "不低于保底价每公斤 8.5 元" in shown
    assert "王测试0" in shown
    assert AccessEvent.objects.filter(household=contract.household, user=county.planner).exists()


def test_a_shop_prints_the_contract_without_the_name(client):
    county = make_ready_county()
    contract = make_offered_contract(county)
    client.force_login(person_with("shop_operator", county.shop))

    page = client.get(reverse("contracts:print", args=[contract.code]))

    assert page.status_code == 200
    assert "王测试0" not in page.content.decode()


def test_need_and_status_stand_on_no_page(client):
    county = make_ready_county()
    contract = make_offered_contract(county)
    client.force_login(county.planner)

    pages = [
        client.get(reverse("contracts:plan", args=[contract.plan.code])),
        client.get(reverse("contracts:contracts")),
        client.get(reverse("contracts:print", args=[contract.code])),
    ]

    for page in pages:
        shown = text_of(page)
        assert contract.household.code in page.content.decode()
        assert not any(word in shown for word in ("贫", "监测", "帮扶", "12,000"))


def test_no_english_word_is_left(client):
    county = make_ready_county()
    contract = make_offered_contract(county)
    client.force_login(county.planner)
    work = [
        reverse("contracts:plans"),
        reverse("contracts:waiting"),
        reverse("contracts:new_plan"),
        reverse("contracts:plan", args=[contract.plan.code]),
        reverse("contracts:contracts"),
        reverse("contracts:print", args=[contract.code]),
    ]

    found = {address: words_left(client.get(address)) for address in work}
    client.force_login(person_with("household", contract.household))
    address = reverse("contracts:household_contract", args=[contract.code])
    found[address] = words_left(client.get(address))

    assert found == {address: [] for address in found}


def test_every_reason_has_a_sentence():
    from contracts.models import PlanReason
    from contracts.selectors.sentences import reason_sentence

    facts = {
        "station": "云台收购站",
        "level": 0.62,
        "mondays": ["2026-07-20", "2026-07-27"],
        "hubs": ["武都仓"],
        "limit_g": 90_000,
        "min_lot_g": 10_000,
        "draw": {"place": 3, "of": 10, "winners": 4, "won": True},
    }

    sentences = {kind: reason_sentence(PlanReason(reason=kind, facts=facts)) for kind in ReasonKind}

    assert all(sentence.endswith("。") for sentence in sentences.values())
    assert sentences[ReasonKind.STATION_FULL] == (
        "云台收购站7月20日到8月2日这 2 周收满了：一共能收 90 公斤，再多收不下。"
    )
