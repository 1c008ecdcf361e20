"""Less harvest than promised, or later: what was declared, and what each backer chose."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.models.campaign import Campaign
from shop.models.listing import Listing
from shop.models.pledge import Pledge


class SetbackKind(models.TextChoices):
    PARTIAL = "partial", _("收成不够")
    DELAY = "delay", _("日子挪后")
    FAILED = "failed", _("没有收成")


class Remedy(models.TextChoices):
    PARTIAL = "partial", _("发一部分，退一部分")
    REFUND = "refund", _("不要了，全退")
    WAIT = "wait", _("愿意等")
    SUBSTITUTE = "substitute", _("换成别的货")
    CREDIT = "credit", _("发一部分，其余换购物金")
    CREDIT_ALL = "credit_all", _("不要了，全换购物金")


SENT_IN_PART = (Remedy.PARTIAL, Remedy.CREDIT)


class Setback(models.Model):
    """Declared by the shop with its reason; settled once, when its days to choose are over."""

    code = models.CharField(max_length=16, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="setbacks")
    kind = models.CharField(max_length=8, choices=SetbackKind.choices)
    percent = models.PositiveSmallIntegerField()  # of the promised weight that will be sent
    old_from_on = models.DateField()
    old_to_on = models.DateField()
    new_from_on = models.DateField()
    new_to_on = models.DateField()
    substitute = models.ForeignKey(
        Listing, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=200)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Declared by the calendar: which move of which season it follows, once for each campaign.
    calendar_key = models.CharField(max_length=40, unique=True, null=True, blank=True)
    choose_by = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-declared_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="partial") & Q(percent__gt=0, percent__lt=100))
                | (Q(kind="delay") & Q(percent=100))
                | (Q(kind="failed") & Q(percent=0)),
                name="setback_percent_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(new_from_on__lte=F("new_to_on")), name="setback_window_is_ordered"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="setback_has_reason"),
            models.UniqueConstraint(
                fields=["campaign"],
                condition=Q(settled_at__isnull=True),
                name="campaign_has_one_open_setback",
            ),
            models.CheckConstraint(
                condition=Q(calendar_key__isnull=True)
                | (Q(kind="delay", declared_by__isnull=True) & ~Q(calendar_key="")),
                name="setback_of_the_calendar_is_a_delay",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_from_calendar(self) -> bool:
        """Whether the calendar declared it, and no person."""
        return self.calendar_key is not None


class SetbackChoice(models.Model):
    """One backer in one setback: what was paid, what was chosen, what goes back."""

    setback = models.ForeignKey(Setback, on_delete=models.PROTECT, related_name="choices")
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="setback_choices")
    goods_fen = models.BigIntegerField()  # what the goods had cost
    carriage_fen = models.BigIntegerField()
    weight_g = models.BigIntegerField()  # what was promised
    keep_fen = models.BigIntegerField()  # the goods' part that stays when a part is sent
    keep_g = models.BigIntegerField()  # what is sent then
    remedy = models.CharField(max_length=10, choices=Remedy.choices, blank=True)
    by_default = models.BooleanField(default=False)  # nothing was chosen in time
    chosen_at = models.DateTimeField(null=True, blank=True)
    refund_fen = models.BigIntegerField(null=True, blank=True)  # once it is carried out
    credit_fen = models.BigIntegerField(default=0)  # what is kept as credit instead
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["setback", "pledge"], name="backer_chooses_once"),
            models.CheckConstraint(
                condition=Q(keep_fen__gte=0, keep_fen__lte=F("goods_fen")),
                name="setback_keeps_at_most_what_was_paid",
            ),
            models.CheckConstraint(
                condition=Q(keep_g__gte=0, keep_g__lte=F("weight_g")),
                name="setback_sends_at_most_what_was_promised",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | ~Q(remedy=""),
                name="setback_done_has_remedy",
            ),
            models.CheckConstraint(
                condition=Q(refund_fen__isnull=True)
                | Q(
                    refund_fen__gte=0,
                    credit_fen__gte=0,
                    refund_fen__lte=F("goods_fen") + F("carriage_fen") - F("credit_fen"),
                ),
                name="setback_refund_is_within_what_was_paid",
            ),
        ]
        indexes = [models.Index(fields=["setback", "remedy"])]

    def __str__(self) -> str:
        return f"{self.setback_id} {self.pledge_id} {self.remedy}"
