"""A whole run as a table that others can read: every cell and every roll-up."""

from collections.abc import Iterator

from core.units import GRAMS_PER_KG
from forecasting.models import ALL_GRADES, ForecastRun, ForecastTotal
from forecasting.selectors.runs import totals_of

HEAD = (
    *("form", "name", "grade", "hub", "week"),
    *("booked_kg", "p10_kg", "p20_kg", "p50_kg", "p80_kg", "p90_kg"),
)
"""Names of the columns; ``*`` stands for every grade or every hub, the week is its Monday."""
GRAMS = ("booked_g", "p10_g", "p20_g", "p50_g", "p80_g", "p90_g")
CHUNK = 2000


def lines_of(run: ForecastRun) -> Iterator[tuple[object, ...]]:
    """The run's lines in the order of ``HEAD``, kilograms to the gram."""
    for line in totals_of(run).iterator(chunk_size=CHUNK):
        yield (*_where(line), *(getattr(line, name) / GRAMS_PER_KG for name in GRAMS))


def _where(line: ForecastTotal) -> tuple[object, ...]:
    hub = line.hub.code if line.hub else ALL_GRADES
    return line.form.key, line.form.name, line.grade, hub, line.monday
