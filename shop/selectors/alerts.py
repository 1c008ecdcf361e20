"""What somebody asked to be told of, and when a crop comes."""

from dataclasses import dataclass
from datetime import date

from core.crypto import fingerprint
from growers.models import Region, RegionLevel, User
from harvest_calendar.models import Crop, ProductForm
from harvest_calendar.selectors import Season, seasons_of
from shop.models import SeasonAlert


@dataclass(frozen=True)
class Alert:
    """One wish as its owner sees it."""

    token: str
    crop: Crop
    place: str  # empty for anywhere
    told_on: date | None


def alerts_of(user: User) -> list[Alert]:
    """The wishes of a person's number, newest first."""
    return alerts_of_number(user.mobile or "")


def alerts_of_number(mobile: str) -> list[Alert]:
    """The wishes of a number, newest first."""
    if not mobile:
        return []
    rows = SeasonAlert.objects.filter(who=fingerprint(mobile)).select_related("crop", "county")
    return [
        Alert(row.token, row.crop, row.county.name if row.county else "", row.told_on)
        for row in rows.order_by("-created_at", "-pk")
    ]


def token_of(mobile: str, *, crop: Crop, place: Region | None) -> str:
    """The token of a number's wish for a crop of a county or of anywhere; empty without one."""
    if not mobile:
        return ""
    wish = SeasonAlert.objects.filter(who=fingerprint(mobile), crop=crop, county=place)
    return wish.values_list("token", flat=True).first() or ""


@dataclass(frozen=True)
class CropComing:
    """Where a crop grows, and whether it can be had now or from which day on."""

    counties: list[Region]
    runs: bool
    next_on: date | None
    is_estimate: bool


def crop_coming(crop: Crop, *, place: Region | None, on: date) -> CropComing:
    """When a crop can be had, in one county or the earliest of all."""
    seasons = _seasons(crop, on=on)
    counties = list(Region.objects.filter(pk__in=seasons).order_by("code"))
    asked = [season for code, season in seasons.items() if place is None or code == place.pk]
    ahead = [season for season in asked if season.start_on > on]
    soonest = min(ahead, key=lambda season: season.start_on, default=None)
    return CropComing(
        counties=counties,
        runs=any(season.start_on <= on <= season.last_ready_on for season in asked),
        next_on=soonest.start_on if soonest else None,
        is_estimate=soonest.is_estimate if soonest else False,
    )


def _seasons(crop: Crop, *, on: date) -> dict[str, Season]:
    """The season of each county: of the crop itself, else of what it is made from."""
    raw = ProductForm.objects.filter(crop=crop).order_by().values_list("raw_crop", flat=True)
    codes = Region.objects.filter(level=RegionLevel.COUNTY).values_list("code", flat=True)
    crops = list(dict.fromkeys([crop.pk, *raw]))
    found = seasons_of([(one, code) for one in crops for code in codes], on)
    own = {code: season for (one, code), season in found.items() if one == crop.pk}
    return own or {code: season for (_one, code), season in found.items()}
