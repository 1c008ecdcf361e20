"""Supply contracts for a season: poorest stage first, inside a stage as even as possible.

For each stage the plan is the lexicographic max-min of (signed + new income) over need, earlier
stages held; then shares become whole kilograms, shares below the minimum lot are drawn, and with
all volumes held the cheapest delivery is chosen.
"""

from __future__ import annotations

import numpy as np

from contracts.engine.fairness import fair_income
from contracts.engine.flow import max_flow
from contracts.engine.instance import Instance, Ints
from contracts.engine.network import Network, build_network
from contracts.engine.plan import Plan
from contracts.engine.reasons import find_reasons
from contracts.engine.rounding import income_of, whole_shares
from contracts.engine.routing import cheapest_rows


def allocate(instance: Instance, *, minimum_lots: bool = True) -> Plan:
    """Plan new contracts for every household of ``instance``.

    Parameters
    ----------
    instance : Instance
        Households, harvests, stations, demand and signed contracts; kg and fen.
    minimum_lots : bool
        Whether a lot's new kg must be 0 or at least the product's minimum (with a public draw).

    Raises
    ------
    CapacityTooLarge
        When one limit is worth more than 21 million yuan: split the cell or the station.

    Examples
    --------
    >>> from pathlib import Path
    >>> from contracts.engine.files import read_instance
    >>> plan = allocate(read_instance(Path("tests/contracts/instances/two-homes")))
    >>> plan.fair_income_fen.tolist(), int(plan.kg.sum())
    ([60000, 30000], 90)
    """
    network = build_network(instance)
    fair = fair_income(network)
    on_arc = _route_incomes(network, fair.income_fen)
    shares = whole_shares(network, on_arc[: len(network.lot)], minimum_lots=minimum_lots)
    rows = cheapest_rows(network, shares.kg)
    level = (instance.signed_income_fen + fair.income_fen) / instance.need_fen
    return Plan(
        household_id=instance.household_id,
        fair_income_fen=fair.income_fen,
        level=level,
        income_fen=income_of(instance, rows.lot, rows.kg),
        lot_id=instance.lot_id[rows.lot],
        week=rows.week,
        hub_id=rows.hub,
        kg=rows.kg,
        reasons=find_reasons(network, on_arc, fair.income_fen, shares.draws),
    )


def _route_incomes(network: Network, income_fen: Ints) -> Ints:
    """One flow on the arcs of ``network`` that gives every household its fair income."""
    supply = np.zeros(network.first["end"], np.int64)
    supply[: len(income_fen)] = income_fen
    flow = max_flow(
        tail=network.tail,
        head=network.head,
        capacity=network.capacity,
        supply=supply,
        drain=network.drain,
    )
    return flow.on_arc
