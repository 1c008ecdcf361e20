"""Supply contracts for a season: poorest stage first, inside a stage as even as possible.

For each stage the plan is the lexicographic max-min of (signed + new income) over need, earlier
stages held; then shares become whole kilograms, shares below the minimum lot are drawn, and with
all volumes held the cheapest delivery is chosen. Where limits are shared by several products, lanes
are proposed first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from contracts.engine.draws import Draws
from contracts.engine.fairness import Division, fair_income
from contracts.engine.gaps import gaps
from contracts.engine.instance import Instance, Ints
from contracts.engine.leftover import filled
from contracts.engine.network import PARTS, Network, build_network
from contracts.engine.plan import Gap, Plan, ReasonTable
from contracts.engine.reasons import find_reasons
from contracts.engine.rounding import income_of, whole_shares
from contracts.engine.routing import Rows, cheapest_rows
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
    if instance.is_shared:
        return _shared(instance, minimum_lots=minimum_lots)
    network = build_network(instance)
    answer = _divided(network, minimum_lots=minimum_lots)
    fair = answer.fair_fen
    income = income_of(instance, answer.rows.lot, answer.rows.kg)
    known = fair.astype(np.float64)
    left = gaps(instance, income, known, known, {})
    reasons = find_reasons(network, answer.rows, answer.draws)
    return _plan(instance, network, answer, reasons, left)


def _shared(instance: Instance, *, minimum_lots: bool) -> Plan:
    """The same on lanes that are proposed; what they leave of the shared limits is handed out."""
    from contracts.engine.proposal import propose

    proposal = propose(instance)
    network = build_network(proposal.lanes)
    answer = _divided(network, minimum_lots=minimum_lots)
    wide = build_network(proposal.split.instance)
    bundles = proposal.split.bundles
    rows = filled(
        wide, bundles, answer.rows, _seen(answer.draws, network, wide), minimum_lots=minimum_lots
    )
    answer = replace(answer, rows=rows)
    low, high = proposal.fair_fen()
    most = {stage: yuan * 100 for stage, yuan in proposal.filling.most.items()}
    income = income_of(instance, rows.lot, rows.kg)
    fair = np.where(low < high, answer.fair_fen, np.floor(low + 0.5).astype(np.int64))
    reasons = find_reasons(wide, rows, _seen(answer.draws, network, wide), bundles)
    reasons = replace(reasons, station_id=instance.station_id[instance.lot_station])
    left = gaps(instance, income, low, high, most)
    return _plan(instance, network, replace(answer, fair_fen=fair), reasons, left)


def _seen(draws: Draws, network: Network, wide: Network) -> Draws:
    """The draws by place among the lots of another network of the same lots."""
    return replace(draws, lot=np.searchsorted(wide.lot, network.lot[draws.lot]))


@dataclass(frozen=True, eq=False)
class _Answer:
    """The division on lanes: fair incomes in fen, deliveries and the draws that were held."""

    fair_fen: Ints
    rows: Rows
    draws: Draws


def _divided(network: Network, *, minimum_lots: bool) -> _Answer:
    parts = fair_income(Division.whole(network))
    shares = whole_shares(network, parts, minimum_lots=minimum_lots)
    kg = topped_up(network, shares.kg, shares.draws, minimum_lots=minimum_lots)
    return _Answer(parts // PARTS, cheapest_rows(network, kg), shares.draws)


def _plan(
    instance: Instance,
    network: Network,
    answer: _Answer,
    reasons: ReasonTable,
    left: tuple[Gap, ...],
) -> Plan:
    rows, fair = answer.rows, answer.fair_fen
    income = income_of(instance, answer.rows.lot, answer.rows.kg)
    return Plan(
        household_id=instance.household_id,
        fair_income_fen=fair,
        level=(instance.signed_income_fen + fair) / instance.need_fen,
        income_fen=income,
        credit_fen=_credit(network, answer.draws, fair - income),
        lot_id=instance.lot_id[rows.lot],
        week=rows.week,
        hub_id=rows.hub,
        kg=rows.kg,
        reason_table=reasons,
        gaps=left,
    )


def _credit(network: Network, draws: Draws, missed: Ints) -> Ints:
    """What households that lost a draw missed of their fair income."""
    lost = np.zeros(len(missed), bool)
    lost[network.instance.lot_household[network.lot[draws.lot[~draws.won]]]] = True
    return np.where(lost, np.maximum(missed, 0), 0)
