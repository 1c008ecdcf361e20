"""Campaigns of this very day: running, about to close, just closed, the walk's half-way one, and
one that waits for the approver of its cooperative."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from core.clock import day_of, start_of
from core.errors import PlatformError
from devtools.county.curves import draw_curve
from devtools.county.history import draw_pledges, write_pledges
from devtools.county.world import World
from growers.models import Cooperative, Membership, Role, User, VillageShop
from shop.campaign_terms import Terms
from shop.models import Campaign, Listing, PledgeState
from shop.selectors.campaigns import campaign_room
from shop.selectors.seasons import coming_season
from shop.services.approving import approve_campaign, submit_campaign
from shop.services.campaigns import close_campaign
from shop.services.opening import draft_campaign

DURATION_DAYS = 24
WALK_GOAL = 400
DAYS_TO_CLOSE = 8  # of a campaign that is still to be approved


@dataclass(frozen=True)
class Timing:
    """When a campaign opened and closes, and how well it does."""

    opened_days_ago: int
    days_left: int
    pull: float


# Ended yesterday, early, nearly over, in between, ended badly; in winter, when little is to come,
# a small county opens only the first of them.
TIMINGS = [
    Timing(25, -1, 1.6),
    Timing(3, 21, 1.2),
    Timing(20, 3, 1.4),
    Timing(8, 14, 0.9),
    Timing(25, -1, 0.25),
    Timing(15, 8, 1.3),
    Timing(5, 20, 1.0),
    Timing(12, 10, 1.5),
]


def open_walk_campaign(world: World, listing: Listing) -> Campaign:
    """The walk's campaign: half-way today, on its way to its goal."""
    half = DURATION_DAYS // 2
    room = (world.walk.ready_on - world.today).days - 2
    timing = Timing(half, min(half, room), 1.5)
    goal = min(WALK_GOAL, _most_packs(listing, on=world.today - timedelta(days=half)) // 2)
    return _open(world, listing, timing, goal=goal, cap=goal * 2)


def _most_packs(listing: Listing, *, on: date) -> int:
    """How much of the harvest may be promised: a small county grows little of some crops."""
    found = campaign_room(listing, on=on)
    return found.most_packs if found else 0


def open_other_campaigns(world: World, listings: list[Listing]) -> None:
    """Campaigns of other listings whose season is still to come, as many as the size says; the one
    that waits for approval comes after the one just ended, which a winter's county needs most."""
    order = iter([listings[int(i)] for i in world.rng.permutation(len(listings))])
    timings = [TIMINGS[n % len(TIMINGS)] for n in range(world.size.live_campaigns)]
    ended = {x.listing_id for x in _open_each(world, order, timings[:1])}
    waits = submit_one(world, [x for x in listings if x.pk not in ended])
    free = (x for x in order if waits is None or x.pk != waits.listing_id)
    _open_each(world, free, timings[1:])


def _open_each(world: World, listings: Iterator[Listing], timings: list[Timing]) -> list[Campaign]:
    """One campaign for each timing, of the next listing whose season allows it."""
    opened: list[Campaign] = []
    while len(opened) < len(timings) and (listing := next(listings, None)) is not None:
        timing = timings[len(opened)]
        season = coming_season(listing.form, listing.origin, on=world.today)
        soonest = world.today + timedelta(days=max(timing.days_left, 0) + 2)
        if season is not None and soonest < season.ready_on < world.today + timedelta(days=120):
            with suppress(PlatformError):  # too little is certain to ripen there
                goal = 30 + 10 * world.pick(4)
                opened.append(_open(world, listing, timing, goal=goal, cap=goal * 2))
    return opened


def _open(world: World, listing: Listing, timing: Timing, *, goal: int, cap: int) -> Campaign:
    opens = world.now - timedelta(days=timing.opened_days_ago)
    ends = start_of(world.today + timedelta(days=timing.days_left)) + timedelta(hours=20)
    terms = Terms(goal, cap, listing.price, opens_at=opens, deadline_at=ends)
    campaign = _let_open(world, listing, terms, at=opens)
    duration = max((day_of(ends) - day_of(opens)).days, 2)
    curve = draw_curve(world.rng, duration=duration, goal=goal, cap=cap, crop_pull=timing.pull)
    rows = draw_pledges(world, campaign, curve, until=min(world.now, ends))
    write_pledges(rows)
    kept = sum(p.packs for p, _made, _left in rows if p.state == PledgeState.ACTIVE)
    Campaign.objects.filter(pk=campaign.pk).update(pledged_packs=kept)
    if ends <= world.now:
        close_campaign(code=campaign.code, at=world.now)
    return Campaign.objects.get(pk=campaign.pk)


def submit_one(world: World, listings: list[Listing]) -> Campaign | None:
    """A campaign that waits for the walk's approver, of another shop of the cooperative first."""
    walk = world.shops[0]
    ours = [x for x in listings if x.shop.cooperative_id == walk.cooperative_id]
    for listing in sorted(ours, key=lambda x: (x.shop_id == walk.pk, x.pk)):
        room = campaign_room(listing, on=world.today)
        if room is None or (room.promised_from_on - world.today).days < DAYS_TO_CLOSE:
            continue
        cap = min(60, room.most_packs)
        ends = start_of(room.promised_from_on - timedelta(days=3)) + timedelta(hours=20)
        terms = Terms(max(1, cap // 2), cap, listing.price, opens_at=world.now, deadline_at=ends)
        with suppress(PlatformError):  # it has a campaign, or too little is certain to ripen
            return _submit(world, listing, terms, at=world.now)
    return None


def _let_open(world: World, listing: Listing, terms: Terms, *, at: datetime) -> Campaign:
    """Written and submitted by the shop, approved by its cooperative, as anywhere."""
    waits = _submit(world, listing, terms, at=at)
    approver = _person(world, "approver", cooperative=listing.shop.cooperative)
    return approve_campaign(code=waits.code, seen=waits.terms_hash, by=approver, at=at)


@transaction.atomic
def _submit(world: World, listing: Listing, terms: Terms, *, at: datetime) -> Campaign:
    writer = _person(world, "shop_operator", shop=listing.shop)
    draft = draft_campaign(listing=listing, terms=terms, by=writer, at=at)
    return submit_campaign(code=draft.code, by=writer, at=at)


def _person(world: World, role: str, **scope: VillageShop | Cooperative) -> User:
    """Who holds a role for a shop or a cooperative: the demo's sign-in, or somebody of its own."""
    held = Membership.objects.filter(role=role, **scope).select_related("user").first()
    if held is not None:
        return held.user
    (thing,) = scope.values()
    user = User.objects.create_user(username=f"{role}-{thing.code}", display_name=Role(role).label)
    since = world.today - timedelta(days=3 * 365)
    Membership.objects.create(user=user, role=role, valid_from=since, **scope)
    return user
