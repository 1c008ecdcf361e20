"""Writing campaigns: what the calendar and the harvest allow; and the start at its moment.

Between the two a second person approves (``approving``).
"""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core.clock import day_of
from core.codes import new_code
from core.days import day_words
from core.errors import BadInput, NotAllowed, NotEnough
from core.units import GRAMS_PER_KG
from growers.models import Region, User
from harvest_calendar.models import SaleClass, SupplyClaim
from harvest_calendar.selectors import Season, picking_span
from harvest_calendar.services import claim_supply
from shop.campaign_terms import Terms
from shop.models import Campaign, CampaignState, Listing, ListingState
from shop.pledge_rules import MOST_DEPOSIT_PERCENT
from shop.price_rules import floor_price
from shop.selectors.seasons import coming_season, packs_within
from shop.services.campaign_moves import note_change, save_as
from shop.services.seasons import refresh_season_states
from shop.states import UNFINISHED


def claim_code(campaign_code: str) -> str:
    """The name under which a campaign claims supply."""
    return f"campaign:{campaign_code}"


@transaction.atomic
def draft_campaign(*, listing: Listing, terms: Terms, by: User | None, at: datetime) -> Campaign:
    """Write a campaign for a published listing; it claims its share of the harvest at once.

    Raises
    ------
    NotAllowed
        The listing is not published, or has a campaign already.
    BadInput
        Goal, cap, price or days cannot be: the cap is above what will be harvested with
        certainty, or the deadline is not before the promised window.
    """
    listing = _listing_to_open(listing.pk)
    campaign = Campaign(code=new_code("PS"), listing=listing)
    _write(campaign, terms, by=by, at=at)
    return campaign


@transaction.atomic
def change_draft(*, code: str, terms: Terms, by: User | None, at: datetime) -> Campaign:
    """Write the terms of a draft anew.

    Raises
    ------
    NotAllowed
        It is no draft any more.
    BadInput
        As for a new one.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).get(code=code)
    if campaign.state != CampaignState.DRAFT:
        raise NotAllowed(_("交上去以后条件就定住了。要改，先拿回来。"))
    campaign.listing = _locked_listing(campaign.listing_id)
    _write(campaign, terms, by=by, at=at)
    return campaign


def _write(campaign: Campaign, terms: Terms, *, by: User | None, at: datetime) -> None:
    listing = campaign.listing
    _check_terms(terms)
    check_price(listing, terms.price)
    _check_deposit(terms.deposit_percent)
    season = season_promised(listing, deadline_at=terms.deadline_at, at=at)
    claim(listing, code=campaign.code, packs=terms.cap_packs, season=season, at=at)
    for name, value in vars(terms).items():
        setattr(campaign, name, value)
    campaign.promised_from_on, campaign.promised_to_on = season.ready_on, season.last_ready_on
    save_as(campaign, by=by)


def _listing_to_open(pk: int) -> Listing:
    """Two openings of one listing wait for each other here."""
    listing = _locked_listing(pk)
    _check_listing(listing)
    return listing


def _locked_listing(pk: int) -> Listing:
    rows = Listing.objects.select_for_update(of=("self",))
    return rows.select_related("form__crop", "form__raw_crop", "origin").get(pk=pk)


def _check_listing(listing: Listing) -> None:
    if listing.form.crop.sale_class == SaleClass.MEDICINAL_ONLY:
        raise NotAllowed(_("%(crop)s只能作药材卖，不能开预售。") % {"crop": listing.form.crop})
    if listing.state != ListingState.PUBLISHED:
        raise NotAllowed(_("先把这件货上架，再开预售。"))
    if Campaign.objects.filter(listing=listing, state__in=UNFINISHED).exists():
        raise NotAllowed(_("这件货已经有一场预售，等它结束再开。"))


def _check_terms(terms: Terms) -> None:
    if terms.goal_packs < 1:
        raise BadInput(_("成团至少要 1 份。"), field="goal_packs")
    if terms.cap_packs < terms.goal_packs:
        raise BadInput(_("上限不能低于成团数。"), field="cap_packs")
    if terms.deadline_at <= terms.opens_at:
        raise BadInput(_("截止要晚于开始。"), field="deadline_on")


def check_price(listing: Listing, price: Decimal) -> None:
    """Refuse a price below what the grower gets."""
    floor = floor_price(listing.form, listing.pack_weight_g)
    if price <= 0:
        raise BadInput(_("价格要大于 0。"), field="price")
    if price < floor:
        raise BadInput(_("低于保底价 ¥%(floor)s。") % {"floor": floor}, field="price")


def _check_deposit(percent: int) -> None:
    if not 0 <= percent <= MOST_DEPOSIT_PERCENT:
        text = _("定金最多收货款的 %(most)d%%。") % {"most": MOST_DEPOSIT_PERCENT}
        raise BadInput(text, field="deposit_percent")


def season_promised(listing: Listing, *, deadline_at: datetime, at: datetime) -> Season:
    """The season a campaign promises; its deadline lies before the first day of sending."""
    season = coming_season(listing.form, listing.origin, on=day_of(at))
    if season is None:
        raise BadInput(_("日历里还没有这种货的采收日子，先去日历里补上。"))
    if day_of(deadline_at) >= season.ready_on:
        raise BadInput(
            _("截止要早于发货：%(day)s起就能发货了。") % {"day": day_words(season.ready_on)},
            field="deadline_on",
        )
    return season


def claim(listing: Listing, *, code: str, packs: int, season: Season, at: datetime) -> None:
    """Claim what a cap needs of the harvest; the same campaign claims anew."""
    days = picking_span(form=listing.form, region=listing.origin, season=season)
    _claim_days(listing, code, packs, days, at=at)


def _claim_days(
    listing: Listing, code: str, packs: int, days: tuple[date, date], *, at: datetime
) -> None:
    first_on, last_on = days
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


def claim_days(campaign: Campaign, *, packs: int, at: datetime) -> None:
    """Claim anew for a running campaign, on the days its claim names.

    Raises
    ------
    BadInput
        The harvest does not carry so many packs.
    """
    held = SupplyClaim.objects.get(code=claim_code(campaign.code))
    _claim_days(campaign.listing, campaign.code, packs, (held.first_on, held.last_on), at=at)


def start_due_campaigns(*, at: datetime) -> list[Campaign]:
    """Turn approved campaigns whose opening has come live; each exactly once."""
    due = Campaign.objects.filter(state=CampaignState.APPROVED, opens_at__lte=at)
    started = [campaign for campaign in due if _start(campaign, at=at)]
    if started:
        ids = [campaign.listing_id for campaign in started]
        refresh_season_states(on=day_of(at), at=at, listing_ids=ids)
    return started


def start_if_due(campaign: Campaign, *, at: datetime) -> None:
    """Open one that was just approved, when its moment has come already."""
    if campaign.opens_at <= at and _start(campaign, at=at):
        refresh_season_states(on=day_of(at), at=at, listing_ids=[campaign.listing_id])


@transaction.atomic
def _start(campaign: Campaign, *, at: datetime) -> bool:
    approved = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.APPROVED)
    if not approved.update(state=CampaignState.LIVE):
        return False
    campaign.state = CampaignState.LIVE
    note_change(campaign, old=CampaignState.APPROVED, new=CampaignState.LIVE, at=at, by=None)
    return True
