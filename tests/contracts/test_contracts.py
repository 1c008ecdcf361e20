"""Contracts: offered once, answered by the household, never below the floor."""

from decimal import Decimal

import pytest
from django.db import IntegrityError

from contracts import services
from contracts.errors import ConsentMissing, NotYourTask, WrongState
from contracts.models import Contract, ContractLine
from contracts.selectors import (
    contract_for,
    contract_reason,
    contracts_for,
    household_contracts,
    open_contracts,
)
from contracts.selectors.contracts import delivery_weeks
from contracts.selectors.sentences import reason_sentence
from contracts.signals import contract_accepted
from core.errors import BadInput
from tests.factories.contracts import (
    MONDAY,
    NOON,
    TODAY,
    make_grower,
    make_offered_contract,
    make_price,
    make_ready_county,
)
from tests.factories.growers import (
    CooperativeFactory,
    HouseholdFactory,
    HubFactory,
    UserFactory,
    VillageShopFactory,
    make_county,
    person_with,
)

pytestmark = pytest.mark.django_db


def test_an_approved_plan_becomes_one_contract_a_household_and_product():
    county = make_ready_county(demand_kg=90)
    big, small = make_grower(county, members=4), make_grower(county, members=2)

    plan = county.offered()

    rows = {
        contract.household_id: (contract.weight_g, contract.price_per_kg, contract.floor_per_kg)
        for contract in plan.contracts.all()
    }
    assert rows == {
        big.pk: (60_000, Decimal("10.00"), Decimal("8.50")),
        small.pk: (30_000, Decimal("10.00"), Decimal("8.50")),
    }
    contract = plan.contracts.get(household=big)
    assert (contract.cooperative, contract.shop) == (county.lead, county.shop)
    assert list(contract.lines.values_list("monday", "hub", "weight_g")) == [
        (MONDAY, county.hub.pk, 60_000)
    ]


def test_offering_twice_offers_once():
    county = make_ready_county()
    make_grower(county)
    plan = county.offered()

    with pytest.raises(WrongState):
        services.offer_contracts(code=plan.code, by=county.planner, at=NOON, on=TODAY)

    assert Contract.objects.count() == 1


def test_the_database_refuses_a_second_contract_for_the_same_thing():
    contract = make_offered_contract()

    contract.pk, contract.code = None, "CT-AGAIN"
    with pytest.raises(IntegrityError):
        contract.save()


def test_the_database_refuses_a_price_below_the_floor():
    contract = make_offered_contract()

    contract.price_per_kg = Decimal("8.49")
    with pytest.raises(IntegrityError, match="contract_price_is_never_below_its_floor"):
        contract.save()


def test_a_price_term_below_its_floor_is_refused():
    form = make_offered_contract().form

    with pytest.raises(BadInput, match="保底价"):
        services.set_price(
            form=form,
            grade="",
            price_per_kg=Decimal(8),
            floor_per_kg=Decimal(9),
            valid_from=TODAY,
        )


def test_the_household_accepts_and_upper_apps_hear_of_it(django_capture_on_commit_callbacks):
    contract = make_offered_contract()
    person = person_with("household", contract.household)
    heard = []

    def hear(contract, **kwargs):
        heard.append(contract.code)

    contract_accepted.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        services.accept_contract(code=contract.code, by=person, at=NOON, on=TODAY)
    contract_accepted.disconnect(hear)

    contract.refresh_from_db()
    assert (contract.state, contract.answered_by, contract.answered_at) == (
        "accepted",
        person,
        NOON,
    )
    assert heard == [contract.code]


@pytest.mark.parametrize("state", ["accepted", "declined", "fulfilled", "cancelled"])
def test_an_answer_is_given_once(state):
    contract = make_offered_contract()
    person = person_with("household", contract.household)
    contract.state, contract.answered_by, contract.answered_at = state, person, NOON
    contract.save()

    for answer in (services.accept_contract, services.decline_contract):
        with pytest.raises(WrongState, match=contract.code):
            answer(code=contract.code, by=person, at=NOON, on=TODAY)


def test_declining_frees_the_demand_for_the_next_plan():
    county = make_ready_county(demand_kg=90)
    contract = make_offered_contract(county)
    person = person_with("household", contract.household)
    services.decline_contract(code=contract.code, by=person, at=NOON, on=TODAY)
    services.close_run(code=contract.plan.code, by=county.planner, on=TODAY)

    plan = county.open()

    assert plan.cells.get().signed_g == 0


def test_a_helper_answers_only_with_recorded_consent():
    contract = make_offered_contract()
    helper = person_with("helper", make_county())

    with pytest.raises(ConsentMissing):
        services.accept_contract(code=contract.code, by=helper, at=NOON, on=TODAY)
    services.accept_contract(
        code=contract.code, by=helper, at=NOON, on=TODAY, consent_note="7月6日在他家当面说好"
    )

    contract.refresh_from_db()
    assert (contract.answered_by, contract.consent_note) == (helper, "7月6日在他家当面说好")


def test_nobody_else_answers_for_a_household():
    county = make_ready_county()
    contract = make_offered_contract(county)
    strangers = [
        UserFactory(),
        county.planner,
        person_with("household", HouseholdFactory()),
        person_with("helper", make_county("康县")),
        person_with("shop_operator", county.shop),
    ]

    for stranger in strangers:
        with pytest.raises(NotYourTask):
            services.accept_contract(
                code=contract.code, by=stranger, at=NOON, on=TODAY, consent_note="说好了"
            )


def test_closing_a_plan_lets_unanswered_offers_lapse():
    county = make_ready_county()
    contract = make_offered_contract(county)

    services.close_run(code=contract.plan.code, by=county.planner, on=TODAY)

    contract.refresh_from_db()
    assert contract.state == "cancelled"


def test_only_signed_contracts_are_open_at_the_station():
    county = make_ready_county()
    contract = make_offered_contract(county)
    before = list(open_contracts(station=county.station, on=TODAY))
    person = person_with("household", contract.household)

    services.accept_contract(code=contract.code, by=person, at=NOON, on=TODAY)

    assert before == []
    assert list(open_contracts(station=county.station, on=TODAY)) == [contract]


def test_a_signed_contract_is_fulfilled_once():
    contract = make_offered_contract()
    person = person_with("household", contract.household)
    services.accept_contract(code=contract.code, by=person, at=NOON, on=TODAY)

    services.mark_fulfilled(code=contract.code, by=None, at=NOON)

    with pytest.raises(WrongState):
        services.mark_fulfilled(code=contract.code, by=None, at=NOON)


def test_who_sees_a_contract():
    county = make_ready_county()
    contract = make_offered_contract(county)
    seeing = [
        county.planner,
        person_with("household", contract.household),
        person_with("shop_operator", county.shop),
        person_with("station_keeper", county.station),
        person_with("official", make_county()),
    ]
    strangers = [
        UserFactory(),
        person_with("household", HouseholdFactory()),
        person_with("shop_operator", VillageShopFactory()),
        person_with("planner", CooperativeFactory(region=make_county("康县"))),
        person_with("official", make_county("康县")),
    ]

    assert all(contract_for(user, contract.code, TODAY) == contract for user in seeing)
    assert not any(contracts_for(user, TODAY).exists() for user in strangers)


def test_the_reason_says_the_numbers_of_the_full_limit():
    contract = make_offered_contract()

    sentence = contract_reason(contract)

    assert "7月20日那周" in sentence
    assert "90 公斤" in sentence
    assert contract.station.name not in sentence


def test_a_draw_is_explained_with_place_and_count():
    county = make_ready_county(demand_kg=10)
    county.form.price_terms.all().delete()
    make_price(county.form, min_lot_g=8_000)
    for _number in range(3):
        make_grower(county)

    plan = county.solved()

    sentences = [reason_sentence(reason) for reason in plan.reasons.all()]
    assert sum("抽中了" in sentence for sentence in sentences) == 1
    assert sum("没抽中" in sentence for sentence in sentences) == 2
    assert all("3 户公开抽签" in sentence for sentence in sentences)


def test_a_share_too_small_for_any_draw_is_said_so():
    county = make_ready_county(demand_kg=5)
    county.form.price_terms.all().delete()
    make_price(county.form, min_lot_g=8_000)
    make_grower(county)

    plan = county.solved()

    assert "凑不出一份" in reason_sentence(plan.reasons.get())
    assert not plan.allotments.exists()


def test_household_contracts_are_all_of_one_household():
    contract = make_offered_contract()

    assert list(household_contracts(contract.household)) == [contract]
    assert not household_contracts(HouseholdFactory()).exists()


def test_what_goes_to_two_hubs_in_a_week_is_one_delivery_for_the_household():
    county = make_ready_county()
    contract = make_offered_contract(county)
    ContractLine.objects.create(contract=contract, hub=HubFactory(), monday=MONDAY, weight_g=5_000)

    assert delivery_weeks(contract) == [(MONDAY, 95_000)]
