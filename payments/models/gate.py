"""How fast the provider may be asked, and whether at all: one row."""

from django.db import models
from django.db.models import Q


class Gate(models.Model):
    """Errors of the line in a row close it; a person opens it again."""

    number = models.PositiveSmallIntegerField(primary_key=True, default=1)
    errors_in_row = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    next_call_us = models.BigIntegerField(default=0)  # microseconds of the system's clock

    class Meta:
        ordering = ["number"]
        constraints = [models.CheckConstraint(condition=Q(number=1), name="there_is_one_gate")]

    def __str__(self) -> str:
        return "closed" if self.closed_at else "open"
