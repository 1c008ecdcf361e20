"""How often something was asked for in the running span of time."""

from django.db import models


class RateCount(models.Model):
    """Hits of one number, address or person against one limit; written by one upsert."""

    scope = models.CharField(max_length=40)
    who = models.CharField(max_length=64)  # a fingerprint
    hits = models.PositiveIntegerField()
    most = models.PositiveIntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["scope", "who"]
        constraints = [
            models.UniqueConstraint(fields=["scope", "who"], name="rate_is_counted_once"),
            models.CheckConstraint(
                condition=models.Q(hits__gt=0, hits__lte=models.F("most")),
                name="rate_stays_within_its_limit",
            ),
        ]
        indexes = [models.Index(fields=["ends_at"])]

    def __str__(self) -> str:
        return f"{self.scope} {self.hits}/{self.most}"
