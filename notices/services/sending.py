"""Writing messages: rows beside what they tell of, in the same transaction."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from notices import texts
from notices.models import Notice
from notices.tasks import deliver

ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class NewNotice:
    """A message to write; ``key`` is what makes it one message for ever."""

    key: str
    mobile: str
    template: str
    context: Mapping[str, str]
    language: str
    expires_at: datetime | None = None


def send_notice(
    *,
    key: str,
    mobile: str,
    template: str,
    context: Mapping[str, str],
    language: str,
    at: datetime,
    expires_at: datetime | None = None,
) -> None:
    """Write one message, once for each key, however often it is asked for.

    It leaves after the transaction around it is committed, and not at all if that is undone.
    """
    send_notices([NewNotice(key, mobile, template, context, language, expires_at)], at=at)


def send_notices(notices: Iterable[NewNotice], *, at: datetime) -> int:
    """Write many messages at once, each once for its key; return how many were asked for."""
    rows = [_row(notice, at=at) for notice in notices]
    if rows:
        Notice.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE, ignore_conflicts=True)
        transaction.on_commit(_wake)
    return len(rows)


def _row(notice: NewNotice, *, at: datetime) -> Notice:
    if not texts.is_registered(notice.template):
        raise ValueError(f"no text is registered as {notice.template}")
    contents = {"mobile": notice.mobile, "context": dict(notice.context)}
    return Notice(
        key=notice.key,
        template=notice.template,
        language=notice.language,
        sealed=json.dumps(contents, ensure_ascii=False),
        next_try_at=at,
        expires_at=notice.expires_at,
        created_at=at,
    )


def _wake() -> None:
    deliver.enqueue()
