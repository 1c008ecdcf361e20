"""Pages of plans and contracts: who sees them, what they say, what they never offer."""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contracts import services
from contracts.models import Contract, Plan
from contracts.models.proposal import ReasonKind
from growers.models import AccessEvent
from tests.factories.contracts import (
    NOON,
    TODAY,
    make_grower,
    make_offered_contract,
    make_ready_county,
)
from tests.factories.growers import HouseholdFactory, UserFactory, make_county, person_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

WORD = re.compile(r"[A-Za-z]{3,}")


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def text_of(response) -> str:
    """What a person reads on the page, without codes and fingerprints."""
    body = re.sub(r"(?s)<(script|style|head|svg)\b.*?</\1>", " ", response.content.decode())
    body = re.sub(r'(?s)<span class="code">.*?</span>', " ", body)
    body = re.sub(r"(?s)<[^>]+>", " ", body)
    return re.sub(r"\b(HH|CT|PN|FC|VS|person)-?\w+", " ", body)


def test_a_planner_opens_a_plan_and_it_is_computed(client, django_capture_on_commit_callbacks):
    county = make_ready_county()
    make_grower(county)
    client.force_login(county.planner)

    page = client.get(reverse("contracts:new_plan"))
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            reverse("contracts:new_plan"),
            {"area": county.area.pk, "eligibility_on": "2026-07-06", "demand_quantile": "p50"},
        )

    plan = Plan.objects.get()
    assert county.area.name in page.content.decode()
    assert answer.url == reverse("contracts:plan", args=[plan.code])
    assert plan.state == "solved"
    shown = text_of(client.get(answer.url))
    assert "90 公斤，分给 1 户" in shown
    assert "100%" in shown
    assert "¥900.00" in shown
    assert "已经分完" in shown


def test_a_refused_plan_says_why_on_the_form(client):
    county = make_ready_county()
    make_grower(county)
    county.open()
    client.force_login(county.planner)

    page = client.post(
        reverse("contracts:new_plan"),
        {"area": county.area.pk, "eligibility_on": "2026-07-06", "demand_quantile": "p50"},
    )

    assert "还没有结束" in text_of(page)
    assert Plan.objects.count() == 1


def test_a_plan_being_computed_refreshes_itself(client):
    county = make_ready_county()
    make_grower(county)
    plan = county.open()
    services.request_solving(code=plan.code, by=county.planner, at=NOON, on=TODAY)
    client.force_login(county.planner)

    page = client.get(reverse("contracts:plan", args=[plan.code]))

    assert page["Refresh"] == "3"
    assert "正在算" in text_of(page)


def test_a_plan_that_cannot_be_computed_says_so_and_is_a_draft_again(
    client, django_capture_on_commit_callbacks
):
    county = make_ready_county()
    make_grower(county)
    plan = county.open()
    plan.cells.update(price_per_kg="900000.00", demand_g=10**12)
    plan.lanes.update(capacity_g=10**12)
    client.force_login(county.planner)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("contracts:step", args=[plan.code, "solve"]))

    plan.refresh_from_db()
    page = client.get(reverse("contracts:plan", args=[plan.code]))
    assert (plan.state, "capacity" in plan.error) == ("draft", True)
    assert "没算成" in text_of(page)
    assert WORD.findall(text_of(page)) == []


def test_a_roster_of_a_coming_day_is_refused(client):
    county = make_ready_county()
    make_grower(county)
    client.force_login(county.planner)

    page = client.post(
        reverse("contracts:new_plan"),
        {"area": county.area.pk, "eligibility_on": "2026-07-07", "demand_quantile": "p50"},
    )

    assert "名册只能按今天或以前的日子" in text_of(page)
    assert not Plan.objects.exists()


def test_nobody_types_a_volume_in_the_admin(admin_client):
    contract = make_offered_contract()

    for name, row in (("plan", contract.plan), ("contract", contract)):
        page = admin_client.get(reverse(f"admin:contracts_{name}_change", args=[row.pk]))
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode()


def test_no_page_or_form_asks_for_a_volume(client):
    county = make_ready_county()
    make_grower(county)
    plan = county.proposed()
    client.force_login(county.planner)

    pages = [
        client.get(reverse("contracts:new_plan")),
        client.get(reverse("contracts:plan", args=[plan.code])),
    ]

    names = [set(re.findall(r'name="([^"]+)"', page.content.decode())) for page in pages]
    assert names[0] - {"viewport", "robots", "color-scheme"} == {
        "csrfmiddlewaretoken",
        "area",
        "eligibility_on",
        "demand_quantile",
    }
    assert names[1] - {"viewport", "robots", "color-scheme"} == {"csrfmiddlewaretoken"}


def test_the_proposers_approve_button_is_absent_and_the_others_is_there(client):
    county = make_ready_county()
    make_grower(county)
    person_with("approver", county.lead, user=county.planner)
    plan = county.proposed()
    approve = reverse("contracts:step", args=[plan.code, "approve"])

    seen = {}
    for person in (county.planner, county.approver):
        client.force_login(person)
        seen[person] = client.get(reverse("contracts:plan", args=[plan.code])).content.decode()

    assert approve not in seen[county.planner]
    assert approve in seen[county.approver]


def test_the_proposers_approval_is_refused_even_when_posted(client):
    county = make_ready_county()
    make_grower(county)
    person_with("approver", county.lead, user=county.planner)
    plan = county.proposed()
    client.force_login(county.planner)

    client.post(reverse("contracts:step", args=[plan.code, "approve"]))

    plan.refresh_from_db()
    assert plan.state == "proposed"


def test_the_second_person_approves_and_the_planner_offers(client):
    county = make_ready_county()
    make_grower(county)
    plan = county.proposed()

    client.force_login(county.approver)
    waiting = text_of(client.get(reverse("contracts:plans")))
    client.post(reverse("contracts:step", args=[plan.code, "approve"]))
    client.force_login(county.planner)
    client.post(reverse("contracts:step", args=[plan.code, "offer"]))

    plan.refresh_from_db()
    assert "有 1 个方案等你审批" in waiting
    assert plan.state == "offered"
    assert plan.contracts.count() == 1


def test_the_queue_holds_others_proposals_only(client):
    county = make_ready_county()
    make_grower(county)
    both = person_with("approver", county.lead, user=county.planner)
    plan = county.proposed()

    client.force_login(county.approver)
    for_other = client.get(reverse("contracts:waiting")).content.decode()
    client.force_login(both)
    for_self = client.get(reverse("contracts:waiting")).content.decode()

    assert plan.code in for_other
    assert plan.code not in for_self


def test_strangers_find_no_plan(client):
    county, other = make_ready_county(), make_ready_county(name="康县")
    household = make_grower(county)
    plan = county.solved()
    client.force_login(county.planner)
    assert client.get(reverse("contracts:plan", args=[plan.code])).status_code == 200

    strangers = [
        UserFactory(),
        other.planner,
        person_with("household", household),
        person_with("shop_operator", county.shop),
        person_with("station_keeper", county.station),
    ]

    for stranger in strangers:
        client.force_login(stranger)
        page = client.get(reverse("contracts:plan", args=[plan.code]))
        step = client.post(reverse("contracts:step", args=[plan.code, "propose"]))
        assert (page.status_code, step.status_code) == (404, 404)


def test_an_anonymous_person_is_sent_to_sign_in(client):
    contract = make_offered_contract()

    for name, args in (
        ("plans", []),
        ("waiting", []),
        ("new_plan", []),
        ("plan", [contract.plan.code]),
        ("contracts", []),
        ("print", [contract.code]),
        ("household_contract", [contract.code]),
    ):
        answer = client.get(reverse(f"contracts:{name}", args=args))
        assert (answer.status_code, "/sign-in/" in answer.url) == (302, True)


def test_another_cooperative_sees_only_its_members_rows(client):
    county = make_ready_county()
    own = make_grower(county)
    member = make_grower(county)
    small = make_ready_county().lead
    member.cooperative = small
    member.save()
    plan = county.solved()

    client.force_login(person_with("planner", small))
    seen = client.get(reverse("contracts:plan", args=[plan.code])).content.decode()

    assert member.code in seen
    assert own.code not in seen


def queries_of(client, address: str) -> int:
    """How many queries a page takes when it is asked for the second time."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_plan_page_asks_no_more_queries_for_more_households(client, django_assert_num_queries):
    one, three = make_ready_county(), make_ready_county(name="康县")
    make_grower(one)
    for _number in range(3):
        make_grower(three)
    small, large = one.proposed(), three.proposed()
    client.force_login(one.planner)
    queries = queries_of(client, reverse("contracts:plan", args=[small.code]))
    client.force_login(three.planner)
    address = reverse("contracts:plan", args=[large.code])
    client.get(address)

    with django_assert_num_queries(queries):
        client.get(address)


@pytest.mark.parametrize("name", ["plans", "waiting", "contracts"])
def test_the_lists_ask_no_more_queries_for_more_rows(client, django_assert_num_queries, name):
    county = make_ready_county()
    for _number in range(3):
        make_grower(county)
    plan = county.offered()
    copy_plan(plan, "PN-WAITS", "proposed")
    kept = plan.contracts.order_by("pk").first()
    others = list(plan.contracts.exclude(pk=kept.pk))
    plan.contracts.exclude(pk=kept.pk).delete()
    client.force_login(county.approver)
    queries = queries_of(client, reverse(f"contracts:{name}"))
    for number, contract in enumerate(others):
        Contract.objects.bulk_create([contract])
        copy_plan(plan, f"PN-WAITS-{number}", "proposed")

    with django_assert_num_queries(queries):
        shown = client.get(reverse(f"contracts:{name}"))

    assert len(shown.context["page"].object_list) >= 3


def copy_plan(plan: Plan, code: str, state: str) -> None:
    copy = Plan.objects.get(pk=plan.pk)
    copy.pk, copy.code, copy.state, copy.approved_by, copy.approved_at = (
        None,
        code,
        state,
        None,
        None,
    )
    copy.save()


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

    found = {address: WORD.findall(text_of(client.get(address))) for address in work}
    client.force_login(person_with("household", contract.household))
    address = reverse("contracts:household_contract", args=[contract.code])
    found[address] = WORD.findall(text_of(client.get(address)))

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
