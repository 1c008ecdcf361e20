"""What a forecast reads: the shop's frames of an area at a moment, as the engine wants them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from core.clock import day_of, week_of
from growers.models import PlanningArea
from shop import demand

if TYPE_CHECKING:
    import pandas as pd

KEY = "|"
"""Joins form, grade and hub to the name of a sales series; none of them holds it."""


@dataclass(frozen=True)
class Inputs:
    """Frames of an area as they were known at one moment.

    ``campaigns`` and ``pledges`` are every campaign and its curve, ``running`` the codes still open
    on the day, ``hubs`` packs by hub, ``sales`` weekly grams by series, ``orders`` campaign orders
    on their way, as rows the engine adds up.
    """

    on: date
    campaigns: pd.DataFrame
    pledges: pd.DataFrame
    hubs: pd.DataFrame
    sales: pd.DataFrame
    orders: pd.DataFrame

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all to forecast from."""
        return self.campaigns.empty and self.sales.empty and self.orders.empty

    @property
    def inputs_hash(self) -> str:
        """Of every row read and of the day."""
        frames = [self.campaigns, self.pledges, self.hubs, self.sales, self.orders]
        return _hash_of(frames, self.on.isoformat())

    @property
    def rows_hash(self) -> str:
        """Of every row read, whatever the day."""
        return _hash_of([self.campaigns, self.pledges, self.hubs, self.sales, self.orders])

    @property
    def history_hash(self) -> str:
        """Of the finished campaigns and their curves only."""
        over = self.campaigns[self.campaigns["finished"]]
        return _hash_of([over, self.pledges[self.pledges["campaign"].isin(over["campaign"])]])


def _hash_of(frames: list[pd.DataFrame], *words: str) -> str:
    digest = hashlib.sha256("\n".join(words).encode())
    for frame in frames:
        digest.update(frame.to_csv(index=False, lineterminator="\n").encode())
    return digest.hexdigest()


def read_inputs(*, area: PlanningArea, at: datetime) -> Inputs:
    """Everything known of an area's demand at a moment."""
    on = day_of(at)
    campaigns = _campaigns(demand.campaign_frame(area=area, at=at), on=on)
    hubs = demand.pledge_hubs(area=area, at=at)
    pledges = demand.pledge_curves(area=area, at=at)
    return Inputs(
        on=on,
        campaigns=campaigns.astype({"goal_packs": float, "cap_packs": float}),
        pledges=pledges[pledges["campaign"].isin(campaigns["campaign"])],
        hubs=hubs,
        sales=_series(demand.weekly_sales(area=area, at=at)),
        orders=_orders(demand.open_campaign_orders(area=area, at=at), on=on),
    )


def _campaigns(campaigns: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """Campaigns that run or ran to their end; one that was called off says nothing.

    One that closed before its day (its cap was reached) counts as ending today at the latest.
    """
    kept = campaigns[~campaigns["closed"] | campaigns["finished"]].reset_index(drop=True)
    ends = [
        min(day, on) if closed else day
        for day, closed in zip(kept["deadline_on"], kept["closed"], strict=True)
    ]
    return kept.assign(deadline_on=ends)


def _series(sales: pd.DataFrame) -> pd.DataFrame:
    """Weekly sales by a series name the engine can carry."""
    return sales.assign(
        series=[KEY.join(row) for row in sales[["form", "grade", "hub"]].to_numpy()],
        week=sales["monday"],
        amount=sales["weight_g"].astype(float),
    )[["series", "week", "amount"]]


def _orders(orders: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """Orders on their way: exact grams, delivered from this week on even when they are late."""
    return orders.assign(
        starts_on=[max(day, week_of(on)) for day in orders["promised_from"]],
        ends_on=[max(day, week_of(on)) for day in orders["promised_to"]],
    ).drop(columns=["promised_from", "promised_to"])


def live_campaigns(inputs: Inputs) -> pd.DataFrame:
    """Campaigns not yet closed, with their promised window from this week on."""
    live = inputs.campaigns[~inputs.campaigns["closed"]].reset_index(drop=True)
    first = week_of(inputs.on)
    return live.assign(
        starts_on=[max(day, first) for day in live["promised_from"]],
        ends_on=[max(day, first + timedelta(days=6)) for day in live["promised_to"]],
    )
