"""Opening, cancelling and closing pre-sale campaigns."""

import logging
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.utils.translation import gettext as _

from core.clock import day_of
from core.codes import new_code
from core.days import day_words
from core.errors import BadInput, NotAllowed, NotEnough, PlatformError
from core.units import GRAMS_PER_KG
from growers.models import Region, User
from harvest_calendar.models import SaleClass, SupplyClaim
from harvest_calendar.selectors import Season, picking_span
from harvest_calendar.services import claim_supply, release_claim
from shop.models import (
    Campaign,
    CampaignState,
    CampaignStateChange,
    Listing,
    ListingState,
    Pledge,
    PledgeState,
)
from shop.price_rules import floor_price
from shop.selectors.seasons import coming_season, packs_within
from shop.services.placing import place_campaign_order
from shop.services.seasons import refresh_season_states
from shop.services.telling import tell_pledges, with_words
from shop.signals import campaign_closed
from shop.wording import CAMPAIGN_CANCELLED, CAMPAIGN_FAILED, CAMPAIGN_SUCCEEDED

log = logging.getLogger(__name__)

PLEDGES_AT_ONCE = 50


def claim_code(campaign_code: str) -> str:
    """The name under which a campaign claims supply."""
    return f"campaign:{campaign_code}"


@transaction.atomic
def open_campaign(
    *,
    listing: Listing,
    goal_packs: int,
    cap_packs: int,
    price: Decimal,
    opens_at: datetime,
    deadline_at: datetime,
    by: User | None,
    at: datetime,
    story: str = "",
) -> Campaign:
    """Open a campaign for a published listing; it is a draft until ``opens_at``.

    Raises
    ------
    NotAllowed
        The listing is not published, or has a campaign already.
    BadInput
        Goal, cap, price or days cannot be: the cap is above what will be harvested with
        certainty, or the deadline is not before the promised window.
    """
    listing = _listing_to_open(listing.pk)
    _check_terms(goal_packs, cap_packs, opens_at, deadline_at)
    _check_price(listing, price)
    season = _season_promised(listing, deadline_at=deadline_at, at=at)
    code = new_code("PS")
    _claim(listing, code=code, packs=cap_packs, season=season, at=at)
    campaign = Campaign.objects.create(
        code=code,
        listing=listing,
        goal_packs=goal_packs,
        cap_packs=cap_packs,
        price=price,
        opens_at=opens_at,
        deadline_at=deadline_at,
        promised_from_on=season.ready_on,
        promised_to_on=season.last_ready_on,
        story=story,
    )
    if opens_at <= at:
        _start(campaign, at=at, by=by)
        refresh_season_states(on=day_of(at), at=at, listing_ids=[listing.pk])
    return campaign


def _listing_to_open(pk: int) -> Listing:
    """Two openings of one listing wait for each other here."""
    rows = Listing.objects.select_for_update(of=("self",))
    listing = rows.select_related("form__crop", "form__raw_crop", "origin").get(pk=pk)
    _check_listing(listing)
    return listing


def _check_listing(listing: Listing) -> None:
    if listing.form.crop.sale_class == SaleClass.MEDICINAL_ONLY:
        raise NotAllowed(_("%(crop)s只能作药材卖，不能开预售。") % {"crop": listing.form.crop})
    if listing.state != ListingState.PUBLISHED:
        raise NotAllowed(_("先把这件货上架，再开预售。"))
    running = [CampaignState.DRAFT, CampaignState.LIVE]
    if Campaign.objects.filter(listing=listing, state__in=running).exists():
        raise NotAllowed(_("这件货已经有一场预售，等它结束再开。"))


def _check_terms(
    goal_packs: int, cap_packs: int, opens_at: datetime, deadline_at: datetime
) -> None:
    if goal_packs < 1:
        raise BadInput(_("成团至少要 1 份。"), field="goal_packs")
    if cap_packs < goal_packs:
        raise BadInput(_("上限不能低于成团数。"), field="cap_packs")
    if deadline_at <= opens_at:
        raise BadInput(_("截止要晚于开始。"), field="deadline_on")


def _check_price(listing: Listing, price: Decimal) -> None:
    floor = floor_price(listing.form, listing.pack_weight_g)
    if price <= 0:
        raise BadInput(_("价格要大于 0。"), field="price")
    if price < floor:
        raise BadInput(_("低于保底价 ¥%(floor)s。") % {"floor": floor}, field="price")


def _season_promised(listing: Listing, *, deadline_at: datetime, at: datetime) -> Season:
    season = coming_season(listing.form, listing.origin, on=day_of(at))
    if season is None:
        raise BadInput(_("日历里还没有这种货的采收日子，先去日历里补上。"))
    if day_of(deadline_at) >= season.ready_on:
        raise BadInput(
            _("截止要早于发货：%(day)s起就能发货了。") % {"day": day_words(season.ready_on)},
            field="deadline_on",
        )
    return season


def _claim(listing: Listing, *, code: str, packs: int, season: Season, at: datetime) -> None:
    first_on, last_on = picking_span(form=listing.form, region=listing.origin, season=season)
    try:
        claim_supply(
            code=claim_code(code),
            crop=listing.form.raw_crop,
            county=Region.objects.get(pk=listing.origin.county_code),
            first_on=first_on,
            last_on=last_on,
            weight_g=listing.form.raw_g(packs * listing.pack_weight_g),
            at=at,
        )
    except NotEnough as error:
        most = packs_within(listing.form, listing.pack_weight_g, error.left * GRAMS_PER_KG)
        raise BadInput(
            _("收成没那么多：按十次有九次能收到的算，最多 %(most)d 份。") % {"most": most},
            field="cap_packs",
        ) from error


def _note(campaign: Campaign, *, old: str, at: datetime, by: User | None, reason: str = "") -> None:
    CampaignStateChange.objects.create(
        campaign=campaign, old=old, new=campaign.state, at=at, by=by, reason=reason
    )


def start_due_campaigns(*, at: datetime) -> list[Campaign]:
    """Turn drafts whose opening has come live; each exactly once."""
    due = Campaign.objects.filter(state=CampaignState.DRAFT, opens_at__lte=at)
    started = [campaign for campaign in due if _start(campaign, at=at, by=None)]
    if started:
        ids = [campaign.listing_id for campaign in started]
        refresh_season_states(on=day_of(at), at=at, listing_ids=ids)
    return started


@transaction.atomic
def _start(campaign: Campaign, *, at: datetime, by: User | None) -> bool:
    draft = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.DRAFT)
    if not draft.update(state=CampaignState.LIVE):
        return False
    campaign.state = CampaignState.LIVE
    _note(campaign, old=CampaignState.DRAFT, at=at, by=by)
    return True


@transaction.atomic
def cancel_campaign(*, code: str, by: User | None, at: datetime, reason: str = "") -> Campaign:
    """Stop a campaign that has not closed; its pledges and its claim are released.

    Raises
    ------
    NotAllowed
        It has ended already.
    """
    campaign = Campaign.objects.select_for_update().get(code=code)
    old = campaign.state
    if old not in (CampaignState.DRAFT, CampaignState.LIVE):
        raise NotAllowed(_("这场预售已经结束，不能再取消。"))
    campaign.state = CampaignState.CANCELLED
    campaign.closed_at = at
    campaign.save(update_fields=["state", "closed_at"])
    _note(campaign, old=old, at=at, by=by, reason=reason)
    _release(campaign, at=at, told=CAMPAIGN_CANCELLED)
    refresh_season_states(on=day_of(at), at=at, listing_ids=[campaign.listing_id])
    return campaign


def _release(campaign: Campaign, *, at: datetime, told: str) -> None:
    released = with_words(active_pledges(campaign))
    active_pledges(campaign).update(state=PledgeState.RELEASED, updated_at=at)
    tell_pledges(pledges=released, template=told, at=at)
    release_claim(code=claim_code(campaign.code), at=at)


def active_pledges(campaign: Campaign) -> QuerySet[Pledge]:
    """The pledges of a campaign that still stand."""
    return Pledge.objects.filter(campaign=campaign, state=PledgeState.ACTIVE)


def close_campaign(*, code: str, at: datetime) -> Campaign:
    """Close a live campaign past its deadline, once, however many try.

    Every standing pledge of one that reached its goal becomes exactly one order; a run that was
    killed is continued by the next call. A campaign that is not due is left alone.
    """
    won = _close(code, at=at)
    campaign = Campaign.objects.select_related("listing__form").get(code=code)
    if campaign.state == CampaignState.SUCCEEDED:
        order_pledges(campaign=campaign, at=at)
    if won:
        campaign_closed.send(sender=Campaign, campaign=campaign)
    return campaign


@transaction.atomic
def _close(code: str, *, at: datetime) -> bool:
    """The one conditional UPDATE that leaves ``live``; True for the caller that did it."""
    enough = When(pledged_packs__gte=F("goal_packs"), then=Value(CampaignState.SUCCEEDED.value))
    outcome = Case(enough, default=Value(CampaignState.FAILED.value), output_field=CharField())
    due = Campaign.objects.filter(code=code, state=CampaignState.LIVE, deadline_at__lte=at)
    if not due.update(state=outcome, closed_at=at):
        return False
    campaign = Campaign.objects.select_related("listing__form__raw_crop", "listing__origin").get(
        code=code
    )
    _note(campaign, old=CampaignState.LIVE, at=at, by=None)
    if campaign.state == CampaignState.FAILED:
        _release(campaign, at=at, told=CAMPAIGN_FAILED)
    else:
        _claim_what_was_pledged(campaign, at=at)
    refresh_season_states(on=day_of(at), at=at, listing_ids=[campaign.listing_id])
    return True


def _claim_what_was_pledged(campaign: Campaign, *, at: datetime) -> None:
    """From now on only what is on order is promised; the rest of the cap is free again."""
    listing, code = campaign.listing, claim_code(campaign.code)
    claim = SupplyClaim.objects.filter(code=code, released_at__isnull=True)
    weight_g = listing.form.raw_g(campaign.pledged_packs * listing.pack_weight_g)
    claim.filter(weight_g__gt=weight_g).update(weight_g=weight_g)


def order_pledges(*, campaign: Campaign, at: datetime) -> int:
    """Turn the standing pledges of a succeeded campaign into orders; return how many.

    Works through them in small transactions, so that a killed run loses at most one of those.
    A pledge whose order is refused stays standing and is tried again by the next tick.
    """
    done, last = 0, 0
    while True:
        count, last = _order_some(campaign, after=last, at=at)
        done += count
        if not last:
            return done


@transaction.atomic
def _order_some(campaign: Campaign, *, after: int, at: datetime) -> tuple[int, int]:
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    some = (
        active_pledges(campaign)
        .filter(pk__gt=after)
        .select_for_update(of=("self",))
        .select_related("station", "user", "campaign__listing__product", "campaign__listing__shop")
        .order_by("pk")[:PLEDGES_AT_ONCE]
    )
    tried = list(some)
    ordered = [pledge.pk for pledge in tried if _order_one(pledge, at=at)]
    told = with_words(Pledge.objects.filter(pk__in=ordered))
    tell_pledges(pledges=told, template=CAMPAIGN_SUCCEEDED, at=at)
    return len(ordered), tried[-1].pk if tried else 0


def _order_one(pledge: Pledge, *, at: datetime) -> bool:
    try:
        with transaction.atomic():
            place_campaign_order(pledge=pledge, at=at)
            pledge.state = PledgeState.ORDERED
            pledge.updated_at = at
            pledge.save(update_fields=["state", "updated_at"])
    except PlatformError:
        log.exception("pledge %s did not become an order", pledge.code)
        return False
    return True


def close_due_campaigns(*, at: datetime) -> list[str]:
    """Close what is past its deadline and go on with what was left half-way; return the codes."""
    due = Campaign.objects.filter(state=CampaignState.LIVE, deadline_at__lte=at)
    left = Campaign.objects.filter(state=CampaignState.SUCCEEDED, pledges__state=PledgeState.ACTIVE)
    codes = [*due.values_list("code", flat=True), *left.distinct().values_list("code", flat=True)]
    for code in codes:
        close_campaign(code=code, at=at)
    return codes
