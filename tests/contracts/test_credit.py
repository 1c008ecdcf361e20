"""What a household misses by losing a draw counts once, in its next plan."""

import pytest
from django.db import IntegrityError, transaction

from contracts import services
from contracts.models import DrawCredit
from contracts.selectors.sentences import reason_sentence
from tests.factories.contracts import TODAY, make_grower, make_price, make_ready_county

pytestmark = pytest.mark.django_db


def drawn_county(count=3, demand_kg=70, least_kg=30):
    """Alike households share so little that two of them win a least contract each."""
    county = make_ready_county(demand_kg=demand_kg)
    county.form.price_terms.all().delete()
    make_price(county.form, min_lot_g=least_kg * 1000)
    for _ in range(count):
        make_grower(county)
    return county


def test_who_lost_a_draw_is_first_in_the_next_plan():
    county = drawn_county()
    first = county.offered()
    loser = first.households.get(income_fen=0)
    services.close_run(code=first.code, by=county.planner, on=TODAY)

    second = county.solved()

    credit = DrawCredit.objects.get()
    row = second.households.get(household=loser.household)
    assert (credit.plan, credit.household, credit.fen) == (
        first,
        loser.household,
        loser.fair_income_fen,
    )
    assert row.credit_fen == credit.fen
    others = second.households.exclude(pk=row.pk)
    assert row.fair_income_fen > max(others.values_list("fair_income_fen", flat=True))
    assert sum(second.households.values_list("credit_fen", flat=True)) == credit.fen


def test_credit_is_counted_once():
    county = drawn_county()
    first = county.offered()
    services.close_run(code=first.code, by=county.planner, on=TODAY)
    second = county.offered()
    services.close_run(code=second.code, by=county.planner, on=TODAY)

    third = county.open()

    assert DrawCredit.objects.get(plan=first).counted_in == second
    kept = dict(DrawCredit.objects.filter(plan=second).values_list("household", "fen"))
    rows = third.households.filter(credit_fen__gt=0).values_list("household", "credit_fen")
    assert dict(rows) == kept


def test_a_plan_that_is_cancelled_gives_and_counts_no_credit():
    county = drawn_county()
    plan = county.solved()

    services.cancel_run(code=plan.code, by=county.planner, on=TODAY)

    assert plan.households.filter(missed_fen__gt=0).exists()
    assert not DrawCredit.objects.exists()


def test_the_reason_says_what_is_carried_on():
    county = drawn_county()
    plan = county.solved()
    loser = plan.households.get(income_fen=0)

    told = reason_sentence(plan.reasons.get(household=loser.household))

    assert f"少的 {loser.missed_fen / 100:,.2f} 元记到下一轮先补" in told


def test_credit_stands_once_for_a_household_and_plan():
    county = drawn_county()
    county.offered()
    credit = DrawCredit.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        DrawCredit.objects.create(plan=credit.plan, household=credit.household, fen=5)
    other = make_grower(county)
    with pytest.raises(IntegrityError), transaction.atomic():
        DrawCredit.objects.create(plan=credit.plan, household=other, fen=0)
