"""Orders come to be here: one for each shop of a basket at once, or one for a pledge.

The order is written straight into Oscar's tables; its number is our random code. Stock is taken
first, by conditional updates in one fixed order, so two buyers of the last pack never both win.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from core.clock import day_of
from core.codes import new_code
from core.errors import BadInput
from core.units import yuan
from growers.models import User, VillageShop
from shop import signals
from shop.availability import season_reason
from shop.contact import ON_COLLECTION, Contact, Fulfilment, OrderTerms, Wanted
from shop.errors import NotEnoughStock, NotForSale
from shop.hubs import hub_for
from shop.models import (
    FulfilmentKind,
    Listing,
    Pledge,
    PledgeOrder,
    Purchase,
    PurchaseState,
    PurchaseStateChange,
)
from shop.services.moving import cancel_order, move_order, receive_payment
from shop.services.stock import promise_ahead, stock_records, take_free
from shop.services.telling import tell_order
from shop.shipping.quotes import Quote, quotes_for

__all__ = [
    "Wanted",
    "cancel_order",
    "move_order",
    "place_campaign_order",
    "place_orders",
    "receive_payment",
]

PACKING_DAYS = (1, 3)  # from the order to the shelf of the station or the carrier's van


def place_orders(
    *,
    basket_lines: Sequence[Wanted],
    contact: Contact,
    fulfilment: Fulfilment,
    checkout_key: str,
    user: User | None,
    at: datetime,
    terms: OrderTerms = ON_COLLECTION,
) -> list[Purchase]:
    """Place one order a shop, all or none; the same key gives the same orders again.

    Raises
    ------
    BadInput
        When there is nothing to order.
    NotForSale
        When a listing is withdrawn or not in season.
    NotEnoughStock
        Naming every listing with too few free packs.
    NotAllowed
        When nothing is sent to the place asked for.
    """
    placed = placed_with(checkout_key, contact)
    if placed:
        return placed
    try:
        with transaction.atomic():
            return _place(
                _merged(basket_lines),
                contact=contact,
                fulfilment=fulfilment,
                checkout_key=checkout_key,
                user=user,
                at=at,
                terms=terms,
            )
    except (IntegrityError, NotEnoughStock):
        # The same form sent twice at once: its twin has the packs, and the orders.
        placed = placed_with(checkout_key, contact)
        if placed:
            return placed
        raise


def placed_with(checkout_key: str, contact: Contact) -> list[Purchase]:
    """What this form placed before; a form that somebody else sent opens nothing."""
    rows = Purchase.objects.filter(checkout_key=checkout_key).order_by("shop_id")
    found = list(rows.select_related("order", "shop", "station"))
    if any(purchase.mobile != contact.mobile for purchase in found):
        raise BadInput(_("这一页已经用过了，刷新以后再下单。"))
    return found


def _merged(lines: Sequence[Wanted]) -> list[Wanted]:
    packs: dict[int, int] = defaultdict(int)
    for line in lines:
        packs[line.listing.pk] += line.packs
    listings = {line.listing.pk: line.listing for line in lines}
    if not packs or min(packs.values()) <= 0:
        raise BadInput(_("篮子是空的。"))
    return [Wanted(listings[pk], packs[pk]) for pk in sorted(packs)]


def _place(
    wanted: list[Wanted],
    *,
    contact: Contact,
    fulfilment: Fulfilment,
    checkout_key: str,
    user: User | None,
    at: datetime,
    terms: OrderTerms,
) -> list[Purchase]:
    _refuse_out_of_season(wanted)
    records = stock_records([want.listing for want in wanted])
    parcels = _by_shop(wanted)
    quotes = quotes_for(list(parcels.values()), fulfilment=fulfilment, on=day_of(at))
    hub = hub_for(fulfilment)
    writer = _Writer(contact, fulfilment, checkout_key, user, at, hub=hub, terms=terms)
    take_free(wanted, records)
    placed = [
        writer.write(shop, packs, records, quote=quote, promised=_promise(quote, day_of(at)))
        for (shop, packs), quote in zip(parcels.items(), quotes, strict=True)
    ]
    for purchase in placed:
        tell_order(purchase=purchase, at=at)
    return placed


def _refuse_out_of_season(wanted: Sequence[Wanted]) -> None:
    reasons = [
        _("%(title)s：%(reason)s") % {"title": want.listing.title, "reason": reason}
        for want in wanted
        if (reason := season_reason(want.listing))
    ]
    if reasons:
        raise NotForSale("".join(reasons))


def _by_shop(wanted: Sequence[Wanted]) -> dict[VillageShop, list[Wanted]]:
    parcels: dict[VillageShop, list[Wanted]] = defaultdict(list)
    for want in sorted(wanted, key=lambda want: (want.listing.shop_id, want.listing.pk)):
        parcels[want.listing.shop].append(want)
    return parcels


def _promise(quote: Quote, on: date) -> tuple[date, date]:
    first, last = PACKING_DAYS
    return on + timedelta(first + quote.days_min), on + timedelta(last + quote.days_max)


@transaction.atomic(savepoint=False)
def place_campaign_order(*, pledge: Pledge, at: datetime) -> Purchase:
    """The one order a pledge becomes; asked again it is the same order.

    Packs are promised before their lots arrive, so free stock may go below zero.
    """
    rows = Pledge.objects.select_for_update(of=("self",)).select_related(
        "campaign__listing__product",
        "campaign__listing__shop",
        "station",
        "user",
        "order_link__order__purchase",
    )
    pledge = rows.get(pk=pledge.pk)
    link = getattr(pledge, "order_link", None)
    if link is not None:
        found: Purchase = link.order.purchase
        return found
    campaign = pledge.campaign
    wanted = [Wanted(campaign.listing, pledge.packs)]
    fulfilment = _fulfilment_of(pledge)
    writer = _Writer(
        Contact(pledge.name, pledge.mobile, pledge.email, pledge.language),
        fulfilment,
        f"pledge:{pledge.code}",
        pledge.user,
        at,
        hub=hub_for(fulfilment),
        terms=_with_confirmation(_terms_of(pledge, at=at), pledge),
    )
    records = stock_records([campaign.listing])
    promise_ahead(records[campaign.listing_id], pledge.packs)
    purchase = writer.write(
        campaign.listing.shop,
        wanted,
        records,
        quote=_quote_of(pledge, wanted, fulfilment, on=day_of(at)),
        promised=(campaign.promised_from_on, campaign.promised_to_on),
        price=campaign.price if pledge.price is None else pledge.price,
    )
    PledgeOrder.objects.create(pledge=pledge, order=purchase.order)
    return purchase


@transaction.atomic
def place_substitute(*, pledge: Pledge, listing: Listing, at: datetime) -> Purchase:
    """Another listing for the same packs and the same money; the pledge's order from now on.

    Raises
    ------
    NotEnoughStock
        There are not so many free packs of it.
    """
    wanted = [Wanted(listing, pledge.packs)]
    fulfilment = _fulfilment_of(pledge)
    writer = _Writer(
        Contact(pledge.name, pledge.mobile, pledge.email, pledge.language),
        fulfilment,
        f"instead:{pledge.code}",
        pledge.user,
        at,
        hub=hub_for(fulfilment),
        terms=_terms_of(pledge, at=at),
    )
    records = stock_records([listing])
    take_free(wanted, records)
    quote = _quote_of(pledge, wanted, fulfilment, on=day_of(at))
    purchase = writer.write(
        listing.shop,
        wanted,
        records,
        quote=quote,
        promised=_promise(quote, day_of(at)),
        price=pledge.campaign.price if pledge.price is None else pledge.price,
    )
    PledgeOrder.objects.filter(pledge=pledge).update(order=purchase.order)
    return purchase


def _quote_of(pledge: Pledge, wanted: list[Wanted], fulfilment: Fulfilment, *, on: date) -> Quote:
    """What was charged is what stands on the order, whatever carriage costs by now."""
    quote = quotes_for([wanted], fulfilment=fulfilment, on=on)[0]
    return quote if pledge.carriage is None else replace(quote, charge=pledge.carriage)


def _terms_of(pledge: Pledge, *, at: datetime) -> OrderTerms:
    """A pledge paid through us becomes an order when it is paid; others are paid on collection."""
    if not pledge.way or not pledge.payment_code:
        return ON_COLLECTION
    return OrderTerms(paid_at=at, payment_code=pledge.payment_code)


def _with_confirmation(terms: OrderTerms, pledge: Pledge) -> OrderTerms:
    """What the backer confirmed of fresh goods when reserving holds for these goods, no others."""
    return replace(terms, perishable_confirmed_at=pledge.perishable_confirmed_at)


def _fulfilment_of(pledge: Pledge) -> Fulfilment:
    return Fulfilment(
        kind=FulfilmentKind(pledge.fulfilment),
        station=pledge.station,
        province_code=pledge.province_code,
        city=pledge.city,
        county_code=pledge.county_code,
        address=pledge.address,
    )


class _Writer:
    """Writes a shop's order for one buyer: Oscar's order and lines, and our purchase."""

    def __init__(
        self,
        contact: Contact,
        fulfilment: Fulfilment,
        checkout_key: str,
        user: User | None,
        at: datetime,
        *,
        hub: Any,
        terms: OrderTerms,
    ) -> None:
        self.contact = contact
        self.fulfilment = fulfilment
        self.checkout_key = checkout_key
        self.user = user
        self.at = at
        self.hub = hub
        self.terms = terms

    def write(
        self,
        shop: VillageShop,
        wanted: Sequence[Wanted],
        records: dict[int, Any],
        *,
        quote: Quote,
        promised: tuple[date, date],
        price: Decimal | None = None,
    ) -> Purchase:
        code = new_code("SD")
        lines = [_line(want, records[want.listing.pk], price=price) for want in wanted]
        for line in lines:
            line.status = self.terms.state
        order = self._order(code, yuan(sum(line.line_price_incl_tax for line in lines)), quote)
        for line in lines:
            line.order = order
        get_model("order", "Line").objects.bulk_create(lines)
        purchase = self._purchase(code, order, shop, promised)
        PurchaseStateChange.objects.create(
            purchase=purchase, old="", new=self.terms.state, at=self.at, by=self.user
        )
        if purchase.state == PurchaseState.PLACED:
            transaction.on_commit(lambda: signals.order_placed.send(Purchase, purchase=purchase))
        return purchase

    def _order(self, code: str, goods: Decimal, quote: Quote) -> Any:
        total = yuan(goods + quote.charge)
        return get_model("order", "Order").objects.create(
            number=code,
            user=self.user,
            total_incl_tax=total,
            total_excl_tax=total,
            shipping_incl_tax=quote.charge,
            shipping_excl_tax=quote.charge,
            shipping_method=quote.method,
            shipping_code=quote.code,
            status=self.terms.state,
            guest_email=self.contact.email,
            date_placed=self.at,
        )

    def _purchase(
        self, code: str, order: Any, shop: VillageShop, promised: tuple[date, date]
    ) -> Purchase:
        place, terms = self.fulfilment, self.terms
        return Purchase.objects.create(
            code=code,
            order=order,
            shop=shop,
            checkout_key=self.checkout_key,
            user=self.user,
            name=self.contact.name,
            mobile=self.contact.mobile,
            email=self.contact.email,
            language=self.contact.language,
            fulfilment=place.kind,
            station=place.station,
            hub=self.hub,
            province_code=place.province_code,
            city=place.city,
            county_code=place.county_code,
            address=place.address,
            promised_from_on=promised[0],
            promised_to_on=promised[1],
            placed_at=self.at,
            state=terms.state,
            hold_until=terms.hold_until,
            paid_at=terms.paid_at,
            payment_code=terms.payment_code,
            perishable_confirmed_at=terms.perishable_confirmed_at
            or (self.at if terms.perishable_confirmed else None),
            gift_note=terms.gift_note,
        )


def _line(want: Wanted, record: Any, *, price: Decimal | None) -> Any:
    listing = want.listing
    unit = yuan(listing.price if price is None else price)
    total = yuan(unit * want.packs)
    return get_model("order", "Line")(
        partner=record.partner,
        partner_name=record.partner.name,
        partner_sku=listing.code,
        stockrecord=record,
        product=listing.product,
        title=listing.product.title,
        quantity=want.packs,
        line_price_incl_tax=total,
        line_price_excl_tax=total,
        line_price_before_discounts_incl_tax=total,
        line_price_before_discounts_excl_tax=total,
        unit_price_incl_tax=unit,
        unit_price_excl_tax=unit,
        num_allocated=want.packs,
    )
