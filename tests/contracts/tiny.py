"""Tiny planning problems for tests, and a slow exact answer to compare with."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from scipy.optimize import linprog

from contracts.engine.instance import Instance

META = {
    "format": "allocation-1",
    "name": "tiny",
    "mode": "lanes",
    "demand_column": "p20_kg",
    "lottery_seed": "tiny",
    "stages": [[1], [2], [3]],
}


def columns(names: str, rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    """A table as columns, from rows."""
    keys = names.split()
    return {key: [row[place] for row in rows] for place, key in enumerate(keys)}


def tables(
    *,
    homes: Sequence[tuple[int, int, int, int]],
    lots: Sequence[tuple[int, int, int, int, int, int]],
    lanes: Sequence[tuple[int, int, int, int]],
    cells: Sequence[tuple[int, int, int, int]],
    signed: Sequence[tuple[int, int, int, int]] = (),
    products: Sequence[tuple[int, int]] = ((1000, 0),),
    stations: int = 2,
    links: Sequence[tuple[int, int, int]] = ((0, 0, 10), (1, 0, 20)),
    shops: Sequence[tuple[int, int]] = (),
    credit: Sequence[tuple[int, int]] = (),
) -> dict[str, dict[str, list[Any]]]:
    """Tables by file name; ``homes`` are (id, tier, need, shop), ``products`` (price, least).

    Shops are one a station without a limit, or ``shops``: (station, kg a week).
    """
    return {
        "products": columns(
            "product_id crop grade price_fen floor_fen min_lot_kg",
            [(i, "walnut", "A", price, price, least) for i, (price, least) in enumerate(products)],
        ),
        "stations": columns("station_id county", [(i, 0) for i in range(stations)]),
        "station_hubs": columns("station_id hub_id cost_fen_per_kg", links),
        "station_capacity": columns("station_id week product_id capacity_kg", lanes),
        "shops": columns(
            "shop_id station_id link_kind weekly_cap_kg",
            [
                (i, station, "one_village", kg)
                for i, (station, kg) in enumerate(shops or [(j, -1) for j in range(stations)])
            ],
        ),
        "households": columns("household_id tier need_fen shop_id", homes),
        "lots": columns("lot_id household_id product_id first_week last_week avail_kg", lots),
        "demand": columns(
            "product_id week hub_id p20_kg p50_kg p80_kg",
            [(*cell, cell[3], cell[3]) for cell in cells],
        ),
        "signed": columns("lot_id week hub_id kg", signed),
        "credits": columns("household_id credit_fen", credit),
    }


def instance_of(sheets: dict[str, dict[str, list[Any]]], **meta: Any) -> Instance:
    return Instance.from_tables({**META, **meta}, sheets)


def slow_fair_income(instance: Instance) -> np.ndarray:
    """The fair incomes in fen by trying every set of households: only for a handful of them."""
    count = len(instance.household_id)
    most = {
        frozenset(chosen): _most_income(instance, set(chosen))
        for size in range(count + 1)
        for chosen in combinations(range(count), size)
    }
    worth = np.array([most[frozenset({home})] for home in range(count)])
    income = np.zeros(count)
    held: set[int] = set()
    for stage in range(len(instance.stages)):
        open_ = {home for home in range(count) if instance.stage[home] == stage}
        while open_:
            level, tight = _lowest_level(instance, most, worth, income, held=held, open_=open_)
            for home in tight:
                income[home] = _ask(instance, worth, home, level)
            held |= tight
            open_ -= tight
    return income


def _ask(instance: Instance, worth: np.ndarray, home: int, level: float) -> float:
    wish = level * instance.need_fen[home] - instance.signed_income_fen[home]
    return float(np.clip(wish, 0, worth[home]))


def _lowest_level(instance, most, worth, income, *, held, open_):
    """The lowest level at which some set of open households has no more to share, and that set."""
    top = float(((worth + instance.signed_income_fen) / instance.need_fen).max()) + 1
    best, tight = top, set(open_)
    for size in range(1, len(open_) + 1):
        for chosen in combinations(sorted(open_), size):
            for extra in range(len(held) + 1):
                for before in combinations(sorted(held), extra):
                    room = most[frozenset(chosen) | frozenset(before)]
                    room -= sum(income[home] for home in before)
                    level = _level_for(instance, worth, chosen, room, top)
                    if level < best - 1e-9:
                        best, tight = level, set(chosen)
    return best, tight


def _level_for(instance, worth, chosen, room, top):
    low, high = 0.0, top
    if sum(_ask(instance, worth, home, high) for home in chosen) <= room + 1e-6:
        return top
    for _ in range(80):
        middle = (low + high) / 2
        if sum(_ask(instance, worth, home, middle) for home in chosen) <= room:
            low = middle
        else:
            high = middle
    return low


def _most_income(instance: Instance, homes: set[int]) -> float:
    """The most these households can earn together: one linear program over every single route."""
    routes = routes_for(instance, homes)
    if not routes:
        return 0.0
    rows = limit_rows(instance, routes)
    price = np.array([instance.price_fen[instance.lot_product[lot]] for lot, _, _ in routes])
    answer = linprog(-price, A_ub=[row for row, _ in rows], b_ub=[kg for _, kg in rows])
    return float(-answer.fun)


Route = tuple[int, int, int]


def routes_for(instance: Instance, homes: set[int]) -> list[Route]:
    """Every lot, lane and cell that a kilogram of these households could take."""
    return [
        (lot, lane, cell)
        for lot in range(len(instance.lot_id))
        if instance.lot_household[lot] in homes
        for lane in range(len(instance.lane_kg))
        if instance.lane_station[lane] == instance.lot_station[lot]
        and instance.lane_product[lane] == instance.lot_product[lot]
        and instance.lot_first_week[lot] <= instance.lane_week[lane] <= instance.lot_last_week[lot]
        for cell in range(len(instance.cell_kg))
        if instance.cell_product[cell] == instance.lane_product[lane]
        and instance.cell_week[cell] == instance.lane_week[lane]
        and _linked(instance, lane, cell)
    ]


def limit_rows(instance: Instance, routes: list[Route]) -> list[Any]:
    """Every limit: which routes count in it, and the kg that are left."""
    limits = (instance.lot_usable_kg, instance.lane_left_kg, instance.cell_left_kg)
    return [
        ([float(route[kind] == place) for route in routes], limit[place])
        for kind, limit in enumerate(limits)
        for place in range(len(limit))
    ] + _shared_rows(instance, routes)


def _shared_rows(instance: Instance, routes: list[Route]) -> list[Any]:
    """Limits of stations over all products and of shops: who counts in each, and the kg left."""
    week = [int(instance.lane_week[lane]) for _, lane, _ in routes]
    signed = list(zip(instance.signed_lot, instance.signed_week, instance.signed_kg, strict=True))
    station, shop = instance.lot_station, instance.lot_shop
    wholes = zip(instance.whole_station, instance.whole_week, instance.whole_kg, strict=True)
    found = []
    for of_lot, place, at, kg in [
        *((station, place, at, kg) for place, at, kg in wholes),
        *(
            (shop, place, at, kg)
            for place, kg in enumerate(instance.shop_cap_kg.tolist())
            if kg >= 0
            for at in sorted(set(week))
        ),
    ]:
        used = sum(q for lot, when, q in signed if of_lot[lot] == place and when == at)
        row = [
            float(of_lot[lot] == place and when == at)
            for (lot, _, _), when in zip(routes, week, strict=True)
        ]
        found.append((row, max(int(kg) - int(used), 0)))
    return found


def _linked(instance: Instance, lane: int, cell: int) -> bool:
    links = zip(instance.link_station.tolist(), instance.link_hub.tolist(), strict=True)
    return (int(instance.lane_station[lane]), int(instance.cell_hub[cell])) in set(links)
