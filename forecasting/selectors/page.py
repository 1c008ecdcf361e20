"""Everything the cooperative's demand page shows of one run, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from core.charts import Fan, GapRow, PledgeCurve, fan_chart, gap_rows, pledge_curve
from core.clock import day_of
from core.days import day_words
from core.units import GRAMS_PER_KG
from core.words import local
from forecasting.models import ALL_GRADES, CampaignForecast, ForecastRun, ForecastTotal
from forecasting.selectors.changes import Moved, moved_since
from forecasting.selectors.finding import TONNE_G, Finding, find, tenths
from forecasting.selectors.runs import campaigns_of, totals_of
from forecasting.selectors.weeks import Week, supply_for, weeks_of
from growers.models import Hub
from harvest_calendar.models import ProductForm

MOST_TABS = 12


@dataclass(frozen=True)
class Wish:
    """What the reader asked for in the address; what does not exist falls back to the whole."""

    form: str = ""
    grade: str = ALL_GRADES
    hub: str = ""
    week: str = ""


@dataclass(frozen=True)
class HubLine:
    """Demand at one hub, in the chosen week or all of them."""

    hub: Hub
    booked_g: int
    low_g: int
    middle_g: int
    high_g: int


@dataclass(frozen=True)
class CampaignCard:
    """A running campaign with its curve."""

    forecast: CampaignForecast
    chart: PledgeCurve
    chance_word: str


@dataclass(frozen=True)
class Choice:
    """What can be chosen of a form, what is, and the lines that show it (one a week)."""

    grades: list[str]
    grade: str
    hubs: list[Hub]
    hub: Hub | None
    mondays: list[date]
    week: date | None
    lines: list[ForecastTotal]

    @property
    def is_whole(self) -> bool:
        """All grades at all hubs: only then is there a harvest to compare with."""
        return self.grade == ALL_GRADES and self.hub is None


@dataclass(frozen=True)
class DemandPage:
    """One form of one run, ready to be drawn."""

    forms: list[ProductForm]
    form: ProductForm
    choice: Choice
    weeks: list[Week]
    shown: list[Week]
    finding: Finding | None
    fan: Fan | None
    gaps: list[GapRow]
    unit_g: int
    supply_from: date
    supply_known: bool
    hub_lines: list[HubLine]
    campaigns: list[CampaignCard]
    moved: Moved | None
    cautions: list[str]

    @property
    def unit(self) -> str:
        """The unit of every amount on the page."""
        return _("吨") if self.unit_g == TONNE_G else "kg"


def demand_page(run: ForecastRun, wish: Wish) -> DemandPage | None:
    """Lay out a run for what the reader wants to see; None when the run foresees no demand."""
    forms = _forms(run)
    if not forms:
        return None
    form = next((form for form in forms if form.key == wish.form), forms[0])
    lines = list(totals_of(run).filter(form=form))
    choice = _choose(lines, wish)
    supply, supply_from = supply_for(run, form, last=choice.mondays[-1])
    weeks = weeks_of(choice.lines, supply if choice.is_whole else None)
    unit_g = _unit(weeks)
    campaigns = list(campaigns_of(run).filter(form=form))
    return DemandPage(
        forms=forms,
        form=form,
        choice=choice,
        weeks=weeks,
        shown=[one for one in weeks if choice.week in (None, one.monday)],
        finding=find(weeks, name=_name(form, choice)),
        fan=_fan(weeks, on=day_of(run.as_of), unit_g=unit_g),
        gaps=_gaps(weeks, unit_g=unit_g),
        unit_g=unit_g,
        supply_from=supply_from,
        supply_known=supply is not None,
        hub_lines=_hub_lines(lines, choice),
        campaigns=[_card(campaign) for campaign in campaigns],
        moved=moved_since(run, form, campaigns=campaigns, first=choice.mondays[0]),
        cautions=_cautions(run, form, campaigns),
    )


def _choose(lines: list[ForecastTotal], wish: Wish) -> Choice:
    grades = sorted({line.grade for line in lines} - {ALL_GRADES})
    grade = wish.grade if wish.grade in grades else ALL_GRADES
    hubs = sorted({line.hub for line in lines if line.hub}, key=lambda hub: hub.code)
    hub = next((hub for hub in hubs if hub.code == wish.hub), None)
    mondays = sorted({line.monday for line in lines})
    return Choice(
        grades=grades,
        grade=grade,
        hubs=hubs,
        hub=hub,
        mondays=mondays,
        week=next((monday for monday in mondays if monday.isoformat() == wish.week), None),
        lines=[line for line in lines if line.grade == grade and line.hub == hub],
    )


def _forms(run: ForecastRun) -> list[ProductForm]:
    """Forms with demand, the most wanted first."""
    whole = run.totals.filter(grade=ALL_GRADES, hub__isnull=True).order_by()
    wanted = dict(whole.values_list("form").annotate(most=Max("to_p90_g")))
    forms = ProductForm.objects.filter(pk__in=wanted).select_related("crop", "raw_crop")
    return sorted(forms, key=lambda form: (-wanted[form.pk], form.key))[:MOST_TABS]


def _name(form: ProductForm, choice: Choice) -> str:
    named = form.name
    if choice.grade not in (ALL_GRADES, ""):
        named = _("%(grade)s%(form)s") % {"grade": local(choice.grade), "form": named}
    if choice.hub:
        named = _("%(hub)s的%(form)s") % {"hub": choice.hub.name, "form": named}
    return named


def _unit(weeks: list[Week]) -> int:
    most = max((week.to_demand[4] for week in weeks), default=0)
    return TONNE_G if most >= 2 * TONNE_G else GRAMS_PER_KG


def _fan(weeks: list[Week], *, on: date, unit_g: int) -> Fan | None:
    """Running sums at each week's end, from nothing today."""
    if not weeks:
        return None
    days = [week.monday + timedelta(days=6) for week in weeks]
    start = min(on, weeks[0].monday)

    def line(values: Iterable[int]) -> list[tuple[date, float]]:
        return [(start, 0.0), *zip(days, (value / unit_g for value in values), strict=True)]

    def band(lows: Iterable[int], highs: Iterable[int]) -> list[tuple[date, float, float]]:
        edges = zip(line(lows), line(highs), strict=True)
        return [(day, low, high) for (day, low), (_day, high) in edges]

    demand = list(zip(*(week.to_demand for week in weeks), strict=True))
    known = [week.to_supply for week in weeks if week.to_supply]
    supply = list(zip(*known, strict=True))
    return fan_chart(
        past=line(week.to_booked for week in weeks),
        median=line(demand[2]),
        inner=band(demand[1], demand[3]),
        outer=band(demand[0], demand[4]),
        supply=line(supply[1]) if supply else (),
        supply_band=band(supply[0], supply[2]) if supply else (),
        on=on,
    )


def _gaps(weeks: list[Week], *, unit_g: int) -> list[GapRow]:
    rows = [
        (
            _("%(day)s起") % {"day": day_words(week.monday)},
            week.demand[2] / unit_g,
            week.supply[1] / unit_g,
        )
        for week in weeks
        if week.supply
    ]
    return gap_rows(rows)


def _hub_lines(lines: list[ForecastTotal], choice: Choice) -> list[HubLine]:
    """Hubs in the chosen week, or up to and with the last one."""
    monday, prefix = choice.week or choice.mondays[-1], "" if choice.week else "to_"
    fields = [f"{prefix}{name}_g" for name in ("booked", "p10", "p50", "p90")]
    found = [
        HubLine(line.hub, *(getattr(line, field) for field in fields))
        for line in lines
        if line.hub and line.grade == choice.grade and line.monday == monday
    ]
    return sorted(found, key=lambda line: (-line.middle_g, line.hub.code))


def _card(forecast: CampaignForecast) -> CampaignCard:
    pledged = [
        (forecast.opens_on + timedelta(days=day), float(packs))
        for day, packs in enumerate(forecast.curve)
    ]
    ends = (forecast.deadline_on, float(forecast.p10_packs), float(forecast.p90_packs))
    over = pledged[-1][0] >= forecast.deadline_on
    chart = pledge_curve(
        pledged,
        goal=forecast.goal_packs,
        cap=forecast.cap_packs,
        closes_on=forecast.deadline_on,
        ahead=() if over else [ends],
    )
    return CampaignCard(forecast, chart, tenths(forecast.chance))


def _cautions(run: ForecastRun, form: ProductForm, campaigns: list[CampaignForecast]) -> list[str]:
    """Where the forecast stands on little, said plainly."""
    said = []
    if any(campaign.cold for campaign in campaigns):
        said.append(_("历史太少，先用往年均值：结束的预售不到八场，区间特意放宽。"))
    if any(campaign.too_early for campaign in campaigns):
        said.append(_("有的预售刚开，现在看还太早。"))
    reasons = {note["why"] for note in run.sales_notes if note["form"] == form.key}
    if "short" in reasons:
        said.append(_("有的销售历史太少，先用最近四周的均值。"))
    if reasons & {"many_zeros", "out_of_season"}:
        said.append(_("有的货这阵子很少卖，先用往年同期的均值。"))
    return said
