"""Publishing and taking down at the moment an editor set, by the site's own clock.

Wagtail's ``publish_scheduled`` does the same by the system's clock; here the time is told, so that
the demo's clock and tests move it, and a story without consent is left a draft, not an error.
"""

import logging
from datetime import datetime

from django.db import transaction
from wagtail.models import Page, Revision

from content.models.stories import NoConsent
from content.services.consent import take_down_lapsed

log = logging.getLogger(__name__)


def run_schedule(*, at: datetime) -> dict[str, int]:
    """Take down what is over, then publish what is due; counts of both."""
    lapsed = take_down_lapsed(at=at)
    return {"lapsed": lapsed, "expired": expire_due(at=at), "published": publish_due(at=at)}


def expire_due(*, at: datetime) -> int:
    """Take down pages past their last moment."""
    due = list(Page.objects.filter(live=True, expire_at__lt=at).specific())
    for page in due:
        page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return len(due)


def publish_due(*, at: datetime) -> int:
    """Publish the revisions whose moment has come."""
    due = Revision.page_revisions.filter(approved_go_live_at__lte=at)
    return sum(_publish(revision) for revision in due.order_by("approved_go_live_at", "pk"))


def _publish(revision: Revision) -> bool:
    try:
        with transaction.atomic():
            revision.content["go_live_at"] = None  # the moment is told, not read off the system
            revision.publish(log_action="wagtail.publish.scheduled")
    except NoConsent as refusal:
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
        log.warning("not published: %s", refusal)
        return False
    return True
