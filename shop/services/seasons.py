"""Keeping every listing's season state and dates as the calendar says."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from harvest_calendar.models import SeasonDate
from harvest_calendar.selectors import Season
from shop.models import (
    Campaign,
    CampaignState,
    Listing,
    ListingState,
    PledgeState,
    SeasonState,
    SeasonStateChange,
)
from shop.season_rules import season_state
from shop.selectors.seasons import season_near, seasons_behind
from shop.services.alerts import tell_openings
from shop.services.campaign_moves import move_promise
from shop.services.search_rows import refresh_search
from shop.services.telling import tell_pledges, with_words
from shop.states import UNFINISHED
from shop.wording import PROMISE_MOVED

ROWS_AT_ONCE = 2000
FIELDS = ["season_state", "season_start_on", "season_peak_on", "season_end_on"]


def refresh_season_states(
    *, on: date, at: datetime, listing_ids: Iterable[int] | None = None
) -> int:
    """Bring listings (all that are not withdrawn) to the state of a day; return how many moved.

    The dates move too when the calendar moved; a change of state leaves a row of history.
    """
    rows = Listing.objects.exclude(state=ListingState.WITHDRAWN)
    if listing_ids is not None:
        rows = rows.filter(pk__in=list(listing_ids))
    moved, last = 0, 0
    while True:
        count, last = _refresh_some(rows.filter(pk__gt=last), on=on, at=at)
        moved += count
        if not last:
            return moved


@transaction.atomic
def _refresh_some(rows: QuerySet[Listing], *, on: date, at: datetime) -> tuple[int, int]:
    live = Campaign.objects.filter(listing=OuterRef("pk"), state=CampaignState.LIVE)
    some = list(
        rows.select_related("form", "origin")
        .annotate(has_live_campaign=Exists(live))
        .order_by("pk")[:ROWS_AT_ONCE]
    )
    seasons = seasons_behind(some, on=on)
    changed, history = [], []
    for listing in some:
        old = listing.season_state
        if not _bring(listing, seasons[listing.pk], on=on):
            continue
        changed.append(listing)
        if listing.season_state != old:
            history.append(_change(listing, old=old, on=on))
    Listing.objects.bulk_update(changed, FIELDS, batch_size=200)
    SeasonStateChange.objects.bulk_create(history, batch_size=500)
    refresh_search(listing_ids=[listing.pk for listing in changed], on=on)
    tell_openings(listings=_opened(changed, history), on=on, at=at)
    return len(changed), some[-1].pk if some else 0


def _opened(changed: Sequence[Listing], history: list[SeasonStateChange]) -> list[Listing]:
    """The listings that came on sale; one whose last weeks became more was on sale before."""
    before = {change.listing_id: change.old for change in history}
    last_weeks = SeasonState.LAST_WEEKS
    return [one for one in changed if before.get(one.pk, last_weeks) != last_weeks]


def _bring(listing: Listing, season: Season | None, *, on: date) -> bool:
    """Set what the season says; True when anything changed."""
    before = [getattr(listing, field) for field in FIELDS]
    live: bool = listing.has_live_campaign  # type: ignore[attr-defined]  # annotated above
    listing.season_state = season_state(season=season, has_live_campaign=live, on=on)
    listing.season_start_on = season.start_on if season else None
    listing.season_peak_on = season.peak_on if season else None
    listing.season_end_on = season.end_on if season else None
    return before != [getattr(listing, field) for field in FIELDS]


@transaction.atomic
def follow_season(*, season: SeasonDate, on: date, at: datetime) -> int:
    """A season was moved: bring the listings behind it along, and what running campaigns promise.

    Returns how many listings moved.
    """
    made_of = Q(form__crop=season.crop_id) | Q(form__raw_crop=season.crop_id)
    here = Listing.objects.filter(made_of, origin__code__startswith=season.region.prefix)
    ids = list(here.values_list("pk", flat=True))
    _move_promises(ids, on=on, at=at)
    return refresh_season_states(on=on, at=at, listing_ids=ids)


def _move_promises(listing_ids: list[int], *, on: date, at: datetime) -> None:
    """The promised window of campaigns that still gather follows the calendar, with history."""
    rows = Campaign.objects.filter(listing__in=listing_ids, state__in=UNFINISHED)
    for campaign in rows.select_related(
        "listing__form__crop", "listing__form__raw_crop", "listing__origin"
    ):
        listing = campaign.listing
        was = {"ready_on": campaign.promised_from_on, "last_ready_on": campaign.promised_to_on}
        season = season_near(listing.form, listing.origin, on=on, **was)
        if season is None or was == {
            "ready_on": season.ready_on,
            "last_ready_on": season.last_ready_on,
        }:
            continue
        old = (campaign.promised_from_on, campaign.promised_to_on)
        new = (season.ready_on, season.last_ready_on)
        move_promise(campaign, first=season.ready_on, last=season.last_ready_on, at=at)
        standing = with_words(campaign.pledges.filter(state=PledgeState.ACTIVE))
        tell_pledges(pledges=standing, template=PROMISE_MOVED, at=at, moved=[old, new])


def _change(listing: Listing, *, old: str, on: date) -> SeasonStateChange:
    return SeasonStateChange(
        listing=listing,
        old=old,
        new=listing.season_state,
        on=on,
        start_on=listing.season_start_on,
        end_on=listing.season_end_on,
    )
