"""Single kilograms that rounding left over: offered again, stage by stage, one a lot."""

from __future__ import annotations

import numpy as np

from contracts.engine.draws import Draws, class_of
from contracts.engine.flow import Ints, max_flow
from contracts.engine.network import Network, total
from contracts.engine.routing import kg_drain, kg_limits


def topped_up(network: Network, kg: Ints, draws: Draws, *, minimum_lots: bool) -> Ints:
    """``kg`` of every usable lot, plus whole kg that still find a way to open demand.

    A lot gets one kilogram more at most, and only where it was not drawn and, with minimum lots,
    sells already.
    """
    instance = network.instance
    room = instance.lot_usable_kg[network.lot] > kg
    room[draws.lot] = False
    if minimum_lots:
        needs = instance.min_lot_kg[instance.lot_product[network.lot]] > 1
        room &= (kg > 0) | instance.lot_has_signed[network.lot] | ~needs
    kg = kg.copy()
    group = network.slot_group[network.slot]
    residual = _Residual(network, total(group, kg, len(network.group_station)))
    stage = instance.stage[instance.lot_household[network.lot]]
    for number in range(len(instance.stages)):
        lots = np.flatnonzero(room & (stage == number))
        if len(lots):
            kg[
                _taken(
                    network,
                    lots,
                    residual.add(
                        total(group[lots], np.ones_like(lots), len(network.group_station))
                    ),
                )
            ] += 1
    return kg


class _Residual:
    """What the routes still carry beside the volumes sent so far."""

    def __init__(self, network: Network, group_kg: Ints) -> None:
        self.network = network
        self.limit, self.drain = kg_limits(network), kg_drain(network)
        self.on_arc = np.zeros(len(self.limit), np.int64)
        self.add(group_kg)

    def add(self, group_kg: Ints) -> Ints:
        """Send as much of ``group_kg`` as fits without taking back; what was sent, by group."""
        network = self.network
        supply = np.zeros(network.first["end"], np.int64)
        supply[: len(group_kg)] = group_kg
        used = np.flatnonzero(self.on_arc)
        flow = max_flow(
            tail=np.concatenate([network.tail, network.head[used]]),
            head=np.concatenate([network.head, network.tail[used]]),
            capacity=np.concatenate([self.limit - self.on_arc, self.on_arc[used]]),
            supply=supply,
            drain=self.drain,
        )
        step = flow.on_arc[: len(network.tail)]
        step[used] -= flow.on_arc[len(network.tail) :]
        self.on_arc += step
        nodes = len(supply)
        gone = total(network.head, step, nodes) - total(network.tail, step, nodes)
        self.drain = self.drain - np.where(np.arange(nodes) >= network.first["cell"], gone, 0)
        return -gone[: len(group_kg)]


def _taken(network: Network, lots: Ints, sent: Ints) -> Ints:
    """The lots that take the kilograms sent by group; in the order of their class and id."""
    group = network.slot_group[network.slot[lots]]
    order = np.lexsort([lots, class_of(network)[lots], group])
    lots, group = lots[order], group[order]
    start = np.flatnonzero(np.diff(group, prepend=-1))
    size = np.diff(np.append(start, len(lots)))
    place = np.arange(len(lots)) - np.repeat(start, size)
    return lots[place < sent[group]]
