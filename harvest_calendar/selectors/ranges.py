"""The year at a glance: categories, or the crops of one, as ranges of mountains."""

from collections.abc import Sequence

from core.charts import RangeLayer, RangeRow, year_range
from harvest_calendar.selectors.calendar import CategoryRows


def range_of(groups: Sequence[CategoryRows], *, category: str = "") -> tuple[RangeLayer, ...]:
    """A range for each category; for each crop once a category is chosen."""
    if category:
        rows = [
            RangeRow(row.key, row.name, [hill.window for hill in row.hills])
            for group in groups
            for row in group.rows
        ]
    else:
        rows = [
            RangeRow(
                group.key,
                group.label,
                [hill.window for row in group.rows for hill in row.hills],
            )
            for group in groups
        ]
    return year_range(rows)
