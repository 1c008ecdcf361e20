"""Pre-sale campaigns: a goal, a cap below the supply, a deadline, and binding reservations.

A pledge here is paid on collection. When a campaign succeeds every live pledge becomes exactly
one order; from then on stock, packing and money know orders only.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from growers.models import Station
from shop.models.address import HasPlace
from shop.models.listing import Listing


class CampaignState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    LIVE = "live", _("预售中")
    SUCCEEDED = "succeeded", _("已成团")
    FAILED = "failed", _("未成团")
    CANCELLED = "cancelled", _("已取消")


class Campaign(models.Model):
    """Open from ``opens_at`` until ``deadline_at``; delivers inside the promised window."""

    code = models.CharField(max_length=16, unique=True)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="campaigns")
    state = models.CharField(
        max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT
    )
    goal_packs = models.PositiveIntegerField()
    cap_packs = models.PositiveIntegerField()
    pledged_packs = models.PositiveIntegerField(default=0)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    opens_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    promised_from_on = models.DateField()
    promised_to_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    story = models.TextField(blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["deadline_at", "code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(goal_packs__gt=0)
                & models.Q(goal_packs__lte=models.F("cap_packs")),
                name="campaign_goal_is_within_cap",
            ),
            models.CheckConstraint(
                condition=models.Q(pledged_packs__lte=models.F("cap_packs")),
                name="campaign_is_never_over_its_cap",
            ),
            models.CheckConstraint(
                condition=models.Q(opens_at__lt=models.F("deadline_at")),
                name="campaign_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=models.Q(promised_from_on__lte=models.F("promised_to_on")),
                name="campaign_promise_is_ordered",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "live"]) | models.Q(closed_at__isnull=False),
                name="campaign_ended_has_time",
            ),
            models.UniqueConstraint(
                fields=["listing"],
                condition=models.Q(state="live"),
                name="listing_has_one_live_campaign",
            ),
        ]
        indexes = [models.Index(fields=["state", "deadline_at"])]

    def __str__(self) -> str:
        return self.code


class CampaignStateChange(models.Model):
    """When a campaign moved, by whom and why."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="changes")
    old = models.CharField(max_length=10, choices=CampaignState.choices)
    new = models.CharField(max_length=10, choices=CampaignState.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.old} → {self.new}"


class PledgeState(models.TextChoices):
    ACTIVE = "active", _("已约")
    CANCELLED = "cancelled", _("已取消")
    ORDERED = "ordered", _("已转为订单")
    RELEASED = "released", _("未成团，已释放")


class Pledge(HasPlace, models.Model):
    """A reservation of packs; how it will be fetched is said at once."""

    code = models.CharField(max_length=16, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="pledges")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="pledges",
    )
    state = models.CharField(max_length=10, choices=PledgeState.choices, default=PledgeState.ACTIVE)
    packs = models.PositiveIntegerField()
    name = models.CharField(max_length=40)
    mobile = models.CharField(max_length=20)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, default="zh-hans")  # to write to the buyer in
    fulfilment = models.CharField(max_length=10)  # shop.models.FulfilmentKind
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    province_code = models.CharField(max_length=2, blank=True)  # GB/T 2260
    county_code = models.CharField(max_length=6, blank=True)  # empty where only words were typed
    city = models.CharField(max_length=40, blank=True)  # city and county as they were called then
    address = models.CharField(max_length=160, blank=True)
    submit_key = models.CharField(max_length=40, unique=True)  # one per form shown
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(packs__gt=0), name="pledge_has_packs"),
            models.CheckConstraint(
                condition=models.Q(fulfilment="collect", station__isnull=False)
                | (models.Q(fulfilment="delivery") & ~models.Q(province_code="")),
                name="pledge_says_where_it_goes",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "state"]), models.Index(fields=["mobile"])]

    def __str__(self) -> str:
        return self.code


class PledgeChange(models.Model):
    """Packs added or taken back: the pledge curve. Append-only."""

    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="changes")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="pledge_changes")
    packs = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["campaign", "at"])]

    def __str__(self) -> str:
        return f"{self.pledge_id} {self.packs:+d}"


class PledgeOrder(models.Model):
    """The one order a pledge became."""

    pledge = models.OneToOneField(Pledge, on_delete=models.PROTECT, related_name="order_link")
    order = models.OneToOneField(
        "order.Order", on_delete=models.PROTECT, related_name="pledge_link"
    )

    class Meta:
        ordering = ["pledge"]

    def __str__(self) -> str:
        return f"{self.pledge_id} → {self.order_id}"
