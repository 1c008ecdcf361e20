"""After an order is placed: lines the shop cannot send, goods sent back, and the invoice."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.storages import private_storage
from shop.models.purchase import Purchase


class LineCancellation(models.Model):
    """A line that the shop cancelled before it was packed, and the reason the buyer reads."""

    line = models.OneToOneField("order.Line", on_delete=models.PROTECT, related_name="cancellation")
    purchase = models.ForeignKey(
        Purchase, on_delete=models.PROTECT, related_name="line_cancellations"
    )
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="cancelled_line_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.purchase_id} {self.line_id}"


class ReturnKind(models.TextChoices):
    NO_REASON = "no_reason", _("不想要了，没拆封")
    DAMAGED = "damaged", _("坏了、少了或不对")


class ReturnState(models.TextChoices):
    ASKED = "asked", _("等村店答复")
    ACCEPTED = "accepted", _("可以退，等东西寄回或当面验")
    REFUSED = "refused", _("没同意")
    REFUNDED = "refunded", _("钱退了")
    WITHDRAWN = "withdrawn", _("买家不退了")


class ReturnRequest(models.Model):
    """A buyer wants to send packs of one line back; one open at a time for each line."""

    code = models.CharField(max_length=16, unique=True)
    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, related_name="returns")
    line = models.ForeignKey("order.Line", on_delete=models.PROTECT, related_name="returns")
    packs = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=ReturnKind.choices)
    words = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=ReturnState.choices, default=ReturnState.ASKED)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    refund_code = models.CharField(max_length=24, blank=True)  # payments.Refund

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(packs__gt=0), name="return_has_packs"),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(answer=""), name="return_refused_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "refused", "refunded"])
                | Q(answered_at__isnull=False),
                name="return_answered_has_time",
            ),
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(state__in=["asked", "accepted"]),
                name="line_has_one_open_return",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ReturnPhoto(models.Model):
    """What a buyer photographed of damage; seen by the buyer, that shop and auditors only."""

    request = models.ForeignKey(ReturnRequest, on_delete=models.PROTECT, related_name="photos")
    number = models.PositiveSmallIntegerField()  # 1 to 3
    image = models.FileField(upload_to="returns/%Y/%m/", max_length=120, storage=private_storage)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering = ["request", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "number"], name="return_photo_is_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=3), name="return_has_three_photos_at_most"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.number}"


class InvoiceKind(models.TextChoices):
    PERSON = "person", _("个人")
    COMPANY = "company", _("单位")


class Invoice(models.Model):
    """What a buyer wants on the invoice; the shop writes its number when it is issued."""

    purchase = models.OneToOneField(Purchase, on_delete=models.PROTECT, related_name="invoice")
    kind = models.CharField(max_length=8, choices=InvoiceKind.choices)
    title = models.CharField(max_length=80)
    tax_number = models.CharField(max_length=20, blank=True)
    email = models.EmailField()
    amount_fen = models.BigIntegerField()
    asked_at = models.DateTimeField()
    number = models.CharField(max_length=30, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="person", tax_number="") | (Q(kind="company") & ~Q(tax_number="")),
                name="invoice_of_a_company_has_tax_number",
            ),
            models.CheckConstraint(
                condition=Q(number="", issued_at__isnull=True)
                | (~Q(number="") & Q(issued_at__isnull=False)),
                name="invoice_issued_has_number",
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="invoice_has_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.purchase_id} {self.title}"


class InvoiceCorrection(models.Model):
    """Money went back after an invoice was issued: the shop owes a correcting one over it."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="corrections")
    amount_fen = models.BigIntegerField()
    asked_at = models.DateTimeField()
    number = models.CharField(max_length=30, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="correction_has_amount"),
            models.CheckConstraint(
                condition=Q(number="", issued_at__isnull=True)
                | (~Q(number="") & Q(issued_at__isnull=False)),
                name="correction_issued_has_number",
            ),
            models.UniqueConstraint(
                fields=["invoice"],
                condition=Q(issued_at__isnull=True),
                name="invoice_has_one_open_correction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} -{self.amount_fen}"
