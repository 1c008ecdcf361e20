"""What a household brought, what it is owed for it, and where a lot's grams came from."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract
from growers.models import Cooperative, Household, Station, VillageShop
from logistics.models.lot import Lot
from logistics.models.payout import Payout


class WeighTicket(models.Model):
    """One weighing against one contract. The scale's figures stay; the accepted weight is paid."""

    code = models.CharField(max_length=16, unique=True)
    key = models.CharField(max_length=60, unique=True)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="tickets")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="tickets")
    gross_g = models.PositiveBigIntegerField()
    tare_g = models.PositiveBigIntegerField()
    net_g = models.PositiveBigIntegerField()
    accepted_g = models.PositiveBigIntegerField()  # net, but no more than the contract has open
    grade = models.CharField(max_length=40, blank=True)
    regrade_reason = models.CharField(max_length=120, blank=True)
    price_per_kg = models.DecimalField(max_digits=8, decimal_places=2)
    floor_per_kg = models.DecimalField(max_digits=8, decimal_places=2)
    weighed_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-weighed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(gross_g=models.F("net_g") + models.F("tare_g"))
                & models.Q(net_g__gt=0),
                name="ticket_net_is_gross_less_tare",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_g__gt=0, accepted_g__lte=models.F("net_g")),
                name="ticket_accepts_no_more_than_it_weighs",
            ),
            models.CheckConstraint(
                condition=models.Q(price_per_kg__gte=models.F("floor_per_kg"))
                & models.Q(floor_per_kg__gt=0),
                name="ticket_price_is_not_below_floor",
            ),
        ]
        indexes = [models.Index(fields=["contract", "weighed_at"])]

    def __str__(self) -> str:
        return self.code

    @property
    def returned_g(self) -> int:
        """Grams over the contract, which the household takes home again."""
        return self.net_g - self.accepted_g


class LotSource(models.Model):
    """Grams of a lot came from a household's ticket or from an earlier lot."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="sources")
    ticket = models.OneToOneField(
        WeighTicket, on_delete=models.PROTECT, null=True, blank=True, related_name="source"
    )
    parent = models.ForeignKey(
        Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    weight_g = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["lot", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ticket__isnull=False, parent__isnull=True)
                | models.Q(ticket__isnull=True, parent__isnull=False),
                name="source_is_a_ticket_or_a_lot",
            ),
            models.CheckConstraint(condition=models.Q(weight_g__gt=0), name="source_has_weight"),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("lot")), name="lot_is_not_its_own_parent"
            ),
            models.UniqueConstraint(fields=["lot", "parent"], name="parent_named_once"),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} ← {self.ticket_id or self.parent_id}"


class PayoutState(models.TextChoices):
    DUE = "due", _("待付")
    PAID = "paid", _("已付")


class PayoutDue(models.Model):
    """What the cooperative owes a household for one ticket, and by when."""

    ticket = models.OneToOneField(WeighTicket, on_delete=models.PROTECT, related_name="due")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="dues")
    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="dues")
    shop = models.ForeignKey(VillageShop, on_delete=models.PROTECT, related_name="dues")
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    due_on = models.DateField()
    state = models.CharField(max_length=4, choices=PayoutState.choices, default=PayoutState.DUE)
    # What orders paid through us brought for this weight; the cooperative owes the rest.
    covered = models.DecimalField(max_digits=10, decimal_places=2, default=Decimal("0.00"))
    payout = models.ForeignKey(
        Payout, on_delete=models.PROTECT, null=True, blank=True, related_name="dues"
    )
    paid_at = models.DateTimeField(null=True, blank=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="due_has_amount"),
            models.CheckConstraint(
                condition=models.Q(covered__gte=0, covered__lte=models.F("amount")),
                name="due_is_covered_at_most_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state="due", paid_at__isnull=True)
                | models.Q(state="paid", paid_at__isnull=False),
                name="due_paid_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["cooperative", "state", "due_on"]),
            models.Index(fields=["household", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.amount}"

    @property
    def rest(self) -> Decimal:
        """What the cooperative itself still has to bring."""
        return self.amount - self.covered
