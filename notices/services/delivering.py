"""Sending what is due: each message is taken, carried away, and marked.

A message is taken by moving its next try on by ``LEASE``, in one conditional UPDATE, so two
workers never have it at once; if the one that took it dies, it comes due again. A crash between
carrying away and marking means a second carrying with the same key: at least once at the port,
never lost.
"""

import json
import logging
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from notices import texts
from notices.models import Notice, NoticeState
from notices.ports import Message, Refused, message_port

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
# How long to wait after the first, second, … try that failed; after the last it is given up.
PAUSES = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
]
ROWS_AT_ONCE = 20
ERROR_LENGTH = 200


def deliver_due(*, at: datetime) -> int:
    """Send every message that is due, codes first, then the oldest; return how many left.

    Few are read at once, so that somebody who waits for a code never waits behind a campaign.
    """
    _drop_expired(at)
    codes_first = F("expires_at").asc(nulls_last=True)
    sent = 0
    while due := list(_due(at).order_by(codes_first, "next_try_at", "pk")[:ROWS_AT_ONCE]):
        sent += sum(_deliver(notice, at=at) for notice in due)
    return sent


def _due(at: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(state=NoticeState.QUEUED, next_try_at__lte=at)


def _drop_expired(at: datetime) -> None:
    """A code that could not be sent in its five minutes only confuses later."""
    _due(at).filter(expires_at__lte=at).update(
        state=NoticeState.FAILED, sealed="", error="came too late"
    )


def _deliver(notice: Notice, *, at: datetime) -> bool:
    """Take one message and carry it away; False when another worker has it or it failed."""
    taken = _due(at).filter(pk=notice.pk)
    if not taken.update(next_try_at=at + LEASE, attempts=F("attempts") + 1):
        return False
    try:
        message_port().send(_message(notice))
    except Refused as error:
        _give_up(notice, error)
    except Exception as error:  # whatever a network's client raises
        _try_later(notice, error, at=at)
    else:
        _mark_sent(notice, at=at)
        return True
    return False


def _message(notice: Notice) -> Message:
    contents = json.loads(notice.sealed)
    return Message(
        key=notice.key,
        mobile=contents["mobile"],
        text=texts.render(notice.template, contents["context"], language=notice.language),
        template=notice.template,
        language=notice.language,
    )


def _still_queued(notice: Notice) -> QuerySet[Notice]:
    return Notice.objects.filter(pk=notice.pk, state=NoticeState.QUEUED)


def _mark_sent(notice: Notice, *, at: datetime) -> None:
    facts = {"state": NoticeState.SENT, "sent_at": at, "error": ""}
    if notice.expires_at is not None:
        facts["sealed"] = ""  # a code is a secret: it stays nowhere once it is on its way
    _still_queued(notice).update(**facts)


def _give_up(notice: Notice, error: Exception) -> None:
    log.warning("message %s was given up: %r", notice.key, error)
    facts = {"state": NoticeState.FAILED, "error": repr(error)[:ERROR_LENGTH]}
    if notice.expires_at is not None:
        facts["sealed"] = ""
    _still_queued(notice).update(**facts)


def _try_later(notice: Notice, error: Exception, *, at: datetime) -> None:
    tries = notice.attempts + 1
    if tries > len(PAUSES):
        _give_up(notice, error)
        return
    log.warning("message %s did not leave (try %d): %r", notice.key, tries, error)
    _still_queued(notice).filter(Q(attempts=tries)).update(
        next_try_at=at + PAUSES[tries - 1], error=repr(error)[:ERROR_LENGTH]
    )
