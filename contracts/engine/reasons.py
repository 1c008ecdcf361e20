"""Why a lot gets no more: read off what is full in the plan itself, so that anyone can check it."""

from __future__ import annotations

import numpy as np

from contracts.engine.bundles import Bundles
from contracts.engine.draws import Draws
from contracts.engine.flow import Bools, Ints
from contracts.engine.limits import DEMAND, NO_ROUTE, SHOP, STATION, Limits, full_limits
from contracts.engine.network import Network, total
from contracts.engine.plan import KINDS, ReasonKind, ReasonTable
from contracts.engine.routing import Rows

CODE = {kind: place for place, kind in enumerate(KINDS)}
OF_LIMIT = np.array(
    [
        CODE[ReasonKind.NO_ROUTE],
        CODE[ReasonKind.STATION_FULL],
        CODE[ReasonKind.DEMAND_FULL],
        CODE[ReasonKind.BELOW_MINIMUM],
        CODE[ReasonKind.SHOP_FULL],
    ]
)
NAMING = (
    ReasonKind.STATION_FULL,
    ReasonKind.SHOP_FULL,
    ReasonKind.DEMAND_FULL,
    ReasonKind.EARLIER_STAGE,
    ReasonKind.NEED_MET,
)


def find_reasons(
    network: Network, rows: Rows, draws: Draws, bundles: Bundles | None = None
) -> ReasonTable:
    """One reason for every lot of the instance, sorted by lot id.

    Parameters
    ----------
    rows : Rows
        The plan's deliveries.
    draws : Draws
        The draws that were held for small lots.
    bundles : Bundles
        Limits over several lanes; without them each lane is a limit of its own.
    """
    instance = network.instance
    limits = full_limits(network, rows, bundles)
    count = len(instance.lot_id)
    group = np.full(count, -1, np.int64)
    group[network.lot] = network.slot_group[network.slot]
    kind = _kinds(network, rows, limits, group)
    kind[network.lot[draws.lot]] = CODE[ReasonKind.DRAW]
    named = np.isin(kind, [CODE[one] for one in NAMING])
    hub = _chosen(limits.hub, group, named)
    hub_id = np.append(instance.link_hub, -1)[np.where(hub >= 0, hub, len(instance.link_hub))]
    drawn = {name: np.zeros(count, np.int64) for name in ("place", "of", "winners")}
    for name, column in drawn.items():
        column[network.lot[draws.lot]] = getattr(draws, name)
    won = np.zeros(count, bool)
    won[network.lot[draws.lot]] = draws.won
    return ReasonTable(
        lot_id=instance.lot_id,
        household_id=instance.household_id[instance.lot_household],
        kind=kind,
        station_id=instance.station_id[instance.lot_station],
        product_id=instance.product_id[instance.lot_product],
        first_week=_chosen(limits.first_week, group, named),
        last_week=_chosen(limits.last_week, group, named),
        hub_id=hub_id,
        limit_kg=np.maximum(_chosen(limits.limit_kg, group, named), 0),
        won=won,
        **drawn,
    )


def _chosen(of_group: Ints, group: Ints, named: Bools) -> Ints:
    """By lot the value of its group where a limit is named, else -1."""
    return np.where(named, np.append(of_group, -1)[group], -1)


def _kinds(network: Network, rows: Rows, limits: Limits, group: Ints) -> Ints:
    instance = network.instance
    sold = total(rows.lot, rows.kg, len(instance.lot_id))
    limit = np.append(limits.kind, NO_ROUTE)[group]
    kind: Ints = OF_LIMIT[limit]
    named = np.isin(limit, (STATION, SHOP, DEMAND))
    stage, latest = (
        instance.stage[instance.lot_household],
        np.append(limits.latest_stage, -1)[group],
    )
    kind[named & (sold == 0) & (latest >= 0) & (latest < stage)] = CODE[ReasonKind.EARLIER_STAGE]
    home = instance.lot_household
    nothing = total(home, sold, len(instance.household_id)) == 0
    waits = (nothing & (instance.signed_income_fen > 0))[home]
    kind[named & waits & (latest >= stage)] = CODE[ReasonKind.NEED_MET]
    usable, left = instance.lot_usable_kg, instance.lot_left_kg
    kind[sold >= usable - 1] = CODE[ReasonKind.OWN_HARVEST]
    kind[usable == 0] = CODE[ReasonKind.BELOW_MINIMUM]
    kind[left == 0] = CODE[ReasonKind.OWN_HARVEST]
    return kind
