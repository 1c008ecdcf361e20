"""What a household can be expected to bring in: a careful part of what its plantings yield."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import numpy as np
from django.db.models import QuerySet

from growers.models import Household
from growers.models.scope import valid_on
from harvest_calendar.engine.supply import Plantings, season_totals, year_factor
from harvest_calendar.models import Crop, Planting

# Contracts are made for four fifths of the middle estimate, so that a household need not default.
SAFE_FIFTHS = 4
HouseholdCrop = tuple[int, int]


def expected_harvest_g(
    *, households: QuerySet[Household], crop_ids: set[int], on: date
) -> dict[HouseholdCrop, int]:
    """Raw grams that may be contracted of each (household, raw crop) in the year of ``on``."""
    rows = list(
        Planting.objects.filter(
            valid_on(on), plot__household__in=households.values("pk"), crop__in=crop_ids
        )
        .select_related("plot", "crop")
        .order_by("plot__household_id", "crop_id", "code")
    )
    rows = [row for row in rows if row.crop.yield_max_kg_mu]
    if not rows:
        return {}
    keys = sorted({(row.plot.household_id, row.crop_id) for row in rows})
    group = {key: place for place, key in enumerate(keys)}
    totals = season_totals(
        _columns(rows, group, on.year), n_groups=len(keys), swing=np.zeros(len(keys))
    )
    middle = totals.p50_g.tolist()
    return {key: middle[place] * SAFE_FIFTHS // 5 for key, place in group.items()}


def _columns(rows: list[Planting], group: dict[HouseholdCrop, int], year: int) -> Plantings:
    return Plantings(
        group=np.array([group[row.plot.household_id, row.crop_id] for row in rows]),
        full_kg=np.array([_full_kg(row) for row in rows]),
        age=np.array([year - row.planted_year for row in rows]),
        habit=[row.crop.habit for row in rows],
        factor=np.array([_factor(row.crop, year) for row in rows]),
        reported_kg=np.full(len(rows), np.nan),
    )


def _full_kg(row: Planting) -> float:
    most = row.crop.yield_max_kg_mu or Decimal(0)
    least = row.crop.yield_min_kg_mu or most
    return float(row.area_mu * (least + most) / 2)


def _factor(crop: Crop, year: int) -> float:
    return year_factor(
        swing=float(crop.year_swing), heavy_in_odd_years=crop.heavy_in_odd_years, year=year
    )


def raw_parts(demand_raw_g: dict[tuple[int, int], int]) -> dict[int, float]:
    """Part of a raw crop's harvest for each form, by the demand of the forms made of it.

    ``demand_raw_g`` is raw grams by (raw crop, form).
    """
    total: dict[int, int] = defaultdict(int)
    for (crop_id, _form_id), weight_g in demand_raw_g.items():
        total[crop_id] += weight_g
    return {
        form_id: weight_g / total[crop_id] if total[crop_id] else 0.0
        for (crop_id, form_id), weight_g in demand_raw_g.items()
    }
