"""People who asked to be told: the demo's consumer, and some invented numbers."""

import secrets
from datetime import timedelta

from core.crypto import fingerprint
from devtools.county.world import World
from harvest_calendar.models import Crop
from shop.models import Listing, ListingState, SeasonAlert, SeasonState

CROPS = 6
OWN = 2
OTHERS = 5  # for each crop
ENGLISH_EVERY = 5


def build_alerts(world: World) -> None:
    """Wishes for the crops that come on sale next, so that moving the day tells somebody."""
    crops = _coming()
    consumer = str(world.people["consumer"].mobile)
    wishes = [_wish(world, crop, consumer, n) for n, crop in enumerate(crops[:OWN])]
    for place, crop in enumerate(crops):
        for n in range(OTHERS):
            number = f"1990003{place:02d}{n:02d}"
            wishes.append(_wish(world, crop, number, place * OTHERS + n + OWN))
    SeasonAlert.objects.bulk_create(wishes)


def _coming() -> list[Crop]:
    """The crops on the shelf that are not for sale yet, the soonest first."""
    teasers = Listing.objects.filter(
        state=ListingState.PUBLISHED, season_state=SeasonState.TEASER
    ).select_related("form__crop")
    crops = [listing.form.crop for listing in teasers.order_by("season_start_on", "code")]
    return list(dict.fromkeys(crops))[:CROPS]


def _wish(world: World, crop: Crop, mobile: str, n: int) -> SeasonAlert:
    return SeasonAlert(
        token=secrets.token_urlsafe(16),
        crop=crop,
        who=fingerprint(mobile),
        mobile=mobile,
        language="en" if n % ENGLISH_EVERY == ENGLISH_EVERY - 1 else "zh-hans",
        created_at=world.now - timedelta(days=3 + n),
    )
