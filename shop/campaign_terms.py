"""The terms of a campaign: what is written for one, and what is frozen when it is submitted.

Frozen are goal, cap, price, deposit, mode, deadline, delivery window, the boxes and the stretch
goals (docs of the states: ``shop.models.campaign``). The story may still be put better.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from shop.models import Campaign, CampaignMode

FROZEN = (
    "goal_packs",
    "cap_packs",
    "price",
    "deposit_percent",
    "mode",
    "deadline_at",
    "promised_from_on",
    "promised_to_on",
)
_BOX = ("number", "title", "price", "packs_per_unit", "cap_units", "most_each")
_GOAL = ("at_packs", "promise", "kind")


@dataclass(frozen=True)
class Terms:
    """What an operator writes of a campaign; the promised window comes from the calendar."""

    goal_packs: int
    cap_packs: int
    price: Decimal
    opens_at: datetime  # or at the approval, when that is later
    deadline_at: datetime
    story: str = ""
    mode: CampaignMode | str = CampaignMode.ALL_OR_NOTHING
    deposit_percent: int = 0


@dataclass(frozen=True)
class NewTerms:
    """The terms that may change after the opening, as they should be."""

    goal_packs: int
    cap_packs: int
    price: Decimal
    deadline_at: datetime
    promised_from_on: date
    promised_to_on: date


def terms_now(campaign: Campaign) -> NewTerms:
    """A campaign's terms as they are."""
    return NewTerms(**{one.name: getattr(campaign, one.name) for one in fields(NewTerms)})


def hash_of_terms(campaign: Campaign) -> str:
    """SHA-256 over the frozen terms, in hexadecimal; equal exactly when the terms are.

    Asks for the boxes and the stretch goals.
    """
    boxes = _rows(campaign.tiers.order_by("number").values_list(*_BOX))
    goals = _rows(campaign.stretch_goals.order_by("at_packs").values_list(*_GOAL))
    goals = [row if row[-1] else row[:-1] for row in goals]  # set before there were kinds
    return hash_of_written(campaign, boxes=boxes, goals=goals)


def hash_of_written(
    campaign: Campaign, *, boxes: Sequence[list[str]] = (), goals: Sequence[list[str]] = ()
) -> str:
    """The same for a campaign whose boxes and stretch goals are at hand; asks for nothing."""
    terms: dict[str, Any] = {name: _plain(getattr(campaign, name)) for name in FROZEN}
    terms |= {"boxes": list(boxes), "goals": list(goals)}
    written = json.dumps(terms, ensure_ascii=False, sort_keys=True)
    return sha256(written.encode()).hexdigest()


def _rows(rows: Any) -> list[list[str]]:
    return [[_plain(value) for value in row] for row in rows]


def _plain(value: Any) -> str:
    """The same word for the same value, whether just typed or read from the database."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime):
        return str(int(value.timestamp()))
    return "" if value is None else str(value)
