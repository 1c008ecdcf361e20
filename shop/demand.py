"""What upper apps may know of demand: campaigns, pledge curves, sales, orders still to come.

Each frame belongs to a planning area: listings of shops whose village lies in the area's region.
Each is told ``at`` and shows what was known at that moment, so that a backtest sees no later day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from core.clock import day_of, week_of
from growers.models import Hub, HubKind, PlanningArea, StationHub
from shop.models import (
    Campaign,
    CampaignState,
    FulfilmentKind,
    Pledge,
    PledgeChange,
    PledgeState,
    PurchaseState,
)
from shop.states import NEVER_OPENED, STANDING_PLEDGE

if TYPE_CHECKING:
    import pandas as pd

STANDING = list(STANDING_PLEDGE)
GONE = [PledgeState.CANCELLED, PledgeState.LAPSED]  # their packs were given back
CAMPAIGN_COLUMNS = [
    "campaign", "listing", "crop", "form", "grade", "opens_on", "deadline_on", "goal_packs",
    "cap_packs", "price", "pack_weight_g", "promised_from", "promised_to", "state", "closed",
    "finished", "pledged_packs", "backers", "final_packs",
]  # fmt: skip


def campaign_frame(*, area: PlanningArea, at: datetime) -> pd.DataFrame:
    """One row a campaign opened by ``at``, soonest first.

    Columns: campaign, listing, crop, form, grade (empty without), opens_on, deadline_on,
    goal_packs, cap_packs, price (yuan, float), pack_weight_g, promised_from, promised_to, state
    (as of ``at``), closed (left ``live``), finished (succeeded or failed), pledged_packs and
    backers (as of ``at``), final_packs (NaN unless finished).
    """
    import pandas as pd

    known = {row["campaign"]: row for row in _pledged(area, at)}
    rows = [_campaign_row(row, known.get(row["pk"]), at) for row in _campaigns(area, at)]
    frame = pd.DataFrame(rows, columns=CAMPAIGN_COLUMNS)
    return frame.astype({"final_packs": float, "price": float, "closed": bool, "finished": bool})


def _campaigns(area: PlanningArea, at: datetime) -> Iterable[Mapping[str, Any]]:
    seen = Campaign.objects.filter(opens_at__lte=at).exclude(NEVER_OPENED)
    return (
        seen.filter(listing__shop__village__code__startswith=area.region.prefix)
        .order_by("opens_at", "code")
        .values(
            "pk", "code", "state", "opens_at", "deadline_at", "closed_at", "goal_packs",
            "cap_packs", "pledged_packs", "price", "promised_from_on", "promised_to_on",
            "listing__code", "listing__form__key", "listing__form__crop__key",
            "listing__grade__name_zh", "listing__pack_weight_g",
        )
    )  # fmt: skip


def _pledged(area: PlanningArea, at: datetime) -> Iterable[Mapping[str, Any]]:
    """Packs and people of every campaign as of ``at``."""
    return (
        _changes(area, at)
        .order_by()
        .values("campaign")
        .annotate(
            packs=Sum("packs"),
            backers=Count("pledge", distinct=True),
            gone=Count(
                "pledge",
                filter=Q(pledge__state__in=GONE, pledge__updated_at__lte=at),
                distinct=True,
            ),
        )
    )


def _changes(area: PlanningArea, at: datetime) -> QuerySet[PledgeChange]:
    inside = PledgeChange.objects.filter(
        campaign__listing__shop__village__code__startswith=area.region.prefix
    )
    return inside.filter(at__lte=at)


def _campaign_row(
    row: Mapping[str, Any], pledged: Mapping[str, Any] | None, at: datetime
) -> dict[str, Any]:
    closed = row["closed_at"] is not None and row["closed_at"] <= at
    finished = closed and row["state"] in (CampaignState.SUCCEEDED, CampaignState.FAILED)
    return {
        "campaign": row["code"],
        "listing": row["listing__code"],
        "crop": row["listing__form__crop__key"],
        "form": row["listing__form__key"],
        "grade": row["listing__grade__name_zh"] or "",
        "opens_on": day_of(row["opens_at"]),
        "deadline_on": day_of(row["deadline_at"]),
        "goal_packs": row["goal_packs"],
        "cap_packs": row["cap_packs"],
        "price": row["price"],
        "pack_weight_g": row["listing__pack_weight_g"],
        "promised_from": row["promised_from_on"],
        "promised_to": row["promised_to_on"],
        "state": row["state"] if closed else CampaignState.LIVE.value,
        "closed": closed,
        "finished": finished,
        "pledged_packs": pledged["packs"] if pledged else 0,
        "backers": pledged["backers"] - pledged["gone"] if pledged else 0,
        "final_packs": row["pledged_packs"] if finished else None,
    }


def pledge_curves(*, area: PlanningArea, at: datetime) -> pd.DataFrame:
    """Net packs by campaign and day: campaign, day (whole days since it opened), packs."""
    import pandas as pd

    rows = _changes(area, at).values_list("campaign__code", "campaign__opens_at", "at", "packs")
    frame = pd.DataFrame(
        [
            (code, max(0, (day_of(moment) - day_of(opens)).days), packs)
            for code, opens, moment, packs in rows.order_by("campaign__code", "at")
        ],
        columns=["campaign", "day", "packs"],
    )
    return _summed(frame, ["campaign", "day"], "packs")


def pledge_hubs(*, area: PlanningArea, at: datetime) -> pd.DataFrame:
    """Packs of standing pledges by the hub they will be served from: campaign, hub, packs."""
    import pandas as pd

    mine = Pledge.objects.filter(
        campaign__listing__shop__village__code__startswith=area.region.prefix
    )
    standing = mine.filter(state__in=STANDING, created_at__lte=at)
    county, metropolitan = _station_hubs(), _metropolitan_hub()
    rows = (
        standing.order_by()
        .values("campaign__code", "fulfilment", "station")
        .annotate(packs=Sum("packs"))
    )
    found = [
        (
            row["campaign__code"],
            county.get(row["station"], "")
            if row["fulfilment"] == FulfilmentKind.COLLECT
            else metropolitan,
            row["packs"],
        )
        for row in rows
    ]
    frame = pd.DataFrame(found, columns=["campaign", "hub", "packs"])
    return _summed(frame, ["campaign", "hub"], "packs")


def _station_hubs() -> dict[int, str]:
    """Station → code of its county hub, the cheapest when there are several."""
    links = StationHub.objects.filter(hub__kind=HubKind.COUNTY).order_by(
        "station", "-cost_fen_per_kg", "-hub__code"
    )
    return dict(links.values_list("station_id", "hub__code"))


def _metropolitan_hub() -> str:
    hubs = Hub.objects.filter(kind=HubKind.METROPOLITAN).order_by("code")
    return hubs.values_list("code", flat=True).first() or ""


def weekly_sales(*, area: PlanningArea, at: datetime) -> pd.DataFrame:
    """Grams ordered outside campaigns: form, grade, hub, monday (of ordering), weight_g."""
    import pandas as pd

    sold = _order_lines(area, at).filter(order__pledge_link__isnull=True)
    rows = sold.values_list(*_FORM_GRADE_HUB, "order__purchase__placed_at", "weight_g")
    frame = pd.DataFrame(
        [
            (form, grade, hub, week_of(day_of(placed)), weight_g)
            for form, grade, hub, placed, weight_g in rows
        ],
        columns=["form", "grade", "hub", "monday", "weight_g"],
    )
    return _summed(frame, ["form", "grade", "hub", "monday"], "weight_g")


def open_campaign_orders(*, area: PlanningArea, at: datetime) -> pd.DataFrame:
    """Grams of campaign orders not yet delivered.

    Columns: form, grade, hub, promised_from, promised_to, weight_g.
    """
    import pandas as pd

    keys = ["form", "grade", "hub", "promised_from", "promised_to"]
    coming = _order_lines(area, at).filter(order__pledge_link__isnull=False)
    delivered = Q(order__purchase__delivered_at__lte=at)
    rows = coming.exclude(delivered).values_list(
        *_FORM_GRADE_HUB,
        "order__purchase__promised_from_on",
        "order__purchase__promised_to_on",
        "weight_g",
    )
    frame = pd.DataFrame(list(rows), columns=[*keys, "weight_g"])
    return _summed(frame, keys, "weight_g")


_FORM_GRADE_HUB = ("product__listing__form__key", "grade_name", "order__purchase__hub__code")


def _summed(frame: pd.DataFrame, keys: list[str], value: str) -> pd.DataFrame:
    """One row for each combination of keys, in their order."""
    return frame.groupby(keys, as_index=False).agg({value: "sum"})


def _order_lines(area: PlanningArea, at: datetime) -> Any:
    """Lines of orders placed by ``at`` that stand, with grams and grade; unpaid ones do not."""
    lines = get_model("order", "Line").objects.filter(
        product__listing__shop__village__code__startswith=area.region.prefix,
        order__purchase__placed_at__lte=at,
        allocation_cancelled=False,
    )
    return (
        lines.exclude(order__purchase__state__in=[PurchaseState.AWAITING, PurchaseState.CANCELLED])
        .order_by()
        .annotate(
            weight_g=F("quantity") * F("product__listing__pack_weight_g"),
            grade_name=Coalesce("product__listing__grade__name_zh", Value("")),
        )
    )
