"""After success a later harvest moves the promise by itself, and every backer may choose.

The calendar's own rows are the list of what is to be done: a season that was moved since the
closing and now ends later than what is promised. So a move that comes while money is collected,
or while something else is being chosen, waits here and is declared by a later tick.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.clock import day_of
from core.errors import PlatformError
from harvest_calendar.models import SeasonRevision
from harvest_calendar.selectors import Season
from shop.models import (
    Campaign,
    CampaignStage,
    CampaignState,
    PledgeOrder,
    PurchaseState,
    Setback,
    SetbackKind,
)
from shop.selectors.seasons import season_near
from shop.services.setbacks import News, declare

log = logging.getLogger(__name__)

NOT_SENT = (CampaignStage.GROWING, CampaignStage.HARVESTED)
REASON_LENGTH = 200


def declare_calendar_delays(*, at: datetime) -> int:
    """Declare what the calendar moved; how many campaigns were told of now."""
    codes = list(_moved_since().values_list("code", flat=True))
    return sum(_declare_safely(code, at=at) for code in codes)


def _moved_since() -> QuerySet[Campaign]:
    """Campaigns that succeeded and are collected, or are paid at the handing over, with orders not
    packed yet and nothing being chosen, whose crop was moved since.
    """
    on_collection = Q(state=CampaignState.SUCCEEDED, stage="")
    open_orders = PledgeOrder.objects.filter(
        pledge__campaign=OuterRef("pk"), order__purchase__state=PurchaseState.PLACED
    )
    rows = Campaign.objects.filter(Q(stage__in=NOT_SENT) | on_collection, Exists(open_orders))
    waiting = Setback.objects.filter(campaign=OuterRef("pk"), settled_at__isnull=True)
    of_crop = Q(season__crop=OuterRef("listing__form__crop"))
    of_crop |= Q(season__crop=OuterRef("listing__form__raw_crop"))
    moved = SeasonRevision.objects.filter(of_crop, at__gt=OuterRef("closed_at"))
    return rows.filter(~Exists(waiting), Exists(moved)).order_by("pk")


def _declare_safely(code: str, *, at: datetime) -> bool:
    """One campaign's trouble keeps no other's backers in the dark; the next tick tries again."""
    try:
        return _declare_one(code, at=at) is not None
    except PlatformError:
        log.exception("the moved calendar was not declared for campaign %s", code)
        return False


@transaction.atomic
def _declare_one(code: str, *, at: datetime) -> Setback | None:
    Campaign.objects.select_for_update().get(code=code)
    campaign = (
        _moved_since()
        .select_related("listing__form__crop", "listing__form__raw_crop", "listing__origin")
        .filter(code=code)
        .first()
    )
    if campaign is None:
        return None  # somebody else was first
    season, revision = _season_of(campaign, at=at), _last_move(campaign)
    if season is None or revision is None or season.last_ready_on <= campaign.promised_to_on:
        return None
    key = f"{campaign.code}:{revision.pk}"
    if Setback.objects.filter(calendar_key=key).exists():
        return None
    return declare(campaign, _news(season, revision), by=None, at=at, calendar_key=key)


def _season_of(campaign: Campaign, *, at: datetime) -> Season | None:
    return season_near(
        campaign.listing.form,
        campaign.listing.origin,
        ready_on=campaign.promised_from_on,
        last_ready_on=campaign.promised_to_on,
        on=day_of(at),
    )


def _last_move(campaign: Campaign) -> SeasonRevision | None:
    """The latest move of the crop at the listing's place, or of what lies around it."""
    listing = campaign.listing
    rows = SeasonRevision.objects.filter(
        season__crop__in=[listing.form.crop_id, listing.form.raw_crop_id],
        at__gt=campaign.closed_at,
    )
    here = listing.origin.code
    return next(
        (
            row
            for row in rows.select_related("season__region")
            if here.startswith(row.season.region.prefix)
        ),
        None,
    )


def _news(season: Season, revision: SeasonRevision) -> News:
    return News(
        kind=SetbackKind.DELAY,
        reason=revision.reason[:REASON_LENGTH],
        from_on=season.ready_on,
        to_on=season.last_ready_on,
    )
