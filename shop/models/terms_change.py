"""Terms of a running campaign that change: proposed, approved by a second person, told to all."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.models.campaign import Campaign

# What may change after the opening; the rest of the terms stays as it was approved.
CHANGEABLE = (
    "goal_packs",
    "cap_packs",
    "price",
    "deadline_at",
    "promised_from_on",
    "promised_to_on",
)


class TermsChangeState(models.TextChoices):
    PROPOSED = "proposed", _("等合作社审批")
    APPLIED = "applied", _("批了，改好了")
    REFUSED = "refused", _("没有批")
    WITHDRAWN = "withdrawn", _("店里撤回了")


class TermsChange(models.Model):
    """Old and new terms side by side; between ``decided_at`` and ``free_until`` every backer of
    that moment may leave for nothing."""

    code = models.CharField(max_length=16, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="terms_changes")
    state = models.CharField(
        max_length=10, choices=TermsChangeState.choices, default=TermsChangeState.PROPOSED
    )
    reason = models.CharField(max_length=200)
    old_goal_packs = models.PositiveIntegerField()
    new_goal_packs = models.PositiveIntegerField()
    old_cap_packs = models.PositiveIntegerField()
    new_cap_packs = models.PositiveIntegerField()
    old_price = models.DecimalField(max_digits=8, decimal_places=2)
    new_price = models.DecimalField(max_digits=8, decimal_places=2)
    old_deadline_at = models.DateTimeField()
    new_deadline_at = models.DateTimeField()
    old_promised_from_on = models.DateField()
    new_promised_from_on = models.DateField()
    old_promised_to_on = models.DateField()
    new_promised_to_on = models.DateField()
    old_hash = models.CharField(max_length=64, blank=True)  # as read by who proposed
    new_hash = models.CharField(max_length=64, blank=True, default="")  # once applied
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)  # or withdrawn
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    refusal = models.CharField(max_length=200, blank=True)
    free_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="terms_change_has_reason"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="terms_change_is_decided_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | Q(state="withdrawn", decided_by__isnull=True, decided_at__isnull=False)
                | Q(decided_by__isnull=False, decided_at__isnull=False)
                & (
                    Q(state="refused") & ~Q(refusal="")
                    | Q(state="applied", free_until__gt=F("decided_at")) & ~Q(new_hash="")
                ),
                name="terms_change_decided_has_person_time_and_outcome",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_by__isnull=False)
                | ~Q(state="withdrawn") & Q(withdrawn_by__isnull=True),
                name="terms_change_withdrawn_has_person",
            ),
            models.CheckConstraint(
                condition=Q(new_goal_packs__gt=0, new_goal_packs__lte=F("new_cap_packs"))
                & Q(new_price__gt=0)
                & Q(new_promised_from_on__lte=F("new_promised_to_on")),
                name="terms_change_makes_sense",
            ),
            models.UniqueConstraint(
                fields=["campaign"],
                condition=Q(state="proposed"),
                name="campaign_has_one_open_terms_change",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "state"])]

    def __str__(self) -> str:
        return self.code
