"""Listings and pre-sales for the blocks of a page, all blocks in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _

from content.asks import Answers, CampaignsAsk, ProductsAsk
from core.clock import day_of
from core.templatetags.shanhuo import day_range, days_left, kg
from shop.models import Campaign, Listing, ListingState, SeasonState
from shop.selectors.campaigns import open_campaigns
from shop.selectors.storefront import Tile, published_listings, tiles

NOW = [SeasonState.IN_SEASON, SeasonState.LAST_WEEKS]
SOON = [SeasonState.PRESALE, SeasonState.TEASER]
SAME_CROP = {"crop", "chosen"}  # rules that may show one crop more than once
ORDER = ("block_rank", "season_end_on", "code")


def products(asks: Sequence[ProductsAsk], *, on: date) -> Answers:
    """The tiles of every ask. Rows are read once, each ask takes its own from them."""
    wanted = Q()
    for ask in asks:
        wanted |= Q(pk__in=_picked(ask))
    rows = published_listings().filter(wanted).annotate(block_rank=_rank())
    found = list(rows.select_related("origin__parent__parent").order_by(*ORDER))
    counties = {row.origin.county_code: _county_name(row) for row in found}
    shown = {tile.listing.pk: tile for tile in tiles(found, on=on, counties=counties)}
    return {ask: _tiles_of(ask, found, shown) for ask in asks}


def _rank() -> Case:
    """In season and in stock, then soon, then what is in season but sold out, then the rest."""
    return Case(
        When(Q(season_state__in=NOW) & _in_stock(), then=Value(0)),
        When(season_state__in=SOON, then=Value(1)),
        When(season_state__in=NOW, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )


def _in_stock() -> Q:
    stocked = F("product__stockrecords__num_allocated")
    return Q(product__stockrecords__num_in_stock__gt=Coalesce(stocked, Value(0)))


def _rule(ask: ProductsAsk) -> Q:
    now = Q(season_state__in=NOW) & _in_stock()
    soon = Q(season_state__in=SOON)
    rules = {
        "ripe": now | soon,
        "now": now,
        "soon": soon,
        "crop": Q(form__crop__key=ask.crop),
        "county": (now | soon) & Q(origin_id__startswith=ask.county[:6]),
        "chosen": Q(pk__in=ask.chosen),
    }
    return rules[ask.rule]


def _picked(ask: ProductsAsk) -> QuerySet[Any, Any]:
    """The rows an ask may show: the first of every crop, unless the rule is about one crop."""
    rows = Listing.objects.filter(_rule(ask), state=ListingState.PUBLISHED)
    rows = rows.annotate(block_rank=_rank())
    if ask.rule not in SAME_CROP:
        place = Window(RowNumber(), partition_by=F("form__crop_id"), order_by=ORDER)
        rows = rows.annotate(place=place).filter(place=1)
    return rows.order_by(*ORDER).values("pk")[: ask.count]


def _fits(ask: ProductsAsk, row: Listing, tile: Tile) -> bool:
    now = row.season_state in NOW and not tile.sold
    soon = row.season_state in SOON
    fits = {
        "ripe": now or soon,
        "now": now,
        "soon": soon,
        "crop": row.form.crop.key == ask.crop,
        "county": (now or soon) and row.origin.county_code[:6] == ask.county[:6],
        "chosen": row.pk in ask.chosen,
    }
    return bool(fits[ask.rule])


def _tiles_of(ask: ProductsAsk, rows: Sequence[Listing], shown: dict[int, Tile]) -> list[Tile]:
    fitting = [row for row in rows if _fits(ask, row, shown[row.pk])]
    if ask.rule == "chosen":
        fitting.sort(key=lambda row: ask.chosen.index(row.pk))
    if ask.rule not in SAME_CROP:
        first: dict[int, Listing] = {}
        for row in fitting:
            first.setdefault(row.form.crop_id, row)
        fitting = list(first.values())
    return [shown[row.pk] for row in fitting[: ask.count]]


def _county_name(row: Listing) -> str:
    place = row.origin
    while place.code != row.origin.county_code and place.parent is not None:
        place = place.parent
    return place.name


@dataclass(frozen=True)
class CampaignRow:
    """A running pre-sale as a block shows it."""

    campaign: Campaign
    url: str
    percent: int
    state: str
    left: str
    line: str


def campaigns(asks: Sequence[CampaignsAsk], *, at: datetime) -> Answers:
    """The rows of every ask; what closed is left out, also when it was chosen."""
    running = open_campaigns(at=at)
    closing = max((ask.count for ask in asks if not ask.chosen), default=0)
    wanted = Q(pk__in=running.values("pk")[:closing]) if closing else Q()
    for ask in asks:
        if ask.chosen:
            wanted |= Q(pk__in=ask.chosen)
    rows = [_campaign_row(campaign, at=at) for campaign in running.filter(wanted)]
    return {ask: _rows_of(ask, rows) for ask in asks}


def _rows_of(ask: CampaignsAsk, rows: list[CampaignRow]) -> list[CampaignRow]:
    if not ask.chosen:
        return rows[: ask.count]
    mine = [row for row in rows if row.campaign.pk in ask.chosen]
    return sorted(mine, key=lambda row: ask.chosen.index(row.campaign.pk))


def _campaign_row(campaign: Campaign, *, at: datetime) -> CampaignRow:
    percent = round(campaign.pledged_packs * 100 / campaign.goal_packs)
    formed = campaign.pledged_packs >= campaign.goal_packs
    facts = {
        "packs": campaign.pledged_packs,
        "goal": campaign.goal_packs,
        "pack": kg(campaign.listing.pack_weight_g),
        "days": day_range(campaign.promised_from_on, campaign.promised_to_on),
    }
    line = (
        _("已成团，约了 %(packs)d 份（每份 %(pack)s）·%(days)s发")
        if formed
        else _("已约 %(packs)d / %(goal)d 份（每份 %(pack)s）·%(days)s发")
    )
    return CampaignRow(
        campaign=campaign,
        url=reverse("shop:campaign", args=[campaign.code]),
        percent=percent,
        state="formed" if formed else "gathering",
        left=days_left(day_of(campaign.deadline_at), day_of(at)),
        line=line % facts,
    )
