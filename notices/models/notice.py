"""A message to one mobile number: written with what it tells of, sent a moment later."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.crypto import EncryptedTextField


class NoticeState(models.TextChoices):
    QUEUED = "queued", _("等着发")
    SENT = "sent", _("已发出")
    FAILED = "failed", _("没发出去")


class Notice(models.Model):
    """One message; its key makes it once only, whoever asks for it again.

    Number and contents are personal data: they are sealed together, and wiped after some days.
    """

    key = models.CharField(max_length=120, unique=True)
    template = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    sealed = EncryptedTextField(blank=True)  # JSON of mobile and context; empty once wiped
    state = models.CharField(max_length=6, choices=NoticeState.choices, default=NoticeState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Whoever takes a message moves this on; if he dies, it comes due again.
    next_try_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)  # worthless later: a code
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at__isnull=True)),
                name="notice_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="queued") | ~models.Q(sealed=""),
                name="notice_to_send_has_contents",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "next_try_at"]),
            models.Index(fields=["created_at"]),
        ]

    def __str__(self) -> str:
        return self.key
