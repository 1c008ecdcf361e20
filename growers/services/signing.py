"""Signing a row's history with who did it, when and why."""

from datetime import datetime
from typing import TypeVar

from django.db.models import Model

from growers.models import User

M = TypeVar("M", bound=Model)
REASON_LENGTH = 100  # what the history tables hold


def save_signed(row: M, *, by: User | None, at: datetime, reason: str = "") -> M:
    """Save a row whose model keeps history, and say there who, when and why."""
    facts = {
        "_history_user": by,
        "_history_date": at,
        "_change_reason": reason[:REASON_LENGTH] or None,
    }
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()
    return row
