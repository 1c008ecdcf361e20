"""Grams in are grams out, lost and in stock, whatever happens in whatever order."""

from collections import defaultdict

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import PlatformError
from logistics.models import Lot, LotBalance, LotSource, StockMove
from logistics.selectors.stock import gram_totals, stock_drift
from logistics.services.moves import Document, place_of_hub, place_of_station, post_move
from logistics.services.processing import move_lot, process, spoil
from tests.factories.growers import HubFactory, StationHubFactory
from tests.factories.harvest_calendar import CropFactory, ProductFormFactory
from tests.factories.logistics import make_contract, make_form, make_ticket
from tests.factories.shop import NOON

GRAMS = st.integers(min_value=1, max_value=40_000)
WHICH = st.integers(min_value=0, max_value=20)
EVENT = st.one_of(
    st.tuples(st.just("weigh"), GRAMS, WHICH),
    st.tuples(st.just("dry"), GRAMS, WHICH),
    st.tuples(st.just("carry"), GRAMS, WHICH),
    st.tuples(st.just("spoil"), GRAMS, WHICH),
    st.tuples(st.just("pack"), GRAMS, WHICH),
)


class Undo(Exception):
    """Ends one example and takes its rows with it."""


class World:
    """One contract, its station and hub, and the events that may befall what it brings."""

    def __init__(self) -> None:
        self.contract = make_contract(form=make_form(), weight_g=120_000)
        self.dried = ProductFormFactory(
            crop=CropFactory(shelf_life_days=500), raw_crop=self.contract.form.crop
        )
        hub = HubFactory()
        StationHubFactory(station=self.contract.station, hub=hub)
        self.station = place_of_station(self.contract.station)
        self.hub = place_of_hub(hub)

    def balance(self, which: int) -> LotBalance:
        rows = list(LotBalance.objects.filter(weight_g__gt=0).order_by("pk"))
        if not rows:
            raise IndexError
        return rows[which % len(rows)]

    def happen(self, number: int, name: str, grams: int, which: int) -> None:
        told = {"by": None, "at": NOON, "key": f"event-{number}"}
        if name == "weigh":
            make_ticket(self.contract, gross_g=grams + 700, tare_g=700, key=told["key"])
            return
        row = self.balance(which)
        here = {"lot_code": row.lot.code, "weight_g": grams}
        if name == "carry":
            move_lot(from_place=self.station, to_place=self.hub, **here, **told)
        elif name == "spoil":
            spoil(place=row.place, why="受潮", **here, **told)
        elif name == "dry":
            self.dry(row, grams, told)
        else:
            paper = Document(code="order", by=None, at=NOON)
            facts = {"lot": row.lot, "weight_g": grams, "reason": "pack", "document": paper}
            post_move(key=f"event-{number}", from_place=row.place, **facts)

    def dry(self, row: LotBalance, grams: int, told: dict[str, object]) -> None:
        """Half of the time the stated loss is right, half of the time it is a gram off."""
        output_g = min(grams, row.weight_g)
        process(
            kind="dry",
            lot_codes=[row.lot.code],
            place_code=row.place.code,
            output_form=self.dried,
            output_g=output_g,
            loss_g=row.weight_g - output_g + grams % 2,
            **told,
        )


def fold() -> dict[tuple[int, int], int]:
    """Balances by our own reading of the moves, one by one."""
    found: dict[tuple[int, int], int] = defaultdict(int)
    for move in StockMove.objects.all():
        if move.from_place_id:
            found[move.lot_id, move.from_place_id] -= move.weight_g
            assert found[move.lot_id, move.from_place_id] >= 0
        if move.to_place_id:
            found[move.lot_id, move.to_place_id] += move.weight_g
    return {key: grams for key, grams in found.items() if grams}


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(events=st.lists(EVENT, min_size=4, max_size=14))
def test_grams_in_are_grams_out_lost_and_in_stock(events):
    try:
        with transaction.atomic():
            world = World()
            for number, event in enumerate(events):
                try:
                    with transaction.atomic():
                        world.happen(number, *event)
                except (PlatformError, IndexError):
                    continue
            check_every_gram(world)
            raise Undo
    except Undo:
        pass


def check_every_gram(world: World) -> None:
    """By our own fold, by the selectors, by lot, and by what the household was slipped."""
    kept = LotBalance.objects.filter(weight_g__gt=0)
    assert fold() == {(row.lot_id, row.place_id): row.weight_g for row in kept}
    totals = gram_totals()
    assert stock_drift() == []
    assert totals.conserved
    slipped = sum(world.contract.tickets.values_list("accepted_g", flat=True))
    assert slipped == totals.received_g <= world.contract.weight_g
    for lot in Lot.objects.all():
        brought = LotSource.objects.filter(lot=lot)
        came = lot.moves.filter(reason__in=("receive", "process_out"))
        assert sum(s.weight_g for s in brought) == sum(m.weight_g for m in came)
        given = lot.moves.filter(reason="process_in")
        children = LotSource.objects.filter(parent=lot)
        assert sum(s.weight_g for s in children) == sum(m.weight_g for m in given)
