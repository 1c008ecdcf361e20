"""Being told when a crop is for sale again: asking, ending, and telling."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.crypto import fingerprint
from core.errors import BadInput
from core.words import local
from growers.models import Region
from harvest_calendar.models import Crop, SaleClass
from notices.services import Limit, NewNotice, send_notices, take
from shop.models import Listing, ListingState, SeasonAlert, SeasonState
from shop.wording import PRESALE_OPENED, SEASON_OPENED

OPEN_STATES = (SeasonState.PRESALE, SeasonState.IN_SEASON)
# One message a season: counties open weeks apart, and somebody who was told once knows.
QUIET = timedelta(days=60)
AT_ONCE = 1000
A_DAY = timedelta(days=1)


@transaction.atomic
def ask_to_be_told(
    *,
    mobile: str,
    crop: Crop,
    county: Region | None,
    language: str,
    address: str,
    at: datetime,
) -> SeasonAlert:
    """Remember a number for a crop; asked again it is the same wish, in the newest language.

    Raises
    ------
    BadInput
        The crop is not sold to consumers.
    TooOften
        The number, or the address the request came from, asked too often today.
    """
    if crop.sale_class == SaleClass.MEDICINAL_ONLY:
        raise BadInput(_("这种只作药材，不零售，没有什么可告诉的。"))
    take(
        [
            Limit("alert.number.day", mobile, 20, A_DAY),
            Limit("alert.address.day", address, 100, A_DAY),
        ],
        at=at,
    )
    wish = {"who": fingerprint(mobile), "crop": crop, "county": county}
    facts = {"mobile": mobile, "language": language}
    found = SeasonAlert.objects.filter(**wish)
    if found.update(language=language):
        return found.get()
    try:
        with transaction.atomic():
            return SeasonAlert.objects.create(
                token=secrets.token_urlsafe(16), created_at=at, **wish, **facts
            )
    except IntegrityError:  # pressed twice at one moment
        return found.get()


def stop_telling(*, token: str) -> bool:
    """Forget a wish and its number; False when it was forgotten before."""
    return bool(SeasonAlert.objects.filter(token=token).delete()[0])


@dataclass(frozen=True)
class Opening:
    """A crop that is for sale in a county from some day on."""

    crop_id: int
    county_id: str
    start_on: date
    template: str


def tell_openings(*, listings: Iterable[Listing], on: date, at: datetime) -> int:
    """Tell whoever asked that these listings' crops are for sale; return how many messages.

    The listings come with form and origin; those nobody can buy are left out.
    """
    openings = sorted(
        (
            _opening(listing, on=on)
            for listing in listings
            if listing.state == ListingState.PUBLISHED and listing.season_state in OPEN_STATES
        ),
        key=lambda opening: (opening.start_on, opening.county_id),
    )
    return _tell(openings, on=on, at=at) if openings else 0


def _opening(listing: Listing, *, on: date) -> Opening:
    presale = listing.season_state == SeasonState.PRESALE
    return Opening(
        crop_id=listing.form.crop_id,
        county_id=listing.origin.county_code,
        start_on=listing.season_start_on or on,
        template=PRESALE_OPENED if presale else SEASON_OPENED,
    )


@transaction.atomic
def _tell(openings: Sequence[Opening], *, on: date, at: datetime) -> int:
    counties = {
        place.pk: place
        for place in Region.objects.filter(pk__in={opening.county_id for opening in openings})
    }
    told, last = 0, 0
    while some := list(_waiting(openings, on=on).filter(pk__gt=last)[:AT_ONCE]):
        last = some[-1].pk
        notices = [_notice(alert, _first(alert, openings), counties) for alert in some]
        SeasonAlert.objects.filter(pk__in=[alert.pk for alert in some]).update(told_on=on)
        told += send_notices(notices, at=at)
    return told


def _waiting(openings: Sequence[Opening], *, on: date) -> QuerySet[SeasonAlert]:
    """The wishes these openings fulfil; locked, so that two tellers never tell one twice."""
    anywhere = Q(county=None, crop_id__in={opening.crop_id for opening in openings})
    fits = anywhere
    for crop_id, county_id in {(one.crop_id, one.county_id) for one in openings}:
        fits |= Q(crop_id=crop_id, county_id=county_id)
    quiet = Q(told_on__isnull=True) | Q(told_on__lt=on - QUIET)
    rows = SeasonAlert.objects.select_for_update(of=("self",)).select_related("crop")
    return rows.filter(fits, quiet).order_by("pk")


def _first(alert: SeasonAlert, openings: Sequence[Opening]) -> Opening:
    """The earliest of the openings that fulfil a wish."""
    return next(
        opening
        for opening in openings
        if opening.crop_id == alert.crop_id and alert.county_id in (None, opening.county_id)
    )


def _notice(alert: SeasonAlert, opening: Opening, counties: dict[str, Region]) -> NewNotice:
    with override(alert.language):
        words = {
            "crop": local(alert.crop.short_name, alert.crop.name_en),
            "place": counties[opening.county_id].name,
            "link": f"{reverse('shop:list')}?crop={alert.crop.key}",
            "stop": reverse("shop:stop_telling", args=[alert.token]),
        }
    key = f"season:{alert.token}:{alert.crop.key}:{opening.start_on:%Y-%m-%d}"
    return NewNotice(key, alert.mobile, opening.template, words, alert.language)
