"""A six-digit code that proves, once, that somebody reads the messages of a number."""

from django.db import models

MOST_TRIES = 5


class OneTimeCode(models.Model):
    """The last code asked for by one browser, for one purpose and number.

    Neither code nor number is stored: only what recognises them. A code opens nothing in another
    browser, because the browser's own secret is part of what is recognised.
    """

    purpose = models.CharField(max_length=20)
    who = models.CharField(max_length=64)  # core.crypto.fingerprint of the number
    browser = models.CharField(max_length=64)  # fingerprint of the session's secret
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "who", "browser"], name="new_code_replaces_the_old"
            ),
            models.CheckConstraint(
                condition=models.Q(tries__lte=MOST_TRIES), name="code_is_tried_five_times"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="code_expires_after_it_is_made",
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True)
                | models.Q(used_at__lt=models.F("expires_at")),
                name="code_is_used_before_it_expires",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"])]

    def __str__(self) -> str:
        return f"{self.purpose} {self.created_at:%Y-%m-%d %H:%M}"
