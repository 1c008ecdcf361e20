"""Recording and withdrawing consent, and taking down what no longer has any."""

from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from content.models import SitePicture, StoryConsent, VillageStoryPage
from content.models.consent import ConsentScope, consent_holds
from core.clock import day_of
from core.errors import BadInput, NotAllowed
from growers.models import User


@transaction.atomic
def record_consent(
    *,
    given_by: str,
    scope: str,
    paper: str,
    given_on: date,
    expires_on: date,
    by: User | None,
) -> StoryConsent:
    """Write down a consent; who gave it is sealed.

    Raises
    ------
    BadInput
        Nobody is named, or the days are not in order.
    """
    if not given_by.strip():
        raise BadInput(_("写上是谁同意的。"), field="given_by")
    if expires_on <= given_on:
        raise BadInput(_("到期要晚于同意的那天。"), field="expires_on")
    return StoryConsent.objects.create(
        given_by=given_by.strip(),
        scope=scope,
        paper=paper,
        given_on=given_on,
        expires_on=expires_on,
        recorded_by=by,
    )


@transaction.atomic
def withdraw_consent(*, consent: StoryConsent, at: datetime, by: User | None) -> StoryConsent:
    """The person no longer agrees: everything that stands on it is taken down at once.

    Raises
    ------
    NotAllowed
        It was withdrawn before.
    """
    today = day_of(at)
    changed = StoryConsent.objects.filter(pk=consent.pk, withdrawn_on__isnull=True).update(
        withdrawn_on=max(today, consent.given_on)
    )
    if not changed:
        raise NotAllowed(_("这份同意书已经收回了。"))
    consent.refresh_from_db()
    take_down_lapsed(at=at, by=by)
    return consent


@transaction.atomic
def take_down_lapsed(*, at: datetime, by: User | None = None) -> int:
    """Unpublish stories and erase sizes of pictures whose consent does not hold; how many."""
    today = day_of(at)
    lapsed = VillageStoryPage.objects.live().exclude(consent_holds(today, path="consent__"))
    count = 0
    for story in lapsed.select_related("consent"):
        story.unpublish(set_expired=True, user=by)
        count += 1
    return count + _erase_sizes(today)


def _erase_sizes(today: date) -> int:
    """Files under public addresses go; an original stays, under a name nobody was told."""
    held = consent_holds(today, path="consent__")
    allowed = SitePicture.objects.filter(held, consent__scope=ConsentScope.PICTURES)
    shown = SitePicture.objects.filter(shows_people=True, renditions__isnull=False)
    count = 0
    for picture in shown.exclude(pk__in=allowed.values("pk")).distinct():
        for size in picture.renditions.all():
            transaction.on_commit(partial(size.file.storage.delete, size.file.name))
            size.delete()  # Wagtail would leave the file to a job; it must not wait
            count += 1
    return count
