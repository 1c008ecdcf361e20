"""Work on stock: grams in are grams out and a stated loss."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from core.errors import BadInput, NotAllowed
from logistics.errors import Unbalanced
from logistics.models import Lot, ProcessStep
from logistics.selectors.stock import gram_totals, stock_drift
from logistics.services.processing import process
from tests.factories.growers import UserFactory, VillageShopFactory, person_with
from tests.factories.harvest_calendar import CropFactory, ProductFormFactory
from tests.factories.logistics import make_form, make_lot, village_sources
from tests.factories.shop import NOON, ListingFactory

pytestmark = pytest.mark.django_db


def fresh_and_dry():
    fresh = make_form(shelf_life_days=5, grades=())
    dried = CropFactory(shelf_life_days=540)
    return fresh, ProductFormFactory(crop=dried, raw_crop=fresh.crop)


def dry(lots, form, *, output_g=3_000, loss_g=7_000, key="k1", by=None, **facts):
    return process(
        kind="dry",
        lot_codes=[lot.code for lot in lots],
        output_form=form,
        output_g=output_g,
        loss_g=loss_g,
        key=key,
        by=by,
        at=NOON,
        **facts,
    )


def two_lots():
    fresh, dried = fresh_and_dry()
    listing = ListingFactory(form=fresh, packs=0)
    facts = {"expires_on": date(2026, 9, 2), "harvested_on": date(2026, 8, 28)}
    return [make_lot(listing, 6_000, **facts), make_lot(listing, 4_000, **facts)], dried


def test_drying_keeps_parents_and_states_the_loss():
    lots, dried = two_lots()

    step = dry(lots, dried, by=person_with("planner", lots[0].cooperative))

    assert (step.input_g, step.output_g, step.loss_g) == (10_000, 3_000, 7_000)
    sources = step.output.sources.order_by("parent__code")
    assert [(s.parent_id, s.weight_g) for s in sources] == [
        (lots[0].pk, 1_800),
        (lots[1].pk, 1_200),
    ]
    assert village_sources(step.output) == step.output.balances.get().weight_g == 3_000
    assert step.output.expires_on == date(2028, 2, 19)  # 540 days from the drying
    assert set(Lot.objects.filter(form=lots[0].form).values_list("state", flat=True)) == {"closed"}
    assert gram_totals().conserved
    assert stock_drift() == []


def test_sorting_does_not_make_anything_keep_longer():
    form = make_form()
    listing = ListingFactory(form=form, packs=0)
    lot = make_lot(listing, 6_000, expires_on=date(2026, 10, 1))

    step = process(
        kind="sort",
        lot_codes=[lot.code],
        output_form=form,
        output_grade="特级",
        output_g=5_500,
        loss_g=500,
        key="k1",
        by=None,
        at=NOON,
    )

    assert (step.output.grade, step.output.expires_on) == ("特级", date(2026, 10, 1))


def test_same_key_works_once():
    lots, dried = two_lots()

    first, again = dry(lots, dried), dry(lots, dried)

    assert first == again
    assert ProcessStep.objects.count() == 1


@pytest.mark.parametrize(("output_g", "loss_g"), [(3_000, 6_999), (3_001, 7_000), (0, 10_000)])
def test_grams_that_do_not_add_up_are_refused(output_g, loss_g):
    lots, dried = two_lots()

    with pytest.raises(Unbalanced, match="10 kg"):
        dry(lots, dried, output_g=output_g, loss_g=loss_g)

    assert lots[0].balances.get().weight_g == 6_000


def test_database_refuses_a_step_that_loses_grams():
    lots, dried = two_lots()
    step = dry(lots, dried)

    with pytest.raises(IntegrityError), transaction.atomic():
        ProcessStep.objects.filter(pk=step.pk).update(loss_g=6_999)


def test_form_must_be_made_from_what_goes_in():
    lots, _dried = two_lots()

    with pytest.raises(BadInput) as refused:
        dry(lots, ProductFormFactory())

    assert refused.value.field == "output_form"


def test_lots_of_two_shops_are_not_mixed():
    lots, dried = two_lots()
    listing = ListingFactory(form=lots[0].form, packs=0)
    other = make_lot(listing, 1_000, station=lots[0].shop.station)

    with pytest.raises(BadInput):
        dry([*lots, other], dried, loss_g=8_000)


def test_lots_lying_apart_are_not_worked_on_together():
    lots, dried = two_lots()
    listing = lots[0].shop.listings.get()
    apart = make_lot(listing, 1_000, station=VillageShopFactory().station)

    with pytest.raises(BadInput, match="同一个地方"):
        dry([*lots, apart], dried, loss_g=8_000)


def test_expired_lot_is_not_worked_on():
    fresh, dried = fresh_and_dry()
    lot = make_lot(ListingFactory(form=fresh, packs=0), 10_000, expires_on=date(2026, 8, 28))

    with pytest.raises(NotAllowed, match=lot.code):
        dry([lot], dried)


def test_stranger_does_not_work_on_stock():
    lots, dried = two_lots()
    other = person_with("planner", VillageShopFactory().cooperative)

    for stranger in (UserFactory(), other):
        with pytest.raises(NotAllowed):
            dry(lots, dried, by=stranger)
