"""Campaigns of this very day: running, about to close, just closed, and the walk's half-way one."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from core.clock import day_of, start_of
from core.errors import PlatformError
from devtools.county.curves import draw_curve
from devtools.county.history import draw_pledges, write_pledges
from devtools.county.world import World
from shop.models import Campaign, Listing, PledgeState
from shop.selectors.campaigns import campaign_room
from shop.selectors.seasons import coming_season
from shop.services.campaigns import close_campaign, open_campaign

DURATION_DAYS = 24
WALK_GOAL = 400


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


def open_other_campaigns(world: World, listings: list[Listing]) -> list[Campaign]:
    """Campaigns of other listings whose season is still to come, as many as the size says."""
    opened: list[Campaign] = []
    order = [listings[int(i)] for i in world.rng.permutation(len(listings))]
    for listing in order:
        if len(opened) == world.size.live_campaigns:
            break
        season = coming_season(listing.form, listing.origin, on=world.today)
        timing = TIMINGS[len(opened) % len(TIMINGS)]
        soonest = world.today + timedelta(days=max(timing.days_left, 0) + 2)
        if season is not None and soonest < season.ready_on < world.today + timedelta(days=120):
            with suppress(PlatformError):  # too little is certain to ripen there
                goal = 30 + 10 * world.pick(4)
                opened.append(_open(world, listing, timing, goal=goal, cap=goal * 2))
    return opened


def _open(world: World, listing: Listing, timing: Timing, *, goal: int, cap: int) -> Campaign:
    opens = world.now - timedelta(days=timing.opened_days_ago)
    ends = start_of(world.today + timedelta(days=timing.days_left)) + timedelta(hours=20)
    campaign = open_campaign(
        listing=listing,
        goal_packs=goal,
        cap_packs=cap,
        price=listing.price,
        opens_at=opens,
        deadline_at=ends,
        by=None,
        at=opens,
    )
    duration = max((day_of(ends) - day_of(opens)).days, 2)
    curve = draw_curve(world.rng, duration=duration, goal=goal, cap=cap, crop_pull=timing.pull)
    rows = draw_pledges(world, campaign, curve, until=min(world.now, ends))
    write_pledges(rows)
    kept = sum(p.packs for p, _made, _left in rows if p.state == PledgeState.ACTIVE)
    Campaign.objects.filter(pk=campaign.pk).update(pledged_packs=kept)
    if ends <= world.now:
        close_campaign(code=campaign.code, at=world.now)
    return Campaign.objects.get(pk=campaign.pk)
