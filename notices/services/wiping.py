"""Wiping what is no longer needed: numbers and words after some days, keys after a year."""

from datetime import datetime, timedelta

from django.conf import settings

from notices.models import Notice, NoticeState
from notices.services.codes import forget_old_codes
from notices.services.limits import forget_old_counts

KEYS_KEPT = timedelta(days=400)  # so that nothing is told twice in the next season


def wipe_old(*, at: datetime) -> int:
    """Wipe numbers and words of messages older than ``settings.NOTICE_DAYS``; return how many."""
    forget_old_codes(at=at)
    forget_old_counts(at=at)
    done = Notice.objects.exclude(state=NoticeState.QUEUED)
    done.filter(created_at__lt=at - KEYS_KEPT).delete()
    old = done.filter(created_at__lt=at - timedelta(days=settings.NOTICE_DAYS))
    return old.exclude(sealed="").update(sealed="")
