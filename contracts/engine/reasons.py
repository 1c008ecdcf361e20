"""Why a lot gets no more: read off the cut that is full in every fair flow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from contracts.engine.flow import reached_from, residual_graph
from contracts.engine.instance import Ints
from contracts.engine.network import Network
from contracts.engine.plan import Draw, Reason, ReasonKind


@dataclass(frozen=True)
class _Limit:
    """What is full for a group: its own lanes, or cells behind lanes that still have room."""

    kind: ReasonKind
    weeks: tuple[int, ...]
    hubs: tuple[int, ...]
    limit_kg: int
    served_stages: frozenset[int]


@dataclass(frozen=True, eq=False)
class _Cuts:
    """The fair flow, and for each group the set of nodes it could still push into."""

    network: Network
    on_arc: Ints
    income_fen: Ints

    @cached_property
    def residual(self) -> object:
        """Arcs with room; less than a fen a household is rounding, not room."""
        network = self.network
        slack = len(network.instance.household_id)
        return residual_graph(
            network.first["end"],
            network.tail,
            network.head,
            network.capacity,
            self.on_arc,
            slack=slack,
        )

    def limit_of(self, group: int) -> _Limit | None:
        """The full limit of ``group``; None when no open lane leads it to open demand."""
        network = self.network
        lanes = network.use_lane[network.use_group == group]
        lanes = lanes[np.isin(lanes, network.link_lane)]
        if not len(lanes):
            return None
        reached = reached_from(self.residual, network.first["group"] + group)  # type: ignore[arg-type]
        served = self._served_stages(reached)
        roomy = lanes[reached[network.first["exit"] + lanes]]
        if len(roomy):
            return self._demand_limit(roomy, served)
        instance, own = network.instance, network.lane[lanes]
        weeks = tuple(np.unique(instance.lane_week[own]).tolist())
        limit_kg = int(instance.lane_left_kg[own].sum())
        return _Limit(ReasonKind.STATION_FULL, weeks, (), limit_kg, served)

    def _demand_limit(self, lanes: Ints, served: frozenset[int]) -> _Limit:
        network, instance = self.network, self.network.instance
        cells = np.unique(network.link_cell[np.isin(network.link_lane, lanes)])
        cells = network.cell[cells]
        weeks = tuple(np.unique(instance.cell_week[cells]).tolist())
        hubs = tuple(np.unique(instance.cell_hub[cells]).tolist())
        limit_kg = int(instance.cell_left_kg[cells].sum())
        return _Limit(ReasonKind.DEMAND_FULL, weeks, hubs, limit_kg, served)

    def _served_stages(self, reached: NDArray[np.bool_]) -> frozenset[int]:
        """Stages that sell into the full limit."""
        homes = reached[: len(self.income_fen)] & (self.income_fen > 0)
        return frozenset(self.network.instance.stage[homes].tolist())


def find_reasons(
    network: Network, on_arc: Ints, income_fen: Ints, draws: dict[int, Draw]
) -> tuple[Reason, ...]:
    """One reason for every lot of the instance that has harvest left, sorted by lot id.

    Parameters
    ----------
    on_arc : int array
        A fair flow on the arcs of ``network``.
    income_fen : int array of shape (n_households,)
        The fair new incomes.
    draws : mapping of lot node to draw
        The draws that were held for small lots.
    """
    instance = network.instance
    cuts = _Cuts(network, on_arc, income_fen)
    limits = {int(group): cuts.limit_of(int(group)) for group in np.unique(network.group)}
    node_of = {int(lot): node for node, lot in enumerate(network.lot)}
    level = (instance.signed_income_fen + income_fen) / instance.need_fen
    found = []
    for lot in range(len(instance.lot_id)):
        node = node_of.get(lot)
        if node is None:
            found.append(_unusable(network, lot, level))
            continue
        limit = limits[int(network.group[node])]
        full = bool(
            on_arc[node] + instance.price_fen[instance.lot_product[lot]] > network.lot_fen[node]
        )
        kind = _kind(network, cuts, lot, limit, full=full, drawn=node in draws)
        found.append(_reason(network, lot, kind, level, limit=limit, draw=draws.get(node)))
    return tuple(found)


def _kind(
    network: Network, cuts: _Cuts, lot: int, limit: _Limit | None, *, full: bool, drawn: bool
) -> ReasonKind:
    instance = network.instance
    household = int(instance.lot_household[lot])
    if limit is None:
        return ReasonKind.NO_ROUTE
    if drawn or full:
        return ReasonKind.DRAW if drawn else ReasonKind.OWN_HARVEST
    if cuts.income_fen[household] > 0:
        return limit.kind
    stage = int(instance.stage[household])
    if stage in limit.served_stages and instance.signed_income_fen[household] > 0:
        return ReasonKind.NEED_MET
    if stage not in limit.served_stages and min(limit.served_stages, default=stage) < stage:
        return ReasonKind.EARLIER_STAGE
    return limit.kind


def _unusable(network: Network, lot: int, level: NDArray[np.float64]) -> Reason:
    sold_out = bool(network.instance.lot_left_kg[lot] == 0)
    kind = ReasonKind.OWN_HARVEST if sold_out else ReasonKind.BELOW_MINIMUM
    return _reason(network, lot, kind, level)


def _reason(
    network: Network,
    lot: int,
    kind: ReasonKind,
    level: NDArray[np.float64],
    *,
    limit: _Limit | None = None,
    draw: Draw | None = None,
) -> Reason:
    instance = network.instance
    household, product = int(instance.lot_household[lot]), int(instance.lot_product[lot])
    bound = limit if kind not in (ReasonKind.OWN_HARVEST, ReasonKind.DRAW) else None
    return Reason(
        lot_id=int(instance.lot_id[lot]),
        household_id=int(instance.household_id[household]),
        kind=kind,
        station_id=int(instance.station_id[instance.household_station[household]]),
        product_id=int(instance.product_id[product]),
        level=round(float(level[household]), 6),
        weeks=bound.weeks if bound else (),
        hubs=bound.hubs if bound else (),
        limit_kg=bound.limit_kg if bound else 0,
        draw=draw,
    )
