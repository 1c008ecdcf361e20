"""Covering words that break the law, with a reason that everybody reads, and uncovering them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import BadInput, NotAllowed
from growers.models import User
from shop.models import (
    CampaignQuestion,
    CampaignUpdate,
    Moderation,
    Review,
    ReviewReply,
)
from shop.public_words import clean_words

MODERATE = "shop.moderate_voices"
# A code says by its head what it is of.
KINDS: dict[str, type[Review | ReviewReply | CampaignQuestion | CampaignUpdate]] = {
    "RV": Review,
    "RE": ReviewReply,
    "QA": CampaignQuestion,
    "UP": CampaignUpdate,
}


@transaction.atomic
def cover(*, code: str, reason: str, by: User, at: datetime) -> None:
    """Show the reason in place of the words; a review's score goes on counting.

    Raises
    ------
    NotAllowed
        This person is no moderator.
    BadInput
        There is no reason.
    """
    said = clean_words(reason)
    if not said:
        raise BadInput(_("写明原因，谁都看得见。"), field="reason")
    if _move(code, by=by, hidden_at=at, hidden_reason=said):
        Moderation.objects.create(code=code, covered=True, reason=said, by=by, at=at)


@transaction.atomic
def uncover(*, code: str, by: User, at: datetime) -> None:
    """Show the words again.

    Raises
    ------
    NotAllowed
        This person is no moderator.
    """
    if _move(code, by=by, hidden_at=None, hidden_reason=""):
        Moderation.objects.create(code=code, covered=False, reason="", by=by, at=at)


def _move(code: str, *, by: User, hidden_at: datetime | None, hidden_reason: str) -> int:
    """One conditional UPDATE; nothing happens where it is so already."""
    if not by.has_perm(MODERATE):
        raise NotAllowed(_("只有平台的审核人能遮住或放回。"))
    was_covered = hidden_at is None
    rows = KINDS[code[:2]].objects.filter(code=code, hidden_at__isnull=not was_covered)
    return rows.update(hidden_at=hidden_at, hidden_reason=hidden_reason)
