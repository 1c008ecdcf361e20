"""Shapes for server-drawn charts: numbers in, SVG paths and positions out. No Django.

Shapes live in a box of 100 x 100 that the page stretches; words are placed by percent and are
never scaled.

hills   harvest windows, the year strip, the ridge of the home page
ranges  the year of many crops as a range of mountains, rows of the calendar
lines   fan of a forecast, pledge curve
bars    terrace of a campaign, gap per week, split of a price, water level, Lorenz curve
"""

from core.charts.bars import (
    GapRow,
    Lorenz,
    SplitPart,
    Terrace,
    WaterLevel,
    gap_rows,
    lorenz,
    split_parts,
    terrace,
    water_level,
)
from core.charts.hills import (
    Ridge,
    RidgeCrop,
    YearWindow,
    Zoom,
    hill_path,
    ridge,
    window_path,
    year_fraction,
    year_window,
    zoom,
)
from core.charts.lines import Fan, PledgeCurve, fan_chart, pledge_curve
from core.charts.ranges import RangeLayer, RangeRow, row_path, year_range
from core.charts.shapes import area_path, line_path, nice_ticks, scale_points, spread

__all__ = [
    "Fan",
    "GapRow",
    "Lorenz",
    "PledgeCurve",
    "RangeLayer",
    "RangeRow",
    "Ridge",
    "RidgeCrop",
    "SplitPart",
    "Terrace",
    "WaterLevel",
    "YearWindow",
    "Zoom",
    "area_path",
    "fan_chart",
    "gap_rows",
    "hill_path",
    "line_path",
    "lorenz",
    "nice_ticks",
    "pledge_curve",
    "ridge",
    "row_path",
    "scale_points",
    "split_parts",
    "spread",
    "terrace",
    "water_level",
    "window_path",
    "year_fraction",
    "year_range",
    "year_window",
    "zoom",
]
