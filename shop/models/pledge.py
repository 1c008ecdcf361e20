"""Reservations in a campaign: how each is paid, what became of it, and who waits for packs.

Where everything is paid on collection, a pledge stands until the deadline and becomes one order or
comes to nothing. Where money goes through us it has a ``way`` and a payment, and

* ``pending`` holds its packs until the card is saved or the wallet has paid (half an hour);
* ``due`` is to be paid now. How far that has come lives on the payment (``payments.Payment.state``:
  charging, action required, failed softly or hard), not here;
* ``ordered`` is "paid": the order is placed in the transaction in which the payment says so;
* ``refunding`` means that a refund is asked for; its own state lives on ``payments.Refund``.

Money never follows from a state here: what was paid is what the payment and the ledger say.
"""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.units import yuan
from growers.models import Station
from shop.models.address import HasPlace
from shop.models.campaign import Campaign, PledgeTier


class PledgeWay(models.TextChoices):
    """How a pledge is paid; the values are those of ``payments.models.Way``."""

    CARD_LATER = "card_later", _("现在记下银行卡，成团才扣款")
    LINK = "link", _("成团后收到链接再付")
    NOW = "now", _("现在付，没成团全退")


class PledgeState(models.TextChoices):
    PENDING = "pending", _("等你完成付款设置")
    ACTIVE = "active", _("已约")
    CANCELLED = "cancelled", _("已取消")
    EXPIRED = "expired", _("超时没完成，已放掉")
    DUE = "due", _("成团了，正在收款")
    ORDERED = "ordered", _("已转为订单")
    LAPSED = "lapsed", _("没有按时付款，已放掉")
    TO_RELEASE = "to_release", _("未成团，正在放掉")
    RELEASED = "released", _("未成团，已释放")
    REFUNDING = "refunding", _("正在退款")
    REFUNDED = "refunded", _("已全额退款")
    CREDITED = "credited", _("全换成购物金了")


class Pledge(HasPlace, models.Model):
    """A reservation of packs; how it will be fetched is said at once."""

    code = models.CharField(max_length=16, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="pledges")
    tier = models.ForeignKey(
        PledgeTier, on_delete=models.PROTECT, null=True, blank=True, related_name="pledges"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="pledges",
    )
    state = models.CharField(max_length=10, choices=PledgeState.choices, default=PledgeState.ACTIVE)
    packs = models.PositiveIntegerField()
    way = models.CharField(max_length=10, choices=PledgeWay.choices, blank=True)  # empty: later
    payment_code = models.CharField(max_length=24, unique=True, null=True, blank=True)
    deposit_code = models.CharField(max_length=24, unique=True, null=True, blank=True)
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)  # a pack
    carriage = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    hold_until = models.DateTimeField(null=True, blank=True)
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
    perishable_confirmed_at = models.DateTimeField(null=True, blank=True)  # product.md E7
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
            models.CheckConstraint(
                condition=Q(way="") | Q(price__isnull=False, carriage__isnull=False),
                name="pledge_paid_through_us_has_amount",
            ),
            models.CheckConstraint(
                condition=~Q(state="pending") | (~Q(way="") & Q(hold_until__isnull=False)),
                name="pledge_pending_has_end",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "state"]), models.Index(fields=["mobile"])]

    def __str__(self) -> str:
        return self.code

    @property
    def goods(self) -> Decimal:
        """What the packs come to, in yuan."""
        return yuan((self.campaign.price if self.price is None else self.price) * self.packs)

    @property
    def total(self) -> Decimal:
        """What is charged: goods and carriage, as the backer saw it; without carriage where that
        is only known on the order."""
        return yuan(self.goods + (self.carriage or 0))


class PledgeStateChange(models.Model):
    """When a pledge moved and why; written where money goes through us."""

    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="moves")
    old = models.CharField(max_length=10, choices=PledgeState.choices, blank=True)
    new = models.CharField(max_length=10, choices=PledgeState.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.pledge_id} {self.old} → {self.new}"


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


class WaitingState(models.TextChoices):
    WAITING = "waiting", _("排着队")
    OFFERED = "offered", _("轮到了，给你留着")
    TAKEN = "taken", _("已约上")
    PASSED = "passed", _("没来约，让给后面的人了")
    LEFT = "left", _("不等了")


class WaitingEntry(models.Model):
    """A place in the queue for packs that come free; served in the order of arrival."""

    code = models.CharField(max_length=16, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="waiting")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    state = models.CharField(
        max_length=8, choices=WaitingState.choices, default=WaitingState.WAITING
    )
    packs = models.PositiveIntegerField()
    mobile = models.CharField(max_length=20)
    language = models.CharField(max_length=10, default="zh-hans")
    joined_at = models.DateTimeField()
    offered_until = models.DateTimeField(null=True, blank=True)
    pledge = models.OneToOneField(
        Pledge, on_delete=models.PROTECT, null=True, blank=True, related_name="waited"
    )

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(packs__gt=0), name="waiting_has_packs"),
            models.UniqueConstraint(
                fields=["campaign", "mobile"],
                condition=Q(state__in=["waiting", "offered"]),
                name="person_waits_once_a_campaign",
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(offered_until__isnull=False),
                name="waiting_offer_has_end",
            ),
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(pledge__isnull=False),
                name="waiting_taken_has_pledge",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "state"])]

    def __str__(self) -> str:
        return self.code
