"""A plan from its frozen inputs to approval."""

import pytest
from django.db import IntegrityError, transaction

from contracts import services
from contracts.errors import (
    NeedsAnotherPerson,
    NothingToPlan,
    NotYourTask,
    PlanOpenAlready,
    WrongState,
)
from contracts.models import Plan, PlanAllotment, PlanCell, PlanHousehold
from core.errors import BadInput
from tests.factories.contracts import (
    MONDAY,
    NOON,
    TODAY,
    later,
    make_forecast,
    make_grower,
    make_offered_contract,
    make_price,
    make_ready_county,
)
from tests.factories.growers import HouseholdFactory, UserFactory, make_village, person_with

pytestmark = pytest.mark.django_db


def test_opening_freezes_need_tier_and_station_by_rule():
    county = make_ready_county()
    first, second = make_grower(county, members=3), make_grower(county, priority=False, members=2)

    plan = county.open()

    rows = plan.households.order_by("household").values_list(
        "household", "tier", "need_fen", "station"
    )
    assert list(rows) == [
        (first.pk, 1, 3 * 400_000, county.station.pk),
        (second.pk, 3, 2 * 400_000, county.station.pk),
    ]


def test_an_offer_is_four_fifths_of_the_expected_harvest_in_its_season():
    county = make_ready_county()
    make_grower(county, mu="2.00")

    plan = county.open()

    offer = plan.offers.get()
    # two mu of a crop of 100 to 200 kg a mu; the middle of a skew yield lies a little below
    assert 220_000 < offer.available_g < 240_000
    assert (offer.first_monday.isoformat(), offer.last_monday.isoformat()) == (
        "2026-07-06",
        "2026-07-20",
    )


def test_demand_is_the_chosen_quantile_of_the_forecast():
    county = make_ready_county(demand_kg=90)
    make_grower(county)

    plan = county.open(demand_quantile="p20")

    cell = plan.cells.get()
    assert (cell.demand_g, cell.monday, cell.price_per_kg) == (54_000, MONDAY, 10)


def test_weeks_of_less_than_a_kilogram_add_up():
    county = make_ready_county(demand_kg=0)
    make_grower(county)
    point = county.run.points.get()
    point.delete()
    for monday in ("2026-07-06", "2026-07-13", "2026-07-20"):
        point.pk, point.monday = None, monday
        point.p50_g = point.p80_g = point.p90_g = 700
        point.save()

    plan = county.open()

    cells = plan.cells.values_list("monday", "demand_g")
    assert [(monday.isoformat(), weight_g) for monday, weight_g in cells] == [
        ("2026-07-13", 1000),
        ("2026-07-20", 1000),
    ]


def test_a_signed_contract_without_expected_harvest_still_counts_as_income():
    county = make_ready_county(demand_kg=90)
    contract = make_offered_contract(county)
    person = person_with("household", contract.household)
    services.accept_contract(code=contract.code, by=person, at=NOON, on=TODAY)
    services.close_run(code=contract.plan.code, by=county.planner, on=TODAY)
    contract.household.plots.get().plantings.all().delete()

    plan = county.solved()

    assert plan.offers.get().available_g == 90_000
    assert plan.households.get().signed_fen == 90_000


def test_a_household_without_shop_is_counted_not_planned():
    county = make_ready_county()
    make_grower(county)
    HouseholdFactory(village=make_village(county.shop.village.parent))

    plan = county.open()

    assert plan.unbound_households == 1
    assert plan.households.count() == 1


def test_a_household_without_members_stops_the_plan_and_saves_nothing():
    county = make_ready_county()
    make_grower(county, members=0)

    with pytest.raises(BadInput, match="没有登记家庭成员"):
        county.open()

    assert not Plan.objects.exists()


def test_a_second_open_plan_of_the_same_area_is_refused():
    county = make_ready_county()
    make_grower(county)
    first = county.open()

    with pytest.raises(PlanOpenAlready, match=first.code):
        county.open()

    assert Plan.objects.count() == 1


def test_the_database_holds_a_household_and_a_cell_to_one_open_plan():
    county = make_ready_county()
    make_grower(county)
    plan = county.open()
    other = Plan.objects.get(pk=plan.pk)
    other.pk, other.code = None, "PN-OTHER"
    other.save()

    for row in (plan.households.get(), plan.cells.get()):
        row.pk, row.plan = None, other
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_ending_a_plan_frees_its_households_and_demand():
    county = make_ready_county()
    make_grower(county)
    plan = county.open()

    services.cancel_run(code=plan.code, by=county.planner, on=TODAY)

    assert not PlanHousehold.objects.filter(is_open=True).exists()
    assert not PlanCell.objects.filter(is_open=True).exists()
    assert county.open().is_open


def test_demand_without_a_price_cannot_be_planned():
    county = make_ready_county()
    county.form.price_terms.all().delete()
    make_grower(county)

    with pytest.raises(NothingToPlan, match="收购价"):
        county.open()


def test_a_forecast_of_another_area_is_refused():
    county, other = make_ready_county(), make_ready_county(name="康县")
    make_grower(county)

    with pytest.raises(NothingToPlan):
        county.open(forecast_run=other.run)


def test_a_stranger_opens_no_plan():
    county, other = make_ready_county(), make_ready_county(name="康县")
    make_grower(county)

    for stranger in (UserFactory(), other.planner, county.approver):
        with pytest.raises(NotYourTask):
            county.open(by=stranger)


def test_solving_gives_all_demand_to_those_first_in_line():
    county = make_ready_county(demand_kg=90)
    big, small = make_grower(county, members=4), make_grower(county, members=2)
    last = make_grower(county, priority=False)

    plan = county.solved()

    sold = {row.household_id: row.income_fen for row in plan.households.all()}
    assert sold == {big.pk: 60_000, small.pk: 30_000, last.pk: 0}
    assert plan.state == "solved"
    assert len(plan.inputs_hash) == len(plan.output_hash) == 64
    reasons = {row.household_id: row.reason for row in plan.reasons.all()}
    assert reasons == {big.pk: "demand_full", small.pk: "demand_full", last.pk: "earlier_stage"}


def test_solving_twice_gives_the_same_plan():
    county = make_ready_county()
    make_grower(county)
    make_grower(county)
    first = county.solved()

    services.request_solving(code=first.code, by=county.planner, at=later(1), on=TODAY)
    second = services.solve_run(code=first.code)

    assert (second.inputs_hash, second.output_hash) == (first.inputs_hash, first.output_hash)
    assert PlanAllotment.objects.filter(plan=first).count() == 2


def test_a_plan_being_computed_is_not_started_again_within_ten_minutes():
    county = make_ready_county()
    make_grower(county)
    plan = county.open()
    services.request_solving(code=plan.code, by=county.planner, at=NOON, on=TODAY)

    with pytest.raises(WrongState):
        services.request_solving(code=plan.code, by=county.planner, at=NOON, on=TODAY)

    assert services.request_solving(code=plan.code, by=county.planner, at=later(1), on=TODAY)


def test_two_grades_share_a_station_by_what_is_wanted_of_each():
    county = make_ready_county(demand_kg=60, capacity_kg=90)
    make_grower(county)
    make_price(county.form, grade="一级")
    point = county.run.points.get()
    point.pk, point.grade = None, "一级"
    point.p10_g = point.p20_g = point.p50_g = 30_000
    point.save()

    plan = county.open()

    lanes = dict(plan.lanes.values_list("grade", "capacity_g"))
    assert lanes == {"": 60_000, "一级": 30_000}


def test_what_is_signed_counts_as_income_and_is_not_planned_again():
    county = make_ready_county(demand_kg=90)
    household = make_grower(county)
    first = county.offered()
    contract = first.contracts.get()
    person = person_with("household", household)
    services.accept_contract(code=contract.code, by=person, at=NOON, on=TODAY)
    services.close_run(code=first.code, by=county.planner, on=TODAY)
    newcomer = make_grower(county)
    more = make_forecast(county.area, county.form, county.hub, kg=120)

    plan = county.open(forecast_run=more)
    services.request_solving(code=plan.code, by=county.planner, at=NOON, on=TODAY)
    services.solve_run(code=plan.code)

    rows = {row.household_id: (row.signed_fen, row.income_fen) for row in plan.households.all()}
    assert rows == {household.pk: (90_000, 0), newcomer.pk: (0, 30_000)}
    assert plan.cells.get().signed_g == 90_000
    assert plan.reasons.get(household=household).reason == "need_met"


def test_whoever_proposed_does_not_approve():
    county = make_ready_county()
    make_grower(county)
    both = person_with("approver", county.lead, user=county.planner)
    plan = county.proposed()

    with pytest.raises(NeedsAnotherPerson, match=plan.code):
        services.approve_run(code=plan.code, by=both, at=NOON, on=TODAY)

    plan.refresh_from_db()
    assert plan.state == "proposed"


def test_the_database_refuses_an_approval_by_the_proposer():
    county = make_ready_county()
    make_grower(county)
    plan = county.proposed()

    plan.approved_by, plan.approved_at = county.planner, NOON
    with pytest.raises(IntegrityError, match="plan_is_approved_by_another_person"):
        plan.save()


def test_another_approver_of_the_lead_approves():
    county = make_ready_county()
    make_grower(county)

    plan = county.approved()

    assert (plan.state, plan.approved_by) == ("approved", county.approver)


def test_strangers_neither_propose_nor_approve():
    county, other = make_ready_county(), make_ready_county(name="康县")
    make_grower(county)
    plan = county.solved()

    with pytest.raises(NotYourTask):
        services.propose_run(code=plan.code, by=county.approver, at=NOON, on=TODAY)
    services.propose_run(code=plan.code, by=county.planner, at=NOON, on=TODAY)
    for stranger in (UserFactory(), other.approver):
        with pytest.raises(NotYourTask):
            services.approve_run(code=plan.code, by=stranger, at=NOON, on=TODAY)


def test_nothing_is_offered_before_approval():
    county = make_ready_county()
    make_grower(county)
    plan = county.proposed()

    with pytest.raises(WrongState, match="等审批"):
        services.offer_contracts(code=plan.code, by=county.planner, at=NOON, on=TODAY)


def test_a_plan_sent_back_can_be_proposed_again():
    county = make_ready_county()
    make_grower(county)
    plan = county.proposed()

    services.return_run(code=plan.code, by=county.approver, on=TODAY)
    again = services.propose_run(code=plan.code, by=county.planner, at=later(1), on=TODAY)

    assert (again.state, again.proposed_at) == ("proposed", later(1))
