"""Whose harvest is in a lot: grams of a lot followed back to the slips they were weighed on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction

from django.db.models import Sum

from logistics.models import LotSource, MoveReason, ProcessStep, StockMove

Grams = Fraction
WORKED = (MoveReason.PROCESS_IN, MoveReason.LOSS)


def slips_behind(lot_ids: Iterable[int]) -> dict[int, dict[int, Grams]]:
    """Lot → ticket → grams weighed on that ticket behind one gram of the lot.

    A gram dried from three fresh ones has three behind it. A lot whose sources nobody wrote is
    there with nothing. Three queries for every step of work the grams went through.
    """
    wanted = set(lot_ids)
    sources = _all_sources(wanted)
    used = _used_up(sources)
    found: dict[int, dict[int, Grams]] = {}
    for lot in wanted:
        _follow(lot, sources, used, found)
    return {lot: found[lot] for lot in wanted}


def _all_sources(lots: set[int]) -> dict[int, list[LotSource]]:
    """The sources of the lots, of their parents, and so on to the slips."""
    known: dict[int, list[LotSource]] = {}
    asked = set(lots)
    while asked:
        rows: dict[int, list[LotSource]] = defaultdict(list)
        for row in LotSource.objects.filter(lot__in=asked).order_by("pk"):
            rows[row.lot_id].append(row)
        known |= {lot: rows[lot] for lot in asked}
        parents = {row.parent_id for ones in rows.values() for row in ones if row.parent_id}
        asked = parents - known.keys()
    return known


def _used_up(sources: Mapping[int, list[LotSource]]) -> dict[tuple[int, int], int]:
    """(lot, parent) → grams of the parent that went into the lot, losses counted."""
    made = [lot for lot, rows in sources.items() if any(row.parent_id for row in rows)]
    steps = dict(ProcessStep.objects.filter(output__in=made).values_list("code", "output"))
    moves = StockMove.objects.filter(document__in=steps, reason__in=WORKED).order_by()
    sums = moves.values_list("document", "lot").annotate(grams=Sum("weight_g"))
    return {(steps[code], parent): grams for code, parent, grams in sums}


def _follow(
    lot: int,
    sources: Mapping[int, list[LotSource]],
    used: Mapping[tuple[int, int], int],
    found: dict[int, dict[int, Grams]],
) -> dict[int, Grams]:
    if lot in found:
        return found[lot]
    behind: dict[int, Grams] = defaultdict(Fraction)
    whole = sum(row.weight_g for row in sources[lot])
    for row in sources[lot]:
        if row.ticket_id:
            behind[row.ticket_id] += Fraction(row.weight_g, whole)
        elif row.parent_id:
            each = Fraction(used.get((lot, row.parent_id), row.weight_g), whole)
            for ticket, grams in _follow(row.parent_id, sources, used, found).items():
                behind[ticket] += grams * each
    found[lot] = dict(behind)
    return found[lot]
