"""Whole kilograms: fair shares, minimum lots by draw, and what is left over offered again.

First the fair shares. Lots whose share is below the minimum are drawn; then the division is done
again with the winners' lots settled and the losers' closed, so that what the draw left over goes to
those who can use it, poorest first. At last shares become whole kilograms and single kilograms that
rounding left over are filled in, stage by stage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from contracts.engine.draws import Draws, class_of, hold_draw
from contracts.engine.fairness import Division, fair_income, routed
from contracts.engine.flow import Ints
from contracts.engine.instance import Instance
from contracts.engine.network import Network, total

TURNS = 1


@dataclass(frozen=True, eq=False)
class WholeShares:
    """Whole kg for each usable lot of the network, and the draws that were held."""

    kg: Ints
    draws: Draws


def whole_shares(network: Network, income: Ints, *, minimum_lots: bool) -> WholeShares:
    """Turn fair incomes (parts of a fen) into whole kg of every usable lot."""
    division, draws = Division.whole(network), Draws.none()
    price = network.group_price[network.slot_group[network.slot]]
    minimum = network.instance.min_lot_kg[network.instance.lot_product[network.lot]] * price
    minimum = np.where(network.instance.lot_has_signed[network.lot], 0, minimum)
    turn = 0
    while True:
        share = _by_lot(network, draws, routed(division, income)[0])
        small = (share > 0) & (share < minimum) if minimum_lots else np.zeros(len(share), bool)
        turn += 1
        held = hold_draw(network, share, small, turn=turn)
        draws = draws.joined(held)
        if not len(held.lot) or turn > TURNS:
            break
        division = _after(network, division, held, income)
        income = fair_income(division)
    share[draws.lot] = 0
    kg = _rounded(network, share, price)
    kg[draws.lot] = np.where(draws.won, minimum[draws.lot] // price[draws.lot], 0)
    return WholeShares(kg, draws)


def _after(network: Network, division: Division, held: Draws, income: Ints) -> Division:
    """The division that is left when the drawn lots are settled.

    Who has one lot, alike to one that was drawn, keeps to its income: else it would pass those who
    won or lost at the same level.
    """
    lots = np.bincount(network.slot_home[network.slot], minlength=len(income))
    alike = np.isin(class_of(network), class_of(network)[held.lot])
    home = network.slot_home[network.slot[alike]]
    most = division.most.copy()
    most[home] = np.where(lots[home] == 1, income[home], most[home])
    slot = network.slot[held.lot]
    cap = division.cap - total(slot, network.lot_parts[held.lot], len(division.cap))
    won = held.lot[held.won]
    slot, group = network.slot[won], network.slot_group[network.slot[won]]
    prize = network.instance.min_lot_kg[network.group_product[group]] * network.group_price[group]
    return replace(
        division,
        cap=cap,
        settled=division.settled + total(group, prize, len(division.settled)),
        most=most,
        have=division.have + total(network.slot_home[slot], prize, len(division.have)),
    )


def _by_lot(network: Network, draws: Draws, sold: Ints) -> Ints:
    """What each usable lot sells of what its slot sells: earlier lots first, drawn ones not."""
    worth = network.lot_parts.copy()
    worth[draws.lot] = 0
    order = np.argsort(network.slot, kind="stable")
    slot = network.slot[order]
    after = np.cumsum(worth[order])
    start = np.flatnonzero(np.diff(slot, prepend=-1))
    before = after - worth[order]
    before -= np.repeat(before[start], np.diff(np.append(start, len(slot))))
    share = np.zeros_like(worth)
    share[order] = np.clip(sold[slot] - before, 0, worth[order])
    return share


def _rounded(network: Network, share: Ints, price: Ints) -> Ints:
    """Whole kg that sum to the whole total of alike lots: the largest rests are rounded up."""
    kg, rest = share // price, share % price
    lots = np.flatnonzero(rest)
    alike = class_of(network)[lots]
    order = np.lexsort([lots, -rest[lots], alike])
    lots, alike = lots[order], alike[order]
    start = np.flatnonzero(np.diff(alike, prepend=-1))
    size = np.diff(np.append(start, len(lots)))
    spare = np.add.reduceat(rest[lots], start) // price[lots[start]] if len(lots) else size
    place = np.arange(len(lots)) - np.repeat(start, size)
    kg[lots[place < np.repeat(spare, size)]] += 1
    return kg


def income_of(instance: Instance, lots: Ints, kg: Ints) -> Ints:
    """What kilograms of lots (places in the instance) are worth to each household, in fen."""
    worth = kg * instance.price_fen[instance.lot_product[lots]]
    return total(instance.lot_household[lots], worth, len(instance.household_id))
