"""Pre-sale campaigns: a goal, a cap below the supply, a deadline.

``state`` is what came of a campaign and never changes after its closing. ``stage`` is how far it
has come since, where money goes through us; it stays empty where everything is paid on collection.
Together they are the one chain ``draft → submitted → approved → live → succeeded → collecting → …
→ completed``. "Scheduled" is an approved one whose ``opens_at`` is to come; "closing" is one
transaction that nobody sees from outside. Terms are frozen while ``terms_hash`` says so, from the
submission on (``shop.guards`` holds the database to it).
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.units import fen
from shop.models.listing import Listing


class CampaignState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("等合作社审批")
    APPROVED = "approved", _("批了，等开约")
    LIVE = "live", _("预售中")
    SUCCEEDED = "succeeded", _("已成团")
    FAILED = "failed", _("未成团")
    CANCELLED = "cancelled", _("已取消")


class CampaignMode(models.TextChoices):
    ALL_OR_NOTHING = "all", _("约够才成团")
    AS_ORDERED = "ordered", _("约多少发多少")


class CampaignStage(models.TextChoices):
    COLLECTING = "collecting", _("正在收款")
    SHORTFALL_REVIEW = "review", _("钱没收够，待决定")
    GROWING = "growing", _("等采收")
    HARVESTED = "harvested", _("已采收")
    DELIVERING = "delivering", _("正在发货")
    COMPLETED = "completed", _("已完成")
    RELEASING = "releasing", _("正在放掉预约")
    REFUNDING = "refunding", _("正在退款")
    CLOSED = "closed", _("已了结")


class Campaign(models.Model):
    """Open from ``opens_at`` until ``deadline_at``; delivers inside the promised window."""

    code = models.CharField(max_length=16, unique=True)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="campaigns")
    state = models.CharField(
        max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT
    )
    stage = models.CharField(max_length=10, choices=CampaignStage.choices, blank=True, default="")
    mode = models.CharField(
        max_length=8, choices=CampaignMode.choices, default=CampaignMode.ALL_OR_NOTHING
    )
    goal_packs = models.PositiveIntegerField()
    cap_packs = models.PositiveIntegerField()
    pledged_packs = models.PositiveIntegerField(default=0)
    held_packs = models.PositiveIntegerField(default=0)  # of pledges not settled, for half an hour
    price = models.DecimalField(max_digits=8, decimal_places=2)
    opens_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    promised_from_on = models.DateField()
    promised_to_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    deposit_percent = models.PositiveSmallIntegerField(default=0)  # of a pledge paid by link
    closed_packs = models.PositiveIntegerField(null=True, blank=True)  # as counted at the closing
    closed_pledges = models.PositiveIntegerField(null=True, blank=True)
    closed_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    collection_paused_at = models.DateTimeField(null=True, blank=True)
    story = models.TextField(blank=True)
    # Who put it before the cooperative, and who of the cooperative let it open.
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    terms_hash = models.CharField(max_length=64, blank=True, default="")  # shop.campaign_terms
    # Opened before approvals were asked for; only the migration that brought them says so.
    opened_without_approval = models.BooleanField(default=False, editable=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["deadline_at", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (Q(submitted_by__isnull=False) & ~Q(approved_by=F("submitted_by"))),
                name="campaign_is_approved_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "cancelled"])
                | (Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(terms_hash=""))
                | Q(opened_without_approval=True),
                name="campaign_goes_on_when_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted")
                | (
                    Q(submitted_by__isnull=False, submitted_at__isnull=False, approved_by=None)
                    & ~Q(terms_hash="")
                ),
                name="campaign_submitted_has_person_and_terms",
            ),
            models.CheckConstraint(
                condition=~Q(state="draft") | Q(terms_hash="", approved_by__isnull=True),
                name="campaign_draft_is_open_to_change",
            ),
            models.CheckConstraint(
                condition=Q(goal_packs__gt=0) & Q(goal_packs__lte=F("cap_packs")),
                name="campaign_goal_is_within_cap",
            ),
            models.CheckConstraint(
                condition=Q(cap_packs__gte=F("pledged_packs") + F("held_packs")),
                name="campaign_is_never_over_its_cap",
            ),
            models.CheckConstraint(
                condition=Q(deposit_percent__lte=20),
                name="campaign_deposit_is_a_fifth_at_most",
            ),
            models.CheckConstraint(
                condition=Q(stage="") | Q(closed_at__isnull=False),
                name="campaign_with_stage_has_ended",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("deadline_at")),
                name="campaign_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(promised_from_on__lte=F("promised_to_on")),
                name="campaign_promise_is_ordered",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "approved", "live"])
                | Q(closed_at__isnull=False),
                name="campaign_ended_has_time",
            ),
            models.UniqueConstraint(
                fields=["listing"],
                condition=Q(state="live"),
                name="listing_has_one_live_campaign",
            ),
        ]
        indexes = [models.Index(fields=["state", "deadline_at"])]

    def __str__(self) -> str:
        return self.code

    @property
    def is_unfinished(self) -> bool:
        """It may still be cancelled, and takes up its listing."""
        return self.state in ("draft", "submitted", "approved", "live")

    @property
    def is_before_opening(self) -> bool:
        """Nobody outside has seen it yet."""
        return self.state in ("draft", "submitted", "approved")

    @property
    def was_open(self) -> bool:
        """People outside have seen it."""
        asked = self.approved_at is not None or self.opened_without_approval
        return asked and not self.is_before_opening


class CampaignStateChange(models.Model):
    """When a campaign moved to another state or stage, by whom and why."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="changes")
    old = models.CharField(max_length=10, choices=[*CampaignState.choices, *CampaignStage.choices])
    new = models.CharField(max_length=10, choices=[*CampaignState.choices, *CampaignStage.choices])
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.old} → {self.new}"


class PledgeTier(models.Model):
    """A box of its own size and price inside a campaign, with its own cap."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="tiers")
    number = models.PositiveSmallIntegerField()  # 1 is shown first
    title = models.CharField(max_length=40)
    price = models.DecimalField(max_digits=8, decimal_places=2)  # of one box
    packs_per_unit = models.PositiveSmallIntegerField(default=1)
    cap_units = models.PositiveIntegerField()
    taken_units = models.PositiveIntegerField(default=0)
    most_each = models.PositiveSmallIntegerField(null=True, blank=True)  # boxes a mobile number

    class Meta:
        ordering = ["campaign", "number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="tier_numbered_once"),
            models.CheckConstraint(
                condition=Q(taken_units__lte=F("cap_units")),
                name="tier_is_never_over_its_cap",
            ),
            models.CheckConstraint(
                condition=Q(price__gt=0, packs_per_unit__gt=0),
                name="tier_has_price_and_packs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.title}"

    def clean(self) -> None:
        """A pack of a box costs whole fen, so that what is charged stands on the order's line."""
        if self.price and self.packs_per_unit and fen(self.price) % self.packs_per_unit:
            raise ValidationError({"price": _("价格要能按份数分到分，不留零头。")})


class StretchKind(models.TextChoices):
    HOUSEHOLDS = "households", _("多请几户供货")
    PACKAGING = "packaging", _("换更好的包装")
    COLD_CHAIN = "cold", _("全程冷链发货")


class StretchGoal(models.Model):
    """What is added when more than the goal comes together; judged once, at the closing.

    It never changes what a backer owes.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="stretch_goals")
    at_packs = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=StretchKind.choices, blank=True, default="")
    promise = models.CharField(max_length=120)
    reached = models.BooleanField(null=True)  # None until the closing

    class Meta:
        ordering = ["campaign", "at_packs"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "at_packs"], name="stretch_goal_set_once"),
            models.CheckConstraint(condition=Q(at_packs__gt=0), name="stretch_goal_has_packs"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.at_packs}"
