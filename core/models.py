"""Bookkeeping of the tick; no domain models live here."""

from django.db import models


class TickSlot(models.Model):
    """One run of a job for one slot of time; the unique key makes it run once."""

    name = models.CharField(max_length=60)
    slot_at = models.DateTimeField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-slot_at", "name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "slot_at"], name="tick_slot_runs_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.slot_at:%Y-%m-%d %H:%M}"
