"""The fair incomes under shared limits: levels rise until a cut says that no more can be had.

For a level every open household asks for what brings it there. When the asks cannot be met, the
prices of the limits give an inequality that every plan obeys; the level falls to where the asks
just meet it. Once the asks are met, whoever has a price in the last inequality stays where it is
(Radunovic and Le Boudec 2007, max-min programming; Kelley 1960, cutting planes). Inequalities are
kept for the levels that follow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from contracts.engine.flow import Bools
from contracts.engine.instance import Instance
from contracts.engine.program import NEARLY, Answer, Floats, Program, Sellers
from contracts.engine.schema import Stage

CENT = 0.01
KEPT = 60
HALVINGS = 60
WORK = 20_000_000
AFTER = 1e-3  # what a yuan of a later stage counts beside one of the stage before
FEN_A_YUAN = 100


@dataclass(frozen=True, eq=False)
class Cut:
    """What any plan obeys: the incomes' cheapest costs at some prices are within a budget."""

    cost: Floats
    before: Floats
    worth: Floats
    budget: float

    @classmethod
    def of(cls, sellers: Sellers, answer: Answer) -> Cut:
        price = np.where(sellers.worth > 0, answer.group_cost[sellers.group], np.inf)
        order = np.argsort(price, axis=1, kind="stable")
        worth = np.take_along_axis(sellers.worth, order, axis=1)
        price = np.take_along_axis(price, order, axis=1)
        before = np.cumsum(worth, axis=1) - worth
        return cls(np.where(worth > 0, price, 0.0), before, worth, answer.budget)

    def spent(self, income: Floats) -> float:
        """The least that these incomes cost together."""
        part = np.clip(income[:, None] - self.before, 0, self.worth)
        return float((self.cost * part).sum())

    def binds(self, income: Floats) -> Bools:
        """Households for which more income costs something."""
        free = np.where(self.cost <= NEARLY, self.worth, 0.0).sum(axis=1)
        return np.asarray(income >= free - CENT)


@dataclass(frozen=True, eq=False)
class Filling:
    """Incomes by seller in yuan: ``low`` can be had by all at once, ``high`` is not passed.

    Where every level was found both are the fair incomes; for a stage left unfinished ``most`` says
    what its households can earn together at most with the earlier stages held.
    """

    low: Floats
    high: Floats
    most: dict[int, float]


class _Stage:
    """One stage's asks: signed income counts, what earlier stages hold is the least."""

    def __init__(self, sellers: Sellers, instance: Instance, stage: Stage, held: Floats) -> None:
        self.need = instance.need_fen[sellers.home] / FEN_A_YUAN
        self.have = instance.standing_fen[sellers.home] / FEN_A_YUAN
        could = sellers.worth.sum(axis=1)
        if stage.up_to is not None:
            could = np.minimum(could, (stage.up_to + instance.shift) * self.need - self.have)
        now = np.isin(instance.tier[sellers.home], stage.tiers)
        self.held = held
        self.limit = np.where(now, np.maximum(could, held), held)
        self.open = self.limit > held

    def ask(self, level: float, income: Floats) -> Floats:
        wish = np.clip(level * self.need - self.have, self.held, self.limit)
        return np.where(self.open, wish, income)

    def meeting(self, cut: Cut, income: Floats, top: float) -> float:
        """The highest level up to ``top`` whose asks a cut allows."""
        room = cut.budget + NEARLY * max(cut.budget, 1.0)
        if cut.spent(self.ask(top, income)) <= room:
            return top
        low, high = 0.0, top
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if cut.spent(self.ask(middle, income)) <= room:
                low = middle
            else:
                high = middle
        return low


class _Filler:
    """Levels found so far, the cuts that said so, and the work that is left."""

    def __init__(self, program: Program, work: int) -> None:
        self.program = program
        self.solves = work // max(program.size, 1)
        self.income = np.zeros(len(program.sellers.home))
        self.cuts: list[Cut] = []

    def raised(self, rules: _Stage) -> bool:
        """Raise a stage until its households can get no more; False when the work ran out."""
        while rules.open.any():
            if self.program.solves >= self.solves:
                return False
            ask, cut = self._lowest(rules)
            stop = ask >= rules.limit - CENT
            stop |= cut.binds(ask) if cut else True
            stop &= rules.open
            if not stop.any():
                stop = rules.open
            self.income = np.where(stop, ask, self.income)
            rules.open = rules.open & ~stop
        return True

    def _lowest(self, rules: _Stage) -> tuple[Floats, Cut | None]:
        """The asks at the highest level that all open households reach, and the cut that binds."""
        level, chosen = float(((rules.limit + rules.have) / rules.need)[rules.open].max()), None
        for cut in self.cuts:
            lower = rules.meeting(cut, self.income, level)
            if lower < level:
                level, chosen = lower, cut
        while True:
            ask = rules.ask(level, self.income)
            least = np.where(rules.open, 0.0, ask)
            answer = self.program.solve(least, ask, rules.open.astype(np.float64))
            if answer.short <= self.program.tolerance:
                return ask, chosen
            chosen = Cut.of(self.program.sellers, answer)
            self.cuts = [*self.cuts, chosen][-KEPT:]
            level = min(rules.meeting(chosen, self.income, level), level * (1 - NEARLY))


def fill(program: Program, *, work: int = WORK) -> Filling:
    """Raise every stage in order; the program's last solution routes at least ``low``.

    ``work`` is how often the program may be solved times its size. When it is used up, the levels
    that are still open are not looked for: those households get what can be sold in all.
    """
    sellers, instance = program.sellers, program.network.instance
    filler = _Filler(program, work)
    for number, stage in enumerate(instance.stages):
        rules = _Stage(sellers, instance, stage, filler.income)
        if not filler.raised(rules):
            return _cut_short(program, filler.income, rules, number)
    program.solve(filler.income, filler.income, np.ones(len(filler.income)))
    return Filling(filler.income, filler.income, {})


def _cut_short(program: Program, income: Floats, rules: _Stage, number: int) -> Filling:
    """Bounds for the stages that were not finished, and one last solution for all of them."""
    sellers, instance = program.sellers, program.network.instance
    stage, could = instance.stage[sellers.home], sellers.worth.sum(axis=1)
    late = stage > number
    unfinished = late | rules.open
    high = np.where(unfinished, np.maximum(could, income), income)
    most, weight = {}, np.zeros(len(income))
    for later in range(number, len(instance.stages)):
        mine = unfinished & (stage == later)
        answer = program.solve(income, np.where(mine, high, income), mine.astype(np.float64))
        most[later] = float(high[mine].sum()) - answer.short
        weight[mine] = AFTER ** (later - number)
    program.solve(income, high, weight)
    return Filling(income, high, most)
