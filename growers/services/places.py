"""Loading townships and villages from a folder of study data, which is read and never copied."""

from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from core.latin import place_in_latin
from core.loading import Row, rows
from growers.models import Region, RegionLevel
from growers.services.facts import (
    ALTITUDES_M,
    LATITUDES,
    LONGITUDES,
    Loaded,
    region_code,
    save_regions,
)


@transaction.atomic
def load_longnan_places(*, folder: Path) -> list[Loaded]:
    """Load ``townships.csv`` and ``villages.csv``; the counties must be known.

    Raises
    ------
    BadRow
        A row is malformed, repeated, out of range or lies nowhere; then nothing is saved.
    """
    return [_load_townships(folder), _load_villages(folder)]


def _load_townships(folder: Path) -> Loaded:
    columns = {"code", "county_code", "name_zh", "pinyin", "lat", "lon", "elev_m"}
    counties = _known(RegionLevel.COUNTY)
    path = folder / "townships.csv"
    found = [_township(row, counties) for row in rows(path, columns=columns, unique=("code",))]
    save_regions(found)
    return Loaded(path.name, len(found))


def _load_villages(folder: Path) -> Loaded:
    columns = {"code", "name_zh", "pinyin", "township_code"}
    townships = _known(RegionLevel.TOWNSHIP)
    path = folder / "villages.csv"
    found = [_village(row, townships) for row in rows(path, columns=columns, unique=("code",))]
    save_regions(found)
    return Loaded(path.name, len(found))


def _known(level: RegionLevel) -> set[str]:
    return set(Region.objects.filter(level=level).order_by().values_list("code", flat=True))


def _inside(row: Row, column: str, *, parent: str, digits: int, code: str, known: set[str]) -> str:
    if parent not in known:
        raise row.fault(column, _("没有这个上级，先装入上一级"))
    if code[:digits] != parent[:digits]:
        raise row.fault("code", _("代码和上级对不上"))
    return parent


def _township(row: Row, counties: set[str]) -> Region:
    code = region_code(row, "code", digits=9)
    county = region_code(row, "county_code", digits=6)
    return Region(
        code=code,
        level=RegionLevel.TOWNSHIP,
        parent_id=_inside(row, "county_code", parent=county, digits=6, code=code, known=counties),
        name_zh=row.text("name_zh"),
        name_en=place_in_latin(row.text("name_zh")),
        pinyin=row.text("pinyin", required=False),
        latitude=row.optional_decimal("lat", low=LATITUDES[0], high=LATITUDES[1]),
        longitude=row.optional_decimal("lon", low=LONGITUDES[0], high=LONGITUDES[1]),
        altitude_m=row.optional_whole("elev_m", low=ALTITUDES_M[0], high=ALTITUDES_M[1]),
    )


def _village(row: Row, townships: set[str]) -> Region:
    code = region_code(row, "code", digits=12)
    township = region_code(row, "township_code", digits=9)
    return Region(
        code=code,
        level=RegionLevel.VILLAGE,
        parent_id=_inside(
            row, "township_code", parent=township, digits=9, code=code, known=townships
        ),
        name_zh=row.text("name_zh"),
        name_en=place_in_latin(row.text("name_zh")),
        pinyin=row.text("pinyin", required=False),
    )
