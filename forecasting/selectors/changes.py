"""What moved between a run and the one before it, for one form."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from forecasting.models import ALL_GRADES, CampaignForecast, ForecastRun
from forecasting.selectors.runs import run_before
from harvest_calendar.models import ProductForm

MOST_LINES = 5


@dataclass(frozen=True)
class Change:
    """One campaign's expected grams in the earlier run and in this one."""

    campaign_code: str
    before_g: int
    now_g: int
    is_new: bool

    @property
    def by_g(self) -> int:
        """By how much it rose; below zero it fell."""
        return self.now_g - self.before_g


@dataclass(frozen=True)
class Moved:
    """The middle of both runs over the same weeks, and which campaigns moved it most.

    ``rest_g`` is what is left: other campaigns, orders, plain sales, and campaigns that ended in
    between, whose packs are orders now. Medians of sums are not sums of medians, so a little of it
    is no one's.
    """

    since: ForecastRun
    before_g: int
    now_g: int
    changes: list[Change]

    @property
    def by_g(self) -> int:
        """By how much the whole rose; below zero it fell."""
        return self.now_g - self.before_g

    @property
    def rest_g(self) -> int:
        """What the named campaigns do not explain."""
        return self.by_g - sum(change.by_g for change in self.changes)


def moved_since(
    run: ForecastRun, form: ProductForm, *, campaigns: Iterable[CampaignForecast], first: date
) -> Moved | None:
    """Compare a run with the one before it in the weeks from ``first`` on; None for a first run."""
    since = run_before(run)
    if since is None:
        return None
    earlier = {one.campaign_code: one for one in since.campaigns.filter(form=form)}
    changes = [_change(one, earlier.get(one.campaign_code)) for one in campaigns]
    moved = sorted((one for one in changes if one.by_g), key=lambda one: -abs(one.by_g))
    return Moved(
        since=since,
        before_g=_middle(since, form, first),
        now_g=_middle(run, form, first),
        changes=moved[:MOST_LINES],
    )


def _change(now: CampaignForecast, before: CampaignForecast | None) -> Change:
    return Change(
        campaign_code=now.campaign_code,
        before_g=before.expected_g if before else 0,
        now_g=now.expected_g,
        is_new=before is None,
    )


def _middle(run: ForecastRun, form: ProductForm, first: date) -> int:
    lines = run.totals.filter(form=form, grade=ALL_GRADES, hub__isnull=True, monday__gte=first)
    return int(lines.aggregate(grams=Sum("p50_g"))["grams"] or 0)
