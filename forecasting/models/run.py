"""A run, and what it said about each running campaign."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from growers.models import PlanningArea
from harvest_calendar.models import ProductForm


class RunState(models.TextChoices):
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("正在算")
    DONE = "done", _("已算完")
    FAILED = "failed", _("没算成")


class ForecastRun(models.Model):
    """One forecast of an area's demand from what was known at a moment.

    ``inputs_hash`` is of every row that was read and the day, ``rows_hash`` of the rows alone,
    ``history_hash`` of the finished campaigns only;
    ``scores`` is the backtest on those (one object per cut), ``sales_notes`` how each sales series
    was forecast and why.
    """

    code = models.CharField(max_length=16, unique=True)
    area = models.ForeignKey(PlanningArea, on_delete=models.PROTECT, related_name="forecast_runs")
    state = models.CharField(max_length=8, choices=RunState.choices, default=RunState.QUEUED)
    as_of = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.CharField(max_length=16)
    inputs_hash = models.CharField(max_length=64, blank=True)
    rows_hash = models.CharField(max_length=64, blank=True)
    history_hash = models.CharField(max_length=64, blank=True)
    finished_campaigns = models.PositiveIntegerField(default=0)
    scores = models.JSONField(default=list, blank=True)
    sales_notes = models.JSONField(default=list, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-as_of", "-pk"]
        indexes = [models.Index(fields=["area", "state", "-as_of"])]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="done")
                | (~models.Q(inputs_hash="") & models.Q(seconds__isnull=False)),
                name="forecast_done_says_from_what",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="failed") | ~models.Q(error=""),
                name="forecast_failed_says_why",
            ),
            models.UniqueConstraint(
                fields=["area"],
                condition=models.Q(state__in=["queued", "running"]),
                name="area_has_one_forecast_under_way",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class CampaignForecast(models.Model):
    """Final packs of one running campaign; ``curve`` is packs pledged by the end of each day."""

    run = models.ForeignKey(ForecastRun, on_delete=models.CASCADE, related_name="campaigns")
    campaign_code = models.CharField(max_length=16)
    form = models.ForeignKey(ProductForm, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=40, blank=True)
    pack_weight_g = models.PositiveIntegerField()
    goal_packs = models.PositiveIntegerField()
    cap_packs = models.PositiveIntegerField()
    opens_on = models.DateField()
    deadline_on = models.DateField()
    pledged_packs = models.PositiveIntegerField()
    p10_packs = models.PositiveIntegerField()
    p20_packs = models.PositiveIntegerField()
    p50_packs = models.PositiveIntegerField()
    p80_packs = models.PositiveIntegerField()
    p90_packs = models.PositiveIntegerField()
    chance = models.FloatField()
    too_early = models.BooleanField()
    cold = models.BooleanField()
    curve = models.JSONField(default=list)

    class Meta:
        ordering = ["run", "deadline_on", "campaign_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "campaign_code"], name="campaign_is_forecast_once_a_run"
            ),
            models.CheckConstraint(
                condition=models.Q(p10_packs__lte=models.F("p20_packs"))
                & models.Q(p20_packs__lte=models.F("p50_packs"))
                & models.Q(p50_packs__lte=models.F("p80_packs"))
                & models.Q(p80_packs__lte=models.F("p90_packs")),
                name="campaign_quantiles_are_ordered",
            ),
            models.CheckConstraint(
                condition=models.Q(chance__gte=0) & models.Q(chance__lte=1),
                name="campaign_chance_is_a_probability",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.campaign_code}"

    @property
    def expected_g(self) -> int:
        """Grams at the middle; nothing while the goal is not expected to be reached."""
        return self.p50_packs * self.pack_weight_g if self.p50_packs >= self.goal_packs else 0
