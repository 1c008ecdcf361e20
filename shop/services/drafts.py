"""From the calendar's draft to a listing in the shop."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core.clock import day_of
from core.errors import BadInput, NotAllowed
from growers.models import User, VillageShop
from harvest_calendar.models import Grade, ProductForm, Variety
from shop.models import Campaign, Listing
from shop.price_rules import floor_price
from shop.selectors.drafts import draft_for, origin_of
from shop.services.listings import (
    change_listing,
    create_listing,
    publish_listing,
    withdraw_listing,
)
from shop.services.seasons import refresh_season_states
from shop.states import UNFINISHED


@transaction.atomic
def accept_draft(
    *,
    shop: VillageShop,
    form: ProductForm,
    variety: Variety | None,
    grade: Grade | None,
    pack_weight_g: int,
    price: Decimal,
    description: str,
    by: User | None,
    at: datetime,
) -> Listing:
    """Store a draft from the calendar as a listing, not yet published.

    Raises
    ------
    NotAllowed
        The calendar does not propose this form to the shop (any more).
    BadInput
        The price is below what the grower gets.
    """
    VillageShop.objects.select_for_update().get(pk=shop.pk)  # the same draft twice waits here
    if draft_for(shop, form_key=form.key, on=day_of(at)) is None:
        raise NotAllowed(_("这份草稿已经收下，或者眼下不在季节里。"))
    check_price(form, pack_weight_g=pack_weight_g, price=price)
    listing = create_listing(
        shop=shop,
        form=form,
        variety=variety,
        grade=grade,
        origin=origin_of(shop),
        pack_weight_g=pack_weight_g,
        price=price,
        description=description,
        by=by,
        at=at,
    )
    return _in_season(listing, at=at)


def check_price(form: ProductForm, *, pack_weight_g: int, price: Decimal) -> None:
    """Refuse a price below the floor."""
    floor = floor_price(form, pack_weight_g)
    if price < floor:
        raise BadInput(_("低于保底价 ¥%(floor)s。") % {"floor": floor}, field="price")


@transaction.atomic
def adjust_listing(
    *, listing: Listing, price: Decimal, description: str, by: User | None, at: datetime
) -> Listing:
    """Change price and words, never below the floor.

    Raises
    ------
    BadInput
        The price is below what the grower gets.
    """
    check_price(listing.form, pack_weight_g=listing.pack_weight_g, price=price)
    return change_listing(code=listing.code, price=price, description=description, by=by, at=at)


@transaction.atomic
def publish_draft(*, code: str, by: User | None, at: datetime) -> Listing:
    """Publish a listing with the season state of the day, so that shop and calendar show it.

    Raises
    ------
    NotAllowed
        Its proof is not on record, or its crop is medicine only.
    """
    return _in_season(publish_listing(code=code, by=by, at=at), at=at)


@transaction.atomic
def take_down(*, code: str, by: User | None, at: datetime) -> Listing:
    """Take a listing out of the shop; orders already placed stand.

    Raises
    ------
    NotAllowed
        A campaign of it still runs, or it is not in the shop.
    """
    Listing.objects.select_for_update().get(code=code)  # a campaign being opened waits here
    if Campaign.objects.filter(listing__code=code, state__in=UNFINISHED).exists():
        raise NotAllowed(_("这件货正在预售，先等它截止或取消预售。"))
    return withdraw_listing(code=code, by=by, at=at)


def _in_season(listing: Listing, *, at: datetime) -> Listing:
    refresh_season_states(on=day_of(at), at=at, listing_ids=[listing.pk])
    listing.refresh_from_db(fields=["season_state", "season_start_on", "season_end_on"])
    return listing
