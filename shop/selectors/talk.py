"""Updates, questions and answers of a campaign, and the curve of its reservations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncDate

from core.charts import PledgeCurve, pledge_curve
from core.clock import SHANGHAI, day_of
from growers.models import Region
from shop.models import Campaign, CampaignQuestion, CampaignUpdate, PledgeChange
from shop.selectors.campaigns import open_campaigns

FEW_QUESTIONS, FEW_UPDATES, FEW_RELATED = 30, 30, 3
NEAR_DAYS = 45  # campaigns that send within this many days of each other are of one season


@dataclass(frozen=True)
class QuestionRow:
    """A question with its answer; ``hidden`` says why both are covered."""

    code: str
    text: str
    surname: str
    at: datetime
    answer: str
    answered_at: datetime | None
    edited_at: datetime | None
    hidden: str


def questions_on(campaign: Campaign) -> list[QuestionRow]:
    """The newest questions; one query."""
    rows = CampaignQuestion.objects.filter(campaign=campaign).order_by("-at", "-pk")
    return [_question(one) for one in rows[:FEW_QUESTIONS]]


def _question(one: CampaignQuestion) -> QuestionRow:
    covered = one.hidden_at is not None
    return QuestionRow(
        code=one.code,
        text="" if covered else one.text,
        surname=one.name.strip()[:1],
        at=one.at,
        answer="" if covered else one.answer,
        answered_at=one.answered_at,
        edited_at=one.edited_at,
        hidden=one.hidden_reason,
    )


def updates_on(campaign: Campaign) -> QuerySet[CampaignUpdate]:
    """What the shop has told, the newest first."""
    return CampaignUpdate.objects.filter(campaign=campaign).order_by("-at", "-pk")[:FEW_UPDATES]


@dataclass(frozen=True)
class Curve:
    """Reservations over the days so far."""

    chart: PledgeCurve
    area: str  # the ground under the line
    first_on: date
    last_on: date
    total: int
    lately: int  # packs in the last seven days; below zero when more was given back
    by_day: Sequence[tuple[date, int]]


LATELY = timedelta(days=7)


def curve_of(campaign: Campaign, *, on: date) -> Curve | None:
    """Packs reserved by the end of each day until today or the deadline; one query."""
    by_day = _packs_by_day(campaign)
    closes_on = day_of(campaign.deadline_at)
    until = min(on, closes_on)
    line = _so_far(by_day, first=day_of(campaign.opens_at), until=until)
    if not line or not by_day or line[0][0] >= closes_on:
        return None
    chart = pledge_curve(
        [(day, float(packs)) for day, packs in line],
        goal=float(campaign.goal_packs),
        cap=float(campaign.cap_packs),
        closes_on=closes_on,
    )
    lately = sum(packs for day, packs in by_day.items() if until - LATELY < day <= until)
    area = f"{chart.past}L{chart.now[0]} 100L0 100Z" if chart.past and chart.now else ""
    return Curve(chart, area, line[0][0], closes_on, line[-1][1], lately, line)


def _packs_by_day(campaign: Campaign) -> dict[date, int]:
    changes = PledgeChange.objects.filter(campaign=campaign).order_by()
    days = changes.annotate(day=TruncDate("at", tzinfo=SHANGHAI)).values("day")
    rows = days.annotate(sum=Sum("packs")).values_list("day", "sum")
    return dict(rows.order_by("day"))


def _so_far(by_day: dict[date, int], *, first: date, until: date) -> list[tuple[date, int]]:
    total, line = 0, []
    day = min([first, *by_day]) if by_day else first
    while day <= until:
        total += by_day.get(day, 0)
        line.append((day, total))
        day += timedelta(days=1)
    return line


def related_campaigns(campaign: Campaign, *, at: datetime) -> list[Campaign]:
    """Open campaigns of the same season, those of the same crop and county first; one query."""
    span = timedelta(days=NEAR_DAYS)
    near = open_campaigns(at=at).exclude(pk=campaign.pk)
    found = list(
        near.filter(
            promised_from_on__lte=campaign.promised_to_on + span,
            promised_to_on__gte=campaign.promised_from_on - span,
        )[: FEW_RELATED * 8]
    )
    found.sort(key=lambda one: (_distance(one, campaign), one.deadline_at, one.code))
    return found[:FEW_RELATED]


def _distance(one: Campaign, campaign: Campaign) -> int:
    """How little two campaigns have in common, from 0 to 3."""
    ours, theirs = campaign.listing, one.listing
    if theirs.form.crop_id == ours.form.crop_id:
        return 0
    same_kind = theirs.form.crop.category == ours.form.crop.category
    return (1 if same_kind else 2) + (_county(theirs.origin) != _county(ours.origin))


def _county(region: Region) -> str:
    return region.county_code
