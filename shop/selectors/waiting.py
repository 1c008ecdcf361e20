"""Places in the queue of a campaign."""

from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse

from shop.models import WaitingEntry, WaitingState

SALT = "shop.waiting"


def waiting_path(code: str) -> str:
    """A path of ours, told to one person only."""
    return reverse("shop:waiting", args=[signing.Signer(salt=SALT).sign(code)])


def entry_of(token: str) -> WaitingEntry | None:
    """The place in the queue of a signed address; None when the signature is not ours."""
    try:
        code = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return None
    return _with_facts().filter(code=code).first()


def _with_facts() -> QuerySet[WaitingEntry]:
    return WaitingEntry.objects.select_related(
        "campaign__listing__product",
        "campaign__listing__form__crop",
        "campaign__listing__variety",
        "campaign__listing__grade",
        "campaign__listing__shop",
        "pledge",
    )


def ahead_of(entry: WaitingEntry) -> int:
    """How many wait before this one."""
    rows = WaitingEntry.objects.filter(campaign=entry.campaign_id, state=WaitingState.WAITING)
    before = rows.filter(joined_at__lt=entry.joined_at)
    return before.count() + rows.filter(joined_at=entry.joined_at, pk__lt=entry.pk).count()
