"""Regions as a tree by the 12-digit statistical code."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.words import PlaceName


class RegionLevel(models.TextChoices):
    CITY = "city", _("市")
    COUNTY = "county", _("县区")
    TOWNSHIP = "township", _("乡镇")
    VILLAGE = "village", _("村")


# How many leading digits name the region itself at each level.
SIGNIFICANT_DIGITS = {
    RegionLevel.CITY: 4,
    RegionLevel.COUNTY: 6,
    RegionLevel.TOWNSHIP: 9,
    RegionLevel.VILLAGE: 12,
}


def ancestor_codes(code: str) -> list[str]:
    """The 12-digit codes of the city, county, township and village that a code lies in.

    >>> ancestor_codes("621202901000")
    ['621200000000', '621202000000', '621202901000']
    """
    padded = [code[:digits].ljust(12, "0") for digits in SIGNIFICANT_DIGITS.values()]
    return list(dict.fromkeys(padded))


class Region(PlaceName):
    """A city, county, township or village."""

    code = models.CharField(max_length=12, primary_key=True)
    level = models.CharField(max_length=10, choices=RegionLevel.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    pinyin = models.CharField(max_length=80, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    altitude_m = models.IntegerField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[0-9]{12}$"),
                name="region_code_has_12_digits",
            ),
            models.CheckConstraint(
                condition=models.Q(level="city") | models.Q(parent__isnull=False),
                name="region_below_city_has_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        """The leading digits that every region inside this one shares."""
        return self.code[: SIGNIFICANT_DIGITS[RegionLevel(self.level)]]

    @property
    def county_code(self) -> str:
        """The 12-digit code of the county this region lies in (itself for a county)."""
        return self.code[:6] + "000000"
