"""The linear program of a plan with shared limits: lot groups in front, households as sellers.

Weight runs from groups over lanes to cells, in kg; every limit over several lanes is a row.
Households with one slot are summed in their group, the others are rows of their own. Money is yuan.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts.engine.bundles import Bundles
from contracts.engine.flow import Bools, Ints
from contracts.engine.network import PARTS, Network

Floats = NDArray[np.float64]

YUAN = 100 * PARTS
CENT = 0.001  # yuan: a shortage below this (or this part of all harvests) is none
NEARLY = 1e-9
PARAMETERS = "use_preprocessing: false use_dual_simplex: true"


@dataclass(frozen=True, eq=False)
class Sellers:
    """Households by row, their slots by column: group and worth in yuan; worth 0 where none."""

    home: Ints
    group: Ints
    worth: Floats

    @classmethod
    def of(cls, network: Network) -> Sellers:
        """Everyone with something to sell; slots that no lane and cell can take are left out."""
        routed = np.zeros(len(network.group_station), bool)
        linked = np.isin(np.arange(len(network.lane)), network.link_lane)
        routed[network.use_group[linked[network.use_lane]]] = True
        slots = np.flatnonzero(routed[network.slot_group] & (network.slot_parts > 0))
        home, row = np.unique(network.slot_home[slots], return_inverse=True)
        start = np.flatnonzero(np.diff(row, prepend=-1))
        column = np.arange(len(slots)) - np.repeat(start, np.diff(np.append(start, len(slots))))
        shape = (len(home), int(column.max(initial=0)) + 1)
        group, worth = np.zeros(shape, np.int64), np.zeros(shape)
        group[row, column] = network.slot_group[slots]
        worth[row, column] = network.slot_parts[slots] / YUAN
        return cls(home, group, worth)

    @cached_property
    def single(self) -> Bools:
        return np.asarray(np.count_nonzero(self.worth, axis=1) == 1)


@dataclass(frozen=True, eq=False)
class Answer:
    """What the program found: the shortage of what was asked, and the prices of the limits."""

    short: float
    group_cost: Floats
    budget: float


class Program:
    """Built once, solved again and again with other asks."""

    def __init__(self, network: Network, bundles: Bundles, sellers: Sellers) -> None:
        from ortools.linear_solver import pywraplp

        self.network, self.bundles, self.sellers = network, bundles, sellers
        self.solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self.solver.SetSolverSpecificParametersAsString(PARAMETERS)
        self.infinity = self.solver.infinity()
        self.solves = 0
        self.tolerance = max(CENT, NEARLY * float(sellers.worth.sum()))
        self._routes()
        self._sellers()
        self.solver.Objective().SetMaximization()

    @property
    def size(self) -> int:
        return int(self.solver.NumVariables() + self.solver.NumConstraints())

    def _routes(self) -> None:
        network, bundles, solver = self.network, self.bundles, self.solver
        self.balance = [solver.Constraint(0, 0) for _ in network.group_station]
        passing = [solver.Constraint(0, 0) for _ in network.lane]
        cells = network.instance.cell_left_kg[network.cell]
        self.cells = [solver.Constraint(-self.infinity, float(kg)) for kg in cells]
        self.limits = [solver.Constraint(-self.infinity, float(kg)) for kg in bundles.left_kg]
        place = np.full(len(network.instance.lane_kg), -1, np.int64)
        place[network.lane] = np.arange(len(network.lane))
        self.bundle_lane = place[bundles.lane]
        over: list[list[Any]] = [[] for _ in network.lane]
        for lane, bundle in zip(self.bundle_lane.tolist(), bundles.bundle.tolist(), strict=True):
            if lane >= 0:
                over[lane].append(self.limits[bundle])
        for group, lane in zip(network.use_group.tolist(), network.use_lane.tolist(), strict=True):
            kg = solver.NumVar(0, self.infinity, "")
            self.balance[group].SetCoefficient(kg, -1.0)
            passing[lane].SetCoefficient(kg, 1.0)
        self.links = []
        for lane, cell in zip(network.link_lane.tolist(), network.link_cell.tolist(), strict=True):
            kg = solver.NumVar(0, self.infinity, "")
            self.links.append(kg)
            for row in (self.cells[cell], *over[lane]):
                row.SetCoefficient(kg, 1.0)
            passing[lane].SetCoefficient(kg, -1.0)

    def _sellers(self) -> None:
        """A column for each class (single slots alike in group and stage), a row for each other."""
        sellers, solver, instance = self.sellers, self.solver, self.network.instance
        self.price = self.network.group_price / YUAN  # yuan a kg
        weight = (1.0 / self.price).tolist()
        self.single = np.flatnonzero(sellers.single)
        stages = max(len(instance.stages), 1)
        key = sellers.group[self.single, 0] * stages
        key += instance.stage[sellers.home[self.single]]
        classes, self.class_of = np.unique(key, return_inverse=True)
        self.classes = []
        for group in (classes // stages).tolist():
            sold = solver.NumVar(0, 0, "")
            self.balance[group].SetCoefficient(sold, weight[group])
            self.classes.append(sold)
        self.many = np.flatnonzero(~sellers.single)
        self.rows, self.columns = [], []
        for row in self.many.tolist():
            self.rows.append(solver.Constraint(0, 0))
            slots = zip(sellers.group[row].tolist(), sellers.worth[row].tolist(), strict=True)
            self.columns.append([self._slot(group, worth, weight) for group, worth in slots])

    def _slot(self, group: int, worth: float, weight: list[float]) -> Any:
        sold = self.solver.NumVar(0, worth, "")
        self.rows[-1].SetCoefficient(sold, 1.0)
        self.balance[group].SetCoefficient(sold, weight[group])
        return sold

    def solve(self, least: Floats, most: Floats, weight: Floats) -> Answer:
        """Sell between ``least`` and ``most`` yuan by seller, as much by ``weight`` as can be.

        What is held may be undercut by a little, so that rounding makes nothing infeasible.
        """
        objective, slack = self.solver.Objective(), 2 * self.tolerance
        low, high = self._by_class(least), self._by_class(most)
        counts = np.zeros(len(self.classes))
        np.maximum.at(counts, self.class_of, weight[self.single])
        rows = zip(self.classes, low.tolist(), high.tolist(), counts.tolist(), strict=True)
        for sold, bottom, top, count in rows:
            sold.SetBounds(min(max(bottom - slack, 0.0), top), top)
            objective.SetCoefficient(sold, count)
        for place, row in enumerate(self.many.tolist()):
            bottom = max(float(least[row]) - slack, 0.0)
            self.rows[place].SetBounds(bottom, max(float(most[row]), bottom))
            for sold in self.columns[place]:
                objective.SetCoefficient(sold, float(weight[row]))
        self.solves += 1
        if self.solver.Solve() != self.solver.OPTIMAL:
            raise ValueError("the linear program could not be solved")
        wanted = float(high[counts > 0].sum() + most[self.many] @ (weight[self.many] > 0))
        return self._answer(wanted - float(objective.Value()))

    def _by_class(self, yuan: Floats) -> Floats:
        found = np.bincount(self.class_of, yuan[self.single], minlength=len(self.classes))
        return found.astype(np.float64)

    def _answer(self, short: float) -> Answer:
        """Costs of selling a yuan from each group at the limits' prices, and what these add up to.

        They hold for any prices not below nought, so the solver need not be trusted for them.
        """
        network = self.network
        limit = np.maximum([row.dual_value() for row in self.limits], 0.0)
        cell = np.maximum([row.dual_value() for row in self.cells], 0.0)
        known = self.bundle_lane >= 0
        lane = np.bincount(
            self.bundle_lane[known],
            limit[self.bundles.bundle[known]],
            minlength=len(network.lane),
        )
        way = np.full(len(network.lane), np.inf)
        np.minimum.at(way, network.link_lane, lane[network.link_lane] + cell[network.link_cell])
        cost = np.full(len(self.balance), np.inf)
        np.minimum.at(cost, network.use_group, way[network.use_lane])
        budget = limit @ self.bundles.left_kg
        budget += cell @ network.instance.cell_left_kg[network.cell]
        return Answer(short, cost / self.price, float(budget))

    def lane_kg(self) -> Floats:
        """Kg on each lane of the instance in the last answer."""
        network = self.network
        kg = np.maximum([link.solution_value() for link in self.links], 0.0)
        lane = np.zeros(len(network.instance.lane_kg))
        np.add.at(lane, network.lane[network.link_lane], kg)
        return lane
