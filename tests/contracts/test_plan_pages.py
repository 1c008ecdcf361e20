"""Pages of plans: who sees them, what they say, what they never offer."""

import re

import pytest
from django.urls import reverse

from contracts import services
from contracts.models import Contract, Plan
from tests.contracts.pages import queries_of, text_of, words_left
from tests.factories.contracts import (
    NOON,
    TODAY,
    make_grower,
    make_offered_contract,
    make_ready_county,
)
from tests.factories.growers import UserFactory, person_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


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
    plan.lanes.update(capacity_g=10**16)
    client.force_login(county.planner)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("contracts:step", args=[plan.code, "solve"]))

    plan.refresh_from_db()
    page = client.get(reverse("contracts:plan", args=[plan.code]))
    assert (plan.state, "capacity" in plan.error) == ("draft", True)
    assert "没算成" in text_of(page)
    assert words_left(page) == []


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
