"""Two finished seasons of campaigns and direct orders, written in bulk.

The rows are those that the services would have left behind: every live pledge of a campaign that
succeeded became one order, handed over and paid.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.clock import start_of
from core.codes import new_code
from devtools.county import names
from devtools.county.curves import Curve, draw_curve
from devtools.county.orders import OrderDraft, write_orders
from devtools.county.world import World
from harvest_calendar.selectors import Season, seasons_of
from shop.campaign_terms import hash_of_written
from shop.models import (
    Campaign,
    CampaignState,
    CampaignStateChange,
    FulfilmentKind,
    Listing,
    Pledge,
    PledgeChange,
    PledgeOrder,
    PledgeState,
)

PROVINCES = ["62", "61", "51", "50", "11", "31", "44", "32", "33", "41"]


@dataclass
class Finished:
    """A campaign of a past season with its curve."""

    campaign: Campaign
    curve: Curve
    duration: int

    @property
    def closed_at(self) -> datetime:
        return self.campaign.deadline_at + timedelta(minutes=1)


def build_history(world: World, listings: list[Listing]) -> None:
    """Write finished campaigns with their orders, and direct orders in season."""
    for years_back in (2, 1, 0):
        anchor = world.today.replace(day=1) - timedelta(days=365 * years_back)
        seasons = _seasons(listings, anchor)
        count = (
            world.size.campaigns_per_season if years_back else world.size.campaigns_per_season // 3
        )
        finished = _campaigns(world, listings, seasons, count=count)
        _pledges(world, finished)
        orders = world.size.orders_per_season if years_back else world.size.orders_per_season // 2
        _direct_orders(world, listings, seasons, count=orders)


def _seasons(listings: list[Listing], on: date) -> dict[int, Season]:
    pairs = {(listing.form.crop_id, listing.origin_id) for listing in listings}
    found = seasons_of(pairs, on)
    keys = {listing.pk: (listing.form.crop_id, listing.origin_id) for listing in listings}
    return {pk: found[key] for pk, key in keys.items() if key in found}


def _campaigns(
    world: World, listings: list[Listing], seasons: dict[int, Season], *, count: int
) -> list[Finished]:
    order = world.rng.permutation(len(listings))
    finished: list[Finished] = []
    pulls = {
        pk: float(world.rng.uniform(0.75, 1.6)) for pk in dict.fromkeys(x.form_id for x in listings)
    }
    for index in order:
        listing = listings[int(index)]
        season = seasons.get(listing.pk)
        if season is None or len(finished) == count:
            continue
        deadline = season.ready_on - timedelta(days=4 + world.pick(12))
        if deadline < world.today - timedelta(days=3):
            finished.append(_campaign(world, listing, season, deadline, pulls[listing.form_id]))
    Campaign.objects.bulk_create([f.campaign for f in finished])
    CampaignStateChange.objects.bulk_create(step for f in finished for step in _steps(f))
    return finished


def _steps(finished: Finished) -> list[CampaignStateChange]:
    """Submitted, approved a day later, opened and closed."""
    one = finished.campaign
    steps = [
        ("draft", "submitted", one.submitted_at, one.submitted_by),
        ("submitted", "approved", one.approved_at, one.approved_by),
        ("approved", "live", one.opens_at, None),
        ("live", one.state, finished.closed_at, None),
    ]
    return [
        CampaignStateChange(campaign=one, old=old, new=new, at=at, by=by)
        for old, new, at, by in steps
        if at is not None
    ]


def _campaign(
    world: World, listing: Listing, season: Season, deadline: date, pull: float
) -> Finished:
    duration = 18 + world.pick(18)
    goal = 20 + 10 * world.pick(6)
    cap = goal * 2 + 10 * world.pick(8)
    curve = draw_curve(world.rng, duration=duration, goal=goal, cap=cap, crop_pull=pull)
    ends = start_of(deadline) + timedelta(hours=20)
    state = CampaignState.SUCCEEDED if curve.final_packs >= goal else CampaignState.FAILED
    campaign = Campaign(
        code=new_code("PS"),
        listing=listing,
        state=state,
        goal_packs=goal,
        cap_packs=cap,
        pledged_packs=curve.final_packs,
        price=listing.price,
        opens_at=ends - timedelta(days=duration),
        deadline_at=ends,
        promised_from_on=season.ready_on,
        promised_to_on=max(season.last_ready_on, season.ready_on),
        submitted_by=world.people["shop_operator"],
        approved_by=world.people["approver"],
    )
    campaign.submitted_at = campaign.opens_at - timedelta(days=2)
    campaign.approved_at = campaign.opens_at - timedelta(days=1)
    campaign.terms_hash = hash_of_written(campaign)
    finished = Finished(campaign, curve, duration)
    campaign.closed_at = finished.closed_at
    return finished


def draw_pledges(
    world: World, campaign: Campaign, curve: Curve, *, until: datetime
) -> list[tuple[Pledge, datetime, datetime | None]]:
    """Pledge rows of a curve with the moments they were made and given up, up to ``until``."""
    rows = []
    for day, packs, out in zip(curve.days, curve.packs, curve.given_up, strict=True):
        made = campaign.opens_at + timedelta(days=day, minutes=world.pick(1400))
        if made >= until:
            continue
        left = campaign.opens_at + timedelta(days=out, minutes=1410) if out is not None else None
        left = left if left is not None and left < until else None
        rows.append((_pledge(world, campaign, packs, made, left), made, left))
    return rows


def _pledge(
    world: World, campaign: Campaign, packs: int, made: datetime, left: datetime | None
) -> Pledge:
    collect = world.rng.random() < 0.35
    stations = list(world.stations.values())
    return Pledge(
        code=new_code("PG"),
        campaign=campaign,
        state=PledgeState.CANCELLED if left else PledgeState.ACTIVE,
        packs=packs,
        name=names.person(world.rng),
        mobile=names.mobile(40_000 + world.pick(50_000)),
        fulfilment=FulfilmentKind.COLLECT if collect else FulfilmentKind.DELIVERY,
        station=stations[world.pick(len(stations))] if collect else None,
        province_code="" if collect else PROVINCES[world.pick(len(PROVINCES))],
        city="" if collect else "示例市",
        address="" if collect else "示例路 1 号",
        submit_key=new_code("K", length=20),
        created_at=made,
        updated_at=left or made,
    )


def write_pledges(rows: list[tuple[Pledge, datetime, datetime | None]]) -> None:
    """Write pledges and their curve."""
    Pledge.objects.bulk_create([pledge for pledge, _made, _left in rows], batch_size=500)
    changes = []
    for pledge, made, left in rows:
        changes.append(
            PledgeChange(pledge=pledge, campaign=pledge.campaign, packs=pledge.packs, at=made)
        )
        if left:
            changes.append(
                PledgeChange(pledge=pledge, campaign=pledge.campaign, packs=-pledge.packs, at=left)
            )
    PledgeChange.objects.bulk_create(changes, batch_size=500)


def _pledges(world: World, finished: list[Finished]) -> None:
    rows = []
    for item in finished:
        drawn = draw_pledges(world, item.campaign, item.curve, until=item.campaign.deadline_at)
        ended = (
            PledgeState.ORDERED
            if item.campaign.state == CampaignState.SUCCEEDED
            else PledgeState.RELEASED
        )
        for pledge, _made, left in drawn:
            pledge.state = PledgeState.CANCELLED if left else ended
        rows += drawn
    write_pledges(rows)
    kept = [pledge for pledge, _made, _left in rows if pledge.state == PledgeState.ORDERED]
    orders = write_orders(world, [_draft_of(pledge) for pledge in kept])
    PledgeOrder.objects.bulk_create(
        [
            PledgeOrder(pledge=pledge, order=order)
            for pledge, order in zip(kept, orders, strict=True)
        ],
        batch_size=500,
    )


def _draft_of(pledge: Pledge) -> OrderDraft:
    campaign = pledge.campaign
    return OrderDraft(
        listing=campaign.listing,
        packs=pledge.packs,
        price=campaign.price,
        placed_at=campaign.closed_at or campaign.deadline_at,
        promised=(campaign.promised_from_on, campaign.promised_to_on),
        key=f"pledge:{pledge.code}",
        contact=pledge,
    )


def _direct_orders(
    world: World, listings: list[Listing], seasons: dict[int, Season], *, count: int
) -> None:
    """Orders of goods in season, more around the peak."""
    open_listings = [
        x
        for x in listings
        if x.pk in seasons and seasons[x.pk].ready_on < world.today - timedelta(days=14)
    ]
    drafts = [_direct(world, open_listings, seasons) for _ in range(count)] if open_listings else []
    write_orders(world, [draft for draft in drafts if draft is not None])


def _direct(world: World, listings: list[Listing], seasons: dict[int, Season]) -> OrderDraft | None:
    listing = listings[world.pick(len(listings))]
    season = seasons[listing.pk]
    span = max((season.last_ready_on - season.ready_on).days, 1)
    day = season.ready_on + timedelta(days=int(world.rng.triangular(0, span * 0.35, span + 1)))
    if day >= world.today - timedelta(days=10):
        return None
    placed = start_of(day) + timedelta(minutes=420 + world.pick(900))
    packs = 1 + world.pick(3)
    stub = Campaign(listing=listing, opens_at=placed, deadline_at=placed)
    return OrderDraft(
        listing=listing,
        packs=packs,
        price=listing.price,
        placed_at=placed,
        promised=(day + timedelta(days=2), day + timedelta(days=6)),
        key=new_code("K", length=20),
        contact=_pledge(world, stub, packs, placed, None),
    )
