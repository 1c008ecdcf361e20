"""Whether a listing can be bought now, and if not, the sentence that says why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.days import day_words
from shop.models import Listing, ListingState, SeasonState

BUYABLE_SEASONS = frozenset({SeasonState.IN_SEASON, SeasonState.LAST_WEEKS})


@dataclass(frozen=True)
class Availability:
    """The answer for one listing."""

    can_buy: bool
    free_packs: int
    reason: str  # empty when it can be bought


def free_packs(listing_ids: Iterable[int]) -> dict[int, int]:
    """Packs on hand less packs promised, by listing; never below zero."""
    return {pk: max(free, 0) for pk, free in _free(listing_ids)}


def _free(listing_ids: Iterable[int]) -> Iterable[tuple[int, Any]]:
    free = Coalesce(F("product__stockrecords__num_in_stock"), 0) - Coalesce(
        F("product__stockrecords__num_allocated"), 0
    )
    found = Listing.objects.filter(pk__in=list(listing_ids)).order_by()
    return found.annotate(free=Coalesce(free, 0)).values_list("pk", "free")


def availability_of(listing: Listing, *, free: int) -> Availability:
    """Published, in season and with free packs: it can be bought."""
    reason = season_reason(listing)
    if not reason and free <= 0:
        reason = _("卖完了，等下一批上山货。")
    return Availability(can_buy=not reason, free_packs=max(free, 0), reason=reason)


def season_reason(listing: Listing) -> str:
    """Why the season or the listing's state forbids buying; empty when it does not."""
    if listing.state != ListingState.PUBLISHED:
        return _("这件山货已经下架。")
    if listing.season_state in BUYABLE_SEASONS:
        return ""
    if listing.season_state == SeasonState.PRESALE:
        return _("正在预售，先约好，采收后再发。")
    return _not_yet(listing.season_start_on)


def _not_yet(start_on: date | None) -> str:
    if start_on is None:
        return _("还没到采收期，日子定了就写在这里。")
    return _("还没到采收期，%(day)s前后开。") % {"day": day_words(start_on)}
