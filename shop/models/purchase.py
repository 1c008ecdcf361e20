"""Our facts about an order: who fetches it, where, and what is paid on collection."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from growers.models import Hub, Station, VillageShop
from shop.models.address import HasPlace


class FulfilmentKind(models.TextChoices):
    COLLECT = "collect", _("到站点自取")
    DELIVERY = "delivery", _("快递到家")


class PurchaseState(models.TextChoices):
    AWAITING = "awaiting", _("等付款")
    PLACED = "placed", _("已下单")
    PACKED = "packed", _("已打包")
    SENT = "sent", _("已发出")
    DELIVERED = "delivered", _("已收货")
    CANCELLED = "cancelled", _("已取消")


class Purchase(HasPlace, models.Model):
    """One shop's order, one-to-one with Oscar's; its code is what the buyer sees."""

    code = models.CharField(max_length=16, unique=True)
    order = models.OneToOneField("order.Order", on_delete=models.PROTECT, related_name="purchase")
    shop = models.ForeignKey(VillageShop, on_delete=models.PROTECT, related_name="purchases")
    state = models.CharField(
        max_length=10, choices=PurchaseState.choices, default=PurchaseState.PLACED
    )
    checkout_key = models.CharField(max_length=40)  # shared by the orders of one checkout
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="purchases",
    )
    name = models.CharField(max_length=40)
    mobile = models.CharField(max_length=20)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, default="zh-hans")  # to write to the buyer in
    fulfilment = models.CharField(max_length=10, choices=FulfilmentKind.choices)
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="purchases"
    )
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="purchases")
    province_code = models.CharField(max_length=2, blank=True)  # GB/T 2260
    county_code = models.CharField(max_length=6, blank=True)  # empty where only words were typed
    city = models.CharField(max_length=40, blank=True)  # city and county as they were called then
    address = models.CharField(max_length=160, blank=True)
    promised_from_on = models.DateField()
    promised_to_on = models.DateField()
    placed_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    # Paid through us: the payment's code, until when the packs are held for it, when it came.
    payment_code = models.CharField(max_length=24, blank=True, db_index=True)
    hold_until = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    perishable_confirmed_at = models.DateTimeField(null=True, blank=True)  # product.md E7
    gift_note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-placed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["checkout_key", "shop"], name="checkout_makes_one_order_a_shop"
            ),
            models.CheckConstraint(
                condition=models.Q(fulfilment="collect", station__isnull=False)
                | (models.Q(fulfilment="delivery") & ~models.Q(province_code="")),
                name="purchase_says_where_it_goes",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="delivered") | models.Q(delivered_at__isnull=False),
                name="purchase_delivered_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="awaiting")
                | models.Q(hold_until__isnull=False, paid_at__isnull=True),
                name="purchase_awaiting_payment_has_end",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "state"]),
            models.Index(fields=["station", "state"]),
            models.Index(fields=["mobile"]),
        ]

    def __str__(self) -> str:
        return self.code


class PurchaseStateChange(models.Model):
    """When an order moved and by whom."""

    purchase = models.ForeignKey(Purchase, on_delete=models.CASCADE, related_name="changes")
    old = models.CharField(max_length=10, choices=PurchaseState.choices, blank=True)
    new = models.CharField(max_length=10, choices=PurchaseState.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.purchase_id} {self.old} → {self.new}"


class PaymentMeans(models.TextChoices):
    CASH = "cash", _("现金")
    CODE = "code", _("扫码")


class Collection(models.Model):
    """Money received when an order was handed over: who, when, how much. Once an order."""

    purchase = models.OneToOneField(Purchase, on_delete=models.PROTECT, related_name="collection")
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    means = models.CharField(max_length=6, choices=PaymentMeans.choices)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-received_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="collection_has_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.purchase_id} {self.amount}"
