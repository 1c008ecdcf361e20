"""A whole run as a table, every cell and every roll-up: for programs, and for people."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from core.units import GRAMS_PER_KG
from core.words import local
from forecasting.models import ALL_GRADES, ForecastRun, ForecastTotal
from forecasting.selectors.runs import totals_of

GRAMS = ("booked_g", "p10_g", "p20_g", "p50_g", "p80_g", "p90_g")
SHOWN = (10, 20, 50, 80, 90)
CHUNK = 2000


def facts_of(run: ForecastRun) -> Iterator[dict[str, object]]:
    """Lines for programs: codes, grams, the week's Monday; ``*`` is every grade or every hub."""
    for line in _lines(run):
        yield {
            "form": line.form.key,
            "grade": line.grade,
            "hub": line.hub.code if line.hub else ALL_GRADES,
            "monday": line.monday,
            **{name: getattr(line, name) for name in GRAMS},
        }


def table_head() -> list[str]:
    """What stands over the columns of ``table_of``."""
    where = [_("品种"), _("等级"), _("仓"), _("交货周（周一）")]
    levels = [_("%(share)d%% 的把握不超过，公斤") % {"share": level} for level in SHOWN]
    return [*where, _("已约，公斤"), *levels]


def table_of(run: ForecastRun) -> Iterator[list[object]]:
    """Lines for people, in their language: names, kilograms to the gram."""
    every = _("全部")
    for line in _lines(run):
        yield [
            line.form.name,
            every if line.grade == ALL_GRADES else local(line.grade),
            line.hub.name if line.hub else every,
            line.monday,
            *(getattr(line, name) / GRAMS_PER_KG for name in GRAMS),
        ]


def _lines(run: ForecastRun) -> Iterator[ForecastTotal]:
    return totals_of(run).iterator(chunk_size=CHUNK)
