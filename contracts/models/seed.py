"""The seed of an area's next draw: its hash is public before anything of the plan is known."""

from django.db import models

from contracts.models.plan import Plan
from growers.models import PlanningArea


class SeedPromise(models.Model):
    """What chance will decide by, promised by hashes; the next plan of the area uses it.

    ``seed`` draws lots and is told afterwards; ``rows_secret`` orders the households and seals
    their rows and is never told, so that nobody can guess who is which.
    """

    area = models.ForeignKey(PlanningArea, on_delete=models.PROTECT, related_name="seed_promises")
    seed = models.CharField(max_length=64)
    seed_hash = models.CharField(max_length=64)
    rows_secret = models.CharField(max_length=64, blank=True)
    rows_secret_hash = models.CharField(max_length=64, blank=True)
    promised_at = models.DateTimeField()
    plan = models.OneToOneField(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="seed_promise"
    )

    class Meta:
        ordering = ["area", "-promised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["area"],
                condition=models.Q(plan__isnull=True),
                name="one_seed_is_promised_an_area",
            ),
        ]

    def __str__(self) -> str:
        return self.seed_hash
