"""The seasons that a calendar feed tells: county windows of this and the next year."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from growers.models import RegionLevel
from harvest_calendar.models import SeasonDate, SeasonRevision
from harvest_calendar.selectors.calendar import WHOLE_YEAR


@dataclass(frozen=True)
class FeedSeason:
    """A county's season of a crop; ``moves`` counts how often its days were revised."""

    code: str
    year: int
    crop_key: str
    crop: str
    category: str
    county: str
    band: str
    start_on: date
    peak_on: date
    end_on: date
    altitude: tuple[int, int] | None
    is_estimate: bool
    moves: int
    moved_at: datetime | None
    reason: str

    @property
    def place(self) -> str:
        """The county and, where it has several, which of its windows."""
        return f"{self.county} {self.band}" if self.band else self.county


def feed_seasons(
    *, on: date, crop: str = "", county: str = "", category: str = ""
) -> list[FeedSeason]:
    """Seasons not over before this year began, up to those of the next year, by their first day.

    What there is all year is no season and stays out.
    """
    asked = Q(crop__key=crop) if crop else Q()
    asked &= Q(region_id=county) if county else Q()
    asked &= Q(crop__category=category) if category else Q()
    found = _dated(on).filter(asked).select_related("crop", "window", "region")
    return [_season(row) for row in found if row.end_on - row.start_on < WHOLE_YEAR]


def _dated(on: date) -> QuerySet[SeasonDate]:
    latest = SeasonRevision.objects.filter(season=OuterRef("pk")).order_by("-at", "-pk")
    rows = SeasonDate.objects.filter(
        region__level=RegionLevel.COUNTY, year__lte=on.year + 1, end_on__gte=date(on.year, 1, 1)
    )
    return rows.annotate(
        moves=Count("revisions"),
        moved_at=Max("revisions__at"),
        reason=Subquery(latest.values("reason")[:1]),
    ).order_by("start_on", "crop__key", "region_id", "code")


def _season(row: SeasonDate) -> FeedSeason:
    window = row.window
    band = None
    if window.altitude_min_m is not None and window.altitude_max_m is not None:
        band = (window.altitude_min_m, window.altitude_max_m)
    return FeedSeason(
        code=row.code,
        year=row.year,
        crop_key=row.crop.key,
        crop=row.crop.short_name,
        category=row.crop.get_category_display(),
        county=row.region.name,
        band=window.name,
        start_on=row.start_on,
        peak_on=row.peak_on,
        end_on=row.end_on,
        altitude=band,
        is_estimate=row.is_estimate,
        moves=getattr(row, "moves", 0),
        moved_at=getattr(row, "moved_at", None),
        reason=getattr(row, "reason", "") or "",
    )
