"""A proof that ended takes its listing off the shelf, and the shop is told."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import override

from core.days import day_words
from core.errors import BadInput
from core.mobile import plain_mobile
from notices.services import send_notice
from shop.models import Listing, ListingProof, ListingState, SeasonState
from shop.proofs import Proofs, proofs_of
from shop.services.listings import withdraw_listing
from shop.wording import PROOF_ENDED


def take_off_unproven(*, on: date, at: datetime) -> int:
    """Take down published listings whose asked-for proof has ended; return how many.

    One that is on presale stays: people must see what they reserved, and nothing of it is sold
    before the season opens. The desk asks for a new proof meanwhile.
    """
    taken = 0
    for listing in _suspects(on):
        found = proofs_of(listing.form.crop, listing.proofs.all(), on=on)
        if not found.holds:
            taken += _take_off(listing, found, at=at)
    return taken


def _suspects(on: date) -> QuerySet[Listing]:
    """Listings with any proof that has ended."""
    ended = ListingProof.objects.filter(listing=OuterRef("pk"), valid_to__lt=on)
    rows = Listing.objects.filter(Exists(ended), state=ListingState.PUBLISHED)
    rows = rows.exclude(season_state=SeasonState.PRESALE)
    return (
        rows.select_related("form__crop", "product", "shop")
        .prefetch_related("proofs")
        .order_by("pk")
    )


@transaction.atomic
def _take_off(listing: Listing, found: Proofs, *, at: datetime) -> int:
    """One listing, looked at again under its lock: somebody may be withdrawing it now."""
    held = Listing.objects.select_for_update().get(pk=listing.pk)
    if held.state != ListingState.PUBLISHED:
        return 0
    withdraw_listing(code=listing.code, by=None, at=at)
    _tell(listing, found, at=at)
    return 1


def _tell(listing: Listing, found: Proofs, *, at: datetime) -> None:
    """Once for each proof that ended, to the shop's own number, if it has one."""
    try:
        mobile = plain_mobile(listing.shop.phone)
    except BadInput:
        return
    with override(settings.LANGUAGE_CODE):
        context = {
            "goods": listing.title,
            "proof": str(found.asked.label),
            "day": day_words(found.until) if found.until else "",
            "link": reverse("shop:work_listing", args=[listing.code]),
        }
    send_notice(
        key=f"{PROOF_ENDED}:{listing.code}:{found.until}",
        mobile=mobile,
        template=PROOF_ENDED,
        context=context,
        language=settings.LANGUAGE_CODE,
        at=at,
    )
