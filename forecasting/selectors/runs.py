"""Runs, what they said, and who may read them."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from forecasting.models import CampaignForecast, ForecastPoint, ForecastRun, ForecastTotal, RunState
from growers.models import PlanningArea, Role, User
from growers.models.scope import Scope
from growers.selectors import memberships_of

READERS = (Role.PLANNER, Role.APPROVER, Role.OFFICIAL, Role.AUDITOR)


def demand_areas_for(user: User | AnonymousUser, on: date) -> QuerySet[PlanningArea]:
    """Areas whose demand this person may read: as planner, approver, official or auditor."""
    return _areas(user, on, READERS)


def planned_areas_for(user: User | AnonymousUser, on: date) -> QuerySet[PlanningArea]:
    """Areas this person plans for, so may ask a new forecast of."""
    return _areas(user, on, (Role.PLANNER,))


def _areas(user: User | AnonymousUser, on: date, roles: tuple[Role, ...]) -> QuerySet[PlanningArea]:
    held = list(memberships_of(user, on).filter(role__in=roles))
    bought = [m.cooperative for m in held if m.cooperative is not None]
    scope = Scope(
        cooperatives=[cooperative.pk for cooperative in bought],
        cooperative_regions=[cooperative.region_id for cooperative in bought],
        watched=[m.region.prefix for m in held if m.region is not None],
    )
    areas = PlanningArea.objects.select_related("region", "lead")
    return areas.filter(PlanningArea.objects.visible_to(scope, on))


def latest_run(area: PlanningArea) -> ForecastRun | None:
    """The newest finished run of an area."""
    return past_runs(area).first()


def past_runs(area: PlanningArea) -> QuerySet[ForecastRun]:
    """Finished runs of an area, the newest first: what was believed when."""
    done = ForecastRun.objects.filter(area=area, state=RunState.DONE)
    return done.select_related("area__region")


def run_before(run: ForecastRun) -> ForecastRun | None:
    """The finished run of the same area before this one."""
    return past_runs(run.area).filter(as_of__lt=run.as_of).first()


def run_under_way(area: PlanningArea) -> ForecastRun | None:
    """The run that is queued or being computed, if any."""
    begun = [RunState.QUEUED, RunState.RUNNING]
    return ForecastRun.objects.filter(area=area, state__in=begun).first()


def points_of(run: ForecastRun) -> QuerySet[ForecastPoint]:
    """Cells of a run: form, grade, hub, week."""
    return run.points.select_related("form", "hub")


def totals_of(run: ForecastRun) -> QuerySet[ForecastTotal]:
    """Cells and roll-ups of a run, with running sums over the weeks."""
    return run.totals.select_related("form", "hub")


def campaigns_of(run: ForecastRun) -> QuerySet[CampaignForecast]:
    """Running campaigns of a run, soonest deadline first."""
    return run.campaigns.select_related("form__crop").order_by("deadline_on", "campaign_code")
