"""What households could deliver, what the plan gives them, and why."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.models.plan import Plan
from growers.models import Household, Hub
from harvest_calendar.models import ProductForm


class HarvestOffer(models.Model):
    """A household's expected harvest in the form it delivers (预计产出); never typed."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="offers")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(ProductForm, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=40, blank=True)
    first_monday = models.DateField()
    last_monday = models.DateField()
    available_g = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["plan", "household", "form", "grade"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "household", "form", "grade"], name="harvest_is_offered_once"
            ),
            models.CheckConstraint(
                condition=models.Q(first_monday__lte=models.F("last_monday")),
                name="harvest_offer_weeks_are_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.household_id} {self.form_id} {self.grade}"


class PlanAllotment(models.Model):
    """New weight of an offer for a hub and week, as the planner computed it."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="allotments")
    offer = models.ForeignKey(HarvestOffer, on_delete=models.CASCADE, related_name="allotments")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="+")
    monday = models.DateField()
    weight_g = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["plan", "offer", "monday", "hub"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "hub", "monday"], name="offer_is_allotted_once_a_week_and_hub"
            ),
            models.CheckConstraint(condition=models.Q(weight_g__gt=0), name="allotment_has_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.monday} {self.weight_g}"


class ReasonKind(models.TextChoices):
    OWN_HARVEST = "own_harvest", _("自家收成")
    STATION_FULL = "station_full", _("站点收满")
    DEMAND_FULL = "demand_full", _("订单分完")
    EARLIER_STAGE = "earlier_stage", _("前一批先分")
    DRAW = "draw", _("公开抽签")
    BELOW_MINIMUM = "below_minimum", _("不到最小量")
    NO_ROUTE = "no_route", _("没有去处")
    NEED_MET = "need_met", _("已先签到")


class PlanReason(models.Model):
    """Why an offer gets no more, with the numbers of the full limit."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="reasons")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    offer = models.OneToOneField(HarvestOffer, on_delete=models.CASCADE, related_name="reason")
    reason = models.CharField(max_length=16, choices=ReasonKind.choices)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["plan", "offer"]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.reason}"
