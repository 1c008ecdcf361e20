"""Lists an editor picks from, read when the form is shown."""

from growers.models import Region, RegionLevel
from harvest_calendar.models import Crop, SaleClass


def crops() -> list[tuple[str, str]]:
    """Crops that may be sold, by category."""
    found = Crop.objects.exclude(sale_class=SaleClass.MEDICINAL_ONLY)
    return [(crop.key, f"{crop.get_category_display()}·{crop.name_zh}") for crop in found]


def counties() -> list[tuple[str, str]]:
    """The counties, by code."""
    rows = Region.objects.filter(level=RegionLevel.COUNTY)
    return [(county.code, county.name_zh) for county in rows]
