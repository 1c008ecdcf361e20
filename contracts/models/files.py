"""The instance folder a plan was computed from, kept as it was."""

from django.db import models

from contracts.models.plan import Plan


class PlanFiles(models.Model):
    """A zip of the planner's files: numbers drawn anew for the plan, no codes and no names."""

    plan = models.OneToOneField(Plan, on_delete=models.CASCADE, related_name="files")
    content = models.BinaryField()

    class Meta:
        ordering = ["plan"]

    def __str__(self) -> str:
        return str(self.plan_id)
