"""Tries to take the money: written down before the provider is asked, one at a time."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from payments.models.payment import Payment

OPEN = ["planned", "sent", "unknown"]


class AttemptKind(models.TextChoices):
    CARD = "card", _("扣存好的卡")
    PAGE = "page", _("买家在付款页上付")


class AttemptState(models.TextChoices):
    PLANNED = "planned", _("还没问")
    SENT = "sent", _("等结果")
    UNKNOWN = "unknown", _("没有回音")
    SUCCEEDED = "succeeded", _("成了")
    FAILED = "failed", _("没成")
    SURPLUS = "surplus", _("多收的，退回去")


class Attempt(models.Model):
    """One try under one key of the provider's: asked again with the key, it is the same try."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="attempts")
    n = models.PositiveIntegerField()
    kind = models.CharField(max_length=4, choices=AttemptKind.choices)
    key = models.CharField(max_length=60, unique=True)  # payment:<code>:<n>
    params = models.JSONField()  # exactly what is asked, so that a repeat is the same
    params_hash = models.CharField(max_length=64)
    intent_id = models.CharField(max_length=80, unique=True, null=True, blank=True)
    state = models.CharField(
        max_length=9, choices=AttemptState.choices, default=AttemptState.PLANNED
    )
    decline_code = models.CharField(max_length=60, blank=True)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    look_at = models.DateTimeField()  # when the sweep asks again, if nothing came by then
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["payment", "n"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "n"], name="attempt_number_is_used_once"),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(state__in=OPEN), name="payment_has_one_open_attempt"
            ),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(state="succeeded"), name="payment_succeeds_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at__isnull=True)
                | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
                name="attempt_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["succeeded", "surplus"]) | Q(intent_id__isnull=False),
                name="attempt_with_money_has_intent",
            ),
        ]
        indexes = [
            models.Index(fields=["look_at"], condition=Q(state__in=OPEN), name="attempt_to_look_at")
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_open(self) -> bool:
        """Whether its result is still to come."""
        return self.state in OPEN


class PageKind(models.TextChoices):
    SETUP = "setup", _("存卡")
    PAY = "pay", _("付款")


class PageState(models.TextChoices):
    OPEN = "open", _("开着")
    COMPLETE = "complete", _("完成了")
    EXPIRED = "expired", _("关了")


class HostedPage(models.Model):
    """A page of the provider's where the buyer saves a card or pays; a paying one is an attempt."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="pages")
    kind = models.CharField(max_length=5, choices=PageKind.choices)
    attempt = models.OneToOneField(
        Attempt, on_delete=models.PROTECT, null=True, blank=True, related_name="page"
    )
    key = models.CharField(max_length=60, unique=True)
    params = models.JSONField()
    provider_id = models.CharField(max_length=120, unique=True, null=True, blank=True)
    url = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=PageState.choices, default=PageState.OPEN)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # when the provider was last asked about it
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["payment", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["payment"], condition=Q(state="open"), name="payment_has_one_open_page"
            ),
            models.CheckConstraint(
                condition=Q(kind="pay", attempt__isnull=False)
                | Q(kind="setup", attempt__isnull=True),
                name="page_to_pay_is_an_attempt",
            ),
        ]
        indexes = [models.Index(fields=["state", "seen_at"])]

    def __str__(self) -> str:
        return self.key
