"""Opening campaigns: what the calendar and the harvest allow, and the start at its moment."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core.clock import day_of
from core.codes import new_code
from core.days import day_words
from core.errors import BadInput, NotAllowed, NotEnough
from core.units import GRAMS_PER_KG
from growers.models import Region, User
from harvest_calendar.models import SaleClass
from harvest_calendar.selectors import Season, picking_span
from harvest_calendar.services import claim_supply
from shop.models import Campaign, CampaignMode, CampaignState, Listing, ListingState
from shop.pledge_rules import MOST_DEPOSIT_PERCENT
from shop.price_rules import floor_price
from shop.selectors.seasons import coming_season, packs_within
from shop.services.campaign_moves import note_change
from shop.services.seasons import refresh_season_states


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
    mode: CampaignMode | str = CampaignMode.ALL_OR_NOTHING,
    deposit_percent: int = 0,
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
    _check_deposit(deposit_percent)
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
        mode=mode,
        deposit_percent=deposit_percent,
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


def _check_deposit(percent: int) -> None:
    if not 0 <= percent <= MOST_DEPOSIT_PERCENT:
        text = _("定金最多收货款的 %(most)d%%。") % {"most": MOST_DEPOSIT_PERCENT}
        raise BadInput(text, field="deposit_percent")


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
    note_change(campaign, old=CampaignState.DRAFT, new=CampaignState.LIVE, at=at, by=by)
    return True
