"""Everything the page of a crop shows."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from growers.models import RegionLevel
from harvest_calendar.models import (
    Crop,
    HarvestWindow,
    ProductForm,
    SeasonDate,
    SeasonRevision,
    Source,
)
from harvest_calendar.selectors.seasons import MADE_LATER, Season, season_dates, stretches

LATEST = 5


@dataclass(frozen=True)
class CropFacts:
    """A crop, its county dates of the year, its forms, sources and latest moves."""

    crop: Crop
    dates: list[SeasonDate]
    season: Season | None
    is_made: bool
    forms: list[ProductForm]
    sources: list[Source]
    revisions: list[SeasonRevision]


def crop_by_key(key: str) -> Crop:
    """One crop with its grades and varieties.

    Raises
    ------
    Http404
        There is no such crop.
    """
    return get_object_or_404(Crop.objects.prefetch_related("grades", "varieties"), key=key)


def crop_facts(crop: Crop, *, on: date) -> CropFacts:
    """The facts of a crop in the year of a day."""
    touching = list(
        season_dates(on=on, crop_ids=[crop.pk])
        .filter(region__level=RegionLevel.COUNTY)
        .order_by("region", "start_on")
    )
    dates = [season for season in touching if season.year == on.year]
    return CropFacts(
        crop=crop,
        dates=dates,
        season=_nearest(stretches(touching), on),
        is_made=crop.form in MADE_LATER,
        forms=_forms(crop),
        sources=_sources(crop, [season.window for season in dates]),
        revisions=list(_revisions(crop, on)),
    )


def _nearest(seasons: list[Season], on: date) -> Season | None:
    """The stretch over all counties that runs, else the next of the year, else its last."""
    return next((season for season in seasons if on <= season.end_on), None) or (
        seasons[-1] if seasons else None
    )


def _forms(crop: Crop) -> list[ProductForm]:
    """What the crop is sold as, and what is made from it."""
    own = ProductForm.objects.filter(crop=crop) | ProductForm.objects.filter(raw_crop=crop)
    return list(own.select_related("crop", "raw_crop").order_by("raw_kg_mid", "key"))


def _sources(crop: Crop, windows: list[HarvestWindow]) -> list[Source]:
    named = ";".join([crop.source_ids, *[window.source_ids for window in windows]])
    keys = {key.strip() for key in named.split(";") if key.strip()}
    return list(Source.objects.filter(key__in=keys))


def _revisions(crop: Crop, on: date) -> QuerySet[SeasonRevision]:
    moved = SeasonRevision.objects.filter(
        season__crop=crop, season__year=on.year, season__region__level=RegionLevel.COUNTY
    )
    return moved.select_related("season__region", "season__window")[:LATEST]
