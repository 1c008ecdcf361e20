"""What is published of a plan, and each household's own row with its proof."""

import hashlib
import json

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from contracts import services
from contracts.engine.merkle import leaf_of, path_of, root_from, root_of
from contracts.models import SeedPromise
from contracts.selectors.published import totals_of
from contracts.selectors.rows import row_texts
from tests.factories.contracts import TODAY, make_grower, make_ready_county
from tests.factories.growers import UserFactory, person_with

db = pytest.mark.django_db


@given(st.lists(st.text(), min_size=1, max_size=20), st.data())
def test_every_row_leads_to_the_root_and_no_other_text_does(texts, data):
    place = data.draw(st.integers(0, len(texts) - 1))
    leaves = [leaf_of(text) for text in texts]

    path = path_of(leaves, place)

    assert root_from(texts[place], path) == root_of(leaves)
    assert root_from(texts[place] + "x", path) != root_of(leaves)


def test_an_inner_node_passes_for_no_row():
    leaves = [leaf_of("a"), leaf_of("b")]

    assert leaf_of(leaves[0] + leaves[1]) != root_of(leaves)


@db
def test_the_proof_of_a_household_leads_to_the_published_root(client):
    county = make_ready_county()
    homes = [make_grower(county) for _ in range(3)]
    plan = county.offered()
    client.force_login(person_with("household", homes[1]))

    told = json.loads(client.get(reverse("contracts:proof", args=[plan.code])).content)

    path = [(step["side"], step["hash"]) for step in told["path"]]
    assert json.loads(told["row"])["household"] == homes[1].code
    assert root_from(told["row"], path) == told["root"] == plan.rows_root


@db
def test_rows_are_salted_and_change_with_any_number():
    county = make_ready_county()
    home, other = make_grower(county), make_grower(county)
    plan = county.solved()
    before = row_texts(plan)

    plan.allotments.filter(offer__household=home).update(weight_g=1000)

    after = row_texts(plan)
    assert json.loads(before[home.pk])["salt"] != json.loads(before[other.pk])["salt"]
    assert after[home.pk] != before[home.pk]
    assert after[other.pk] == before[other.pk]


@db
def test_a_plan_opened_without_a_secret_gets_one_before_its_rows_are_sealed():
    county = make_ready_county()
    make_grower(county)
    plan = county.open()
    type(plan).objects.filter(pk=plan.pk).update(rows_secret="")

    solved = services.solve_run(code=plan.code)

    assert len(type(plan).objects.get(pk=plan.pk).rows_secret) == 64
    assert solved.rows_root


@db
def test_a_proof_is_the_households_own(client):
    county = make_ready_county()
    make_grower(county)
    plan = county.offered()
    client.force_login(UserFactory())

    assert client.get(reverse("contracts:proof", args=[plan.code])).status_code == 404
    assert client.get(reverse("contracts:own_rows")).status_code == 404


@db
def test_a_plan_is_public_once_its_contracts_are_offered(client):
    county = make_ready_county()
    make_grower(county)
    plan = county.approved()
    page = reverse("contracts:run", args=[plan.code])
    assert client.get(page).status_code == 404

    services.offer_contracts(code=plan.code, by=county.planner, at=plan.approved_at, on=TODAY)

    told = client.get(page).content.decode()
    for fact in (plan.seed, plan.seed_hash, plan.inputs_hash, plan.output_hash, plan.rows_root):
        assert fact in told


@db
def test_a_plan_that_was_computed_and_given_up_is_public_without_totals(client):
    county = make_ready_county()
    for _ in range(10):
        make_grower(county)
    plan = county.solved()
    assert plan.code not in client.get(reverse("contracts:runs")).content.decode()

    services.cancel_run(code=plan.code, by=county.planner, on=TODAY)

    assert plan.code in client.get(reverse("contracts:runs")).content.decode()
    told = client.get(reverse("contracts:run", args=[plan.code])).content.decode()
    assert plan.output_hash in told
    assert "算过，又作废了" in told
    assert "合起来分了多少" not in told


@db
def test_the_order_of_the_households_was_promised_with_the_seed(client):
    county = make_ready_county()
    make_grower(county)
    services.cancel_run(code=county.open().code, by=county.planner, on=TODAY)
    promised = SeedPromise.objects.get(plan__isnull=True)
    assert promised.rows_secret_hash in client.get(reverse("contracts:runs")).content.decode()

    plan = county.open()

    assert hashlib.sha256(plan.rows_secret.encode()).hexdigest() == promised.rows_secret_hash


@db
def test_totals_ask_no_more_when_there_are_more_rows(django_assert_num_queries):
    county = make_ready_county(demand_kg=500)
    for _ in range(12):
        make_grower(county)

    plan = county.offered()

    with django_assert_num_queries(4):
        totals_of(plan)


@db
@pytest.mark.parametrize(("homes", "shown"), [(9, []), (10, [10])])
def test_totals_stand_for_ten_households_or_more(homes, shown):
    county = make_ready_county(demand_kg=90)
    for _ in range(homes):
        make_grower(county)
    plan = county.offered()

    totals = totals_of(plan)

    for found in (totals.products, totals.weeks, totals.stations):
        assert [one.households for one in found] == shown


@db
def test_what_is_too_small_is_hidden_among_others():
    """Nine households a week and twelve in another: alone the twelve would give the nine away."""
    county = make_ready_county(demand_kg=210)
    for _ in range(21):
        make_grower(county)
    plan = county.offered()
    few = list(plan.households.values_list("household", flat=True))[:9]
    plan.allotments.filter(offer__household__in=few).update(monday="2026-07-13")

    weeks = totals_of(plan).weeks

    assert [(one.key, one.households) for one in weeks] == [(None, 21)]


@db
def test_the_seed_is_promised_before_the_plan_and_used_once():
    county = make_ready_county()
    make_grower(county)
    first = county.open()
    promise = SeedPromise.objects.get(plan=None, area=county.area)
    services.cancel_run(code=first.code, by=county.planner, on=TODAY)

    second = county.open()

    assert second.seed_hash == promise.seed_hash
    assert hashlib.sha256(second.seed.encode()).hexdigest() == promise.seed_hash
    assert SeedPromise.objects.get(plan=second) == promise
    assert SeedPromise.objects.get(plan=None).seed != second.seed


@db
def test_own_rows_do_not_ask_more_for_more_rounds(client, django_assert_num_queries):
    county = make_ready_county()
    home = make_grower(county)
    plans = [county.offered()]
    client.force_login(person_with("household", home))
    client.get(reverse("contracts:own_rows"))
    with django_assert_num_queries(7) as counted:
        client.get(reverse("contracts:own_rows"))
    for _ in range(2):
        services.close_run(code=plans[-1].code, by=county.planner, on=TODAY)
        plans.append(county.offered())

    with django_assert_num_queries(len(counted)):
        client.get(reverse("contracts:own_rows"))
