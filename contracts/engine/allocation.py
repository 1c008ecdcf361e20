"""Supply contracts for a season: poorest stage first, inside a stage as even as possible.

For each stage the plan is the lexicographic max-min of (signed + new income) over need, earlier
stages held; then shares become whole kilograms, shares below the minimum lot are drawn, and with
all volumes held the cheapest delivery is chosen.
"""

from __future__ import annotations

import numpy as np

from contracts.engine.draws import Draws
from contracts.engine.fairness import Division, fair_income
from contracts.engine.instance import Instance, Ints
from contracts.engine.network import PARTS, Network, build_network
from contracts.engine.plan import Plan
from contracts.engine.reasons import find_reasons
from contracts.engine.rounding import income_of, whole_shares
from contracts.engine.routing import cheapest_rows
from contracts.engine.topup import topped_up


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
        When all harvests together are worth more than 45 trillion fen.

    Examples
    --------
    >>> from pathlib import Path
    >>> from contracts.engine.files import read_instance
    >>> plan = allocate(read_instance(Path("tests/contracts/instances/two-homes")))
    >>> plan.fair_income_fen.tolist(), int(plan.kg.sum())
    ([60000, 30000], 90)
    """
    network = build_network(instance)
    parts = fair_income(Division.whole(network))
    shares = whole_shares(network, parts, minimum_lots=minimum_lots)
    kg = topped_up(network, shares.kg, shares.draws, minimum_lots=minimum_lots)
    rows = cheapest_rows(network, kg)
    fair, income = parts // PARTS, income_of(instance, rows.lot, rows.kg)
    return Plan(
        household_id=instance.household_id,
        fair_income_fen=fair,
        level=(instance.signed_income_fen + fair) / instance.need_fen,
        income_fen=income,
        credit_fen=_credit(network, shares.draws, fair - income),
        lot_id=instance.lot_id[rows.lot],
        week=rows.week,
        hub_id=rows.hub,
        kg=rows.kg,
        reason_table=find_reasons(network, rows, shares.draws),
    )


def _credit(network: Network, draws: Draws, missed: Ints) -> Ints:
    """What households that lost a draw missed of their fair income."""
    lost = np.zeros(len(missed), bool)
    lost[network.instance.lot_household[network.lot[draws.lot[~draws.won]]]] = True
    return np.where(lost, np.maximum(missed, 0), 0)
