"""The demo's buyer: addresses, orders in every state, reservations; their account is lived in."""

from contextlib import suppress
from datetime import datetime, timedelta

from oscar.core.loading import get_model

from core.clock import start_of
from core.errors import PlatformError
from devtools.county.world import World
from growers.models import User
from logistics.services.packing import pack_order, send_order
from shop.contact import Contact, Fulfilment, Wanted
from shop.models import Campaign, CampaignState, Listing, Pledge, PledgeState, Purchase
from shop.services.addresses import keep_address
from shop.services.moving import cancel_order
from shop.services.placing import place_orders
from shop.services.pledges import reserve

# County, street; the first is where most of it goes.
HOMES = [
    ("620102", "雁滩街道南河路 128 号 3 号楼 1 单元 602"),
    ("621221", "城关镇东街 17 号"),
    ("110105", "望京街道花家地南里 5 号楼 1203"),
]
OLD_ORDERS = 13
LEFT_ALONE = 6  # packs that stay on a shelf for others


def build_buyer(world: World) -> None:
    """Write what the demo's consumer did before today."""
    user = world.people["consumer"]
    contact = Contact(user.display_name, user.mobile or "")
    for county, street in reversed(HOMES):
        place = Fulfilment.deliver_to_county(county_code=county, address=street)
        keep_address(
            user=user, contact=contact, place=place, is_default=county == HOMES[0][0], at=world.now
        )
    _take_over(user, list(_old_orders()))
    _new_orders(world, user, contact)
    _reservations(world, user, contact)


def _old_orders() -> list[int]:
    """The latest delivered order of each listing that is nobody's and nobody has written about."""
    found = Purchase.objects.filter(state="delivered", user=None, reviews=None)
    rows = found.order_by("placed_at", "pk").values_list("order__lines__product", "pk")
    return sorted(dict(rows).values())[-OLD_ORDERS:]


def _take_over(user: User, orders: list[int]) -> None:
    """Make orders of nobody's the consumer's; parcels went home, where there was no home yet."""
    mine = {"user": user, "name": user.display_name, "mobile": user.mobile}
    home = Fulfilment.deliver_to_county(county_code=HOMES[0][0], address=HOMES[0][1])
    where = {"province_code": home.province_code, "county_code": home.county_code}
    where |= {"city": home.city, "address": home.address}
    purchases = Purchase.objects.filter(pk__in=orders)
    behind = list(Pledge.objects.filter(order_link__order__purchase__in=orders).values_list("pk"))
    purchases.update(**mine)
    nowhere = Purchase.objects.filter(user=user, fulfilment="delivery", county_code="")
    nowhere.update(**where)
    Pledge.objects.filter(pk__in=[pk for (pk,) in behind]).update(**mine)
    get_model("order", "Order").objects.filter(purchase__in=orders).update(user=user)


def _new_orders(world: World, user: User, contact: Contact) -> None:
    """One just placed, one packed, one on its way, one cancelled."""
    home = Fulfilment.deliver_to_county(county_code=HOMES[0][0], address=HOMES[0][1])
    ways = [("placed", 1), ("packed", 2), ("sent", 4), ("cancelled", 9)]
    for (state, days), listing in zip(ways, _on_shelf(world), strict=False):
        collect = Fulfilment.collect_at(listing.shop.station)
        at = start_of(world.today - timedelta(days=days)) + timedelta(hours=19, minutes=20)
        with suppress(PlatformError):  # a station without a county hub, a shelf just emptied
            [purchase] = place_orders(
                basket_lines=[Wanted(listing, 1 + days % 2)],
                contact=contact,
                fulfilment=collect if state == "packed" else home,
                checkout_key=f"demo-buyer-{state}",
                user=user,
                at=at,
            )
            _move(purchase, state, user=user, at=at)


def _move(purchase: Purchase, state: str, *, user: User, at: datetime) -> None:
    if state == "cancelled":
        cancel_order(code=purchase.code, by=user, at=at + timedelta(hours=2))
    if state in {"packed", "sent"}:
        pack_order(code=purchase.code, by=None, at=at + timedelta(hours=14))
    if state == "sent":
        send_order(code=purchase.code, by=None, at=at + timedelta(hours=20))


def _on_shelf(world: World) -> list[Listing]:
    """A listing of each crop with packs to spare, the walk's shop last."""
    stocked = Listing.objects.filter(product__stockrecords__num_in_stock__gt=LEFT_ALONE)
    facts = ("product", "shop__station", "form__crop", "grade", "origin", "variety")
    rows = stocked.select_related(*facts).order_by("pk")
    one_each = {row.form.crop.key: row for row in rows if row.shop_id != world.shops[0].pk}
    return [*one_each.values(), *rows]


def _reservations(world: World, user: User, contact: Contact) -> None:
    """One that waits for its deadline, and one of a campaign that failed."""
    walk = world.walk.form.pk
    live = Campaign.objects.filter(state=CampaignState.LIVE, deadline_at__gt=world.now)
    for campaign in live.exclude(listing__form=walk).order_by("deadline_at", "pk")[:1]:
        with suppress(PlatformError):  # full already
            reserve(
                campaign_code=campaign.code,
                packs=2,
                contact=contact,
                fulfilment=Fulfilment.deliver_to_county(
                    county_code=HOMES[1][0], address=HOMES[1][1]
                ),
                submit_key="demo-buyer",
                user=user,
                at=world.now - timedelta(hours=30),
            )
    lost = Pledge.objects.filter(state=PledgeState.RELEASED, user=None).order_by("-created_at")
    for pledge in lost[:1]:
        Pledge.objects.filter(pk=pledge.pk).update(
            user=user, name=contact.name, mobile=contact.mobile
        )
