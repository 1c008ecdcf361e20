"""What a household missed by losing a public draw: counted once, in its next plan."""

from django.db import models

from contracts.models.plan import Plan
from growers.models import Household


class DrawCredit(models.Model):
    """Missed fair income of one plan, kept until a later plan has counted it."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="credits")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="draw_credits")
    fen = models.PositiveBigIntegerField()
    counted_in = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="counted_credits"
    )

    class Meta:
        ordering = ["plan", "household"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "household"], name="draw_credit_is_given_once_a_plan"
            ),
            models.CheckConstraint(condition=models.Q(fen__gt=0), name="draw_credit_is_above_zero"),
            models.CheckConstraint(
                condition=models.Q(counted_in__isnull=True)
                | ~models.Q(counted_in=models.F("plan")),
                name="draw_credit_counts_in_a_later_plan",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.household_id} {self.fen}"
