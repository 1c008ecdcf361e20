"""What a buyer owes for one thing, and the accounts it is for."""

from typing import NamedTuple

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.codes import new_code
from core.crypto import EncryptedTextField


class Way(models.TextChoices):
    CARD_LATER = "card_later", _("现在存卡，成团后扣款")
    LINK = "link", _("成团后凭链接付款")
    NOW = "now", _("马上付款")


class PaymentState(models.TextChoices):
    WAITING = "waiting", _("等买家在付款页上完成")
    READY = "ready", _("卡已存好")
    DUE = "due", _("该付款了")
    CHARGING = "charging", _("正在扣款")
    ACTION_REQUIRED = "action_required", _("等买家本人确认")
    FAILED_SOFT = "failed_soft", _("没扣成，还会再试")
    FAILED_HARD = "failed_hard", _("没扣成，要换卡")
    PAID = "paid", _("已付款")
    DROPPED = "dropped", _("逾期未付，已放弃")
    LAPSED = "lapsed", _("链接过期未付")
    VOID = "void", _("已取消")


class DeclineKind(models.TextChoices):
    SOFT = "soft", _("过几天可能成")
    HARD = "hard", _("多半不成，最后再试一次")
    NEVER = "never", _("这张卡不再试")
    NEEDS_BUYER = "needs_buyer", _("要买家本人确认")


class Payer(NamedTuple):
    """Who pays: our code for that person, and how to reach them."""

    reference: str
    name: str
    mobile: str
    email: str = ""
    language: str = "zh-hans"


class Part(NamedTuple):
    """A share of a payment: what it is for, and the account where it waits; in fen."""

    subject: str
    escrow: str
    amount: int


def payment_code() -> str:
    return new_code("PY")


class Payment(models.Model):
    """Money asked of one payer, once for its key. Paid whole or not at all; returned in parts."""

    code = models.CharField(max_length=20, unique=True, default=payment_code)
    subject = models.CharField(
        max_length=60, db_index=True
    )  # "pledge:PL-…"; its word names the owner
    key = models.CharField(max_length=120, unique=True)
    way = models.CharField(max_length=10, choices=Way.choices)
    methods = models.CharField(max_length=60, default="card")  # kinds the buyer may use, by commas
    state = models.CharField(
        max_length=15, choices=PaymentState.choices, default=PaymentState.WAITING
    )
    amount = models.BigIntegerField()  # fen
    paid = models.BigIntegerField(default=0)  # nought or the whole amount
    refunded = models.BigIntegerField(default=0)  # asked back, done or on its way
    aside = models.BigIntegerField(default=0)  # its owner owes it to the payer in another way
    description = models.CharField(max_length=200)
    payer_reference = models.CharField(max_length=60)
    payer_contact = EncryptedTextField()  # JSON of name, mobile, email
    language = models.CharField(max_length=10)
    # What the provider calls the payer, the saved card and the kind of means that paid.
    customer_id = models.CharField(max_length=80, blank=True, db_index=True)
    card_id = models.CharField(max_length=80, blank=True)
    old_cards = models.JSONField(default=list, blank=True)  # replaced ones, to be forgotten
    paid_with = models.CharField(max_length=20, blank=True)
    decline_code = models.CharField(max_length=60, blank=True)
    decline_kind = models.CharField(max_length=11, choices=DeclineKind.choices, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    lapse_at = models.DateTimeField(null=True, blank=True)  # a link or an unfinished page
    next_try_at = models.DateTimeField(null=True, blank=True)  # of the saved card
    woken_at = models.DateTimeField(null=True, blank=True)  # when a job for it was last ordered
    paid_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # dropped, lapsed or void
    tidy_at = models.DateTimeField(null=True, blank=True)  # pages to close, a card to forget

    class Meta:
        ordering = ["-created_at", "-pk"]
        permissions = [("settle_money", "Can resume payments and approve refunds by bank")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_asks_for_money"),
            models.CheckConstraint(
                condition=Q(state="paid", paid=F("amount"), paid_at__isnull=False)
                | (~Q(state="paid") & Q(paid=0, paid_at__isnull=True)),
                name="payment_is_paid_whole_or_not_at_all",
            ),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, aside__gte=0, refunded__lte=F("paid") - F("aside")),
                name="payment_returns_at_most_what_was_paid",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["dropped", "lapsed", "void"], ended_at__isnull=False)
                | (~Q(state__in=["dropped", "lapsed", "void"]) & Q(ended_at__isnull=True)),
                name="payment_given_up_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=["due", "charging", "action_required", "failed_soft", "failed_hard"]
                )
                | Q(due_at__isnull=False),
                name="payment_due_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "next_try_at"]),
            models.Index(fields=["state", "lapse_at"]),
            models.Index(
                fields=["tidy_at"], condition=Q(tidy_at__isnull=False), name="payment_to_tidy"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def owner_word(self) -> str:
        """The kind of thing it is for: what stands before the colon of its subject."""
        return self.subject.partition(":")[0]

    @property
    def means(self) -> list[str]:
        """Kinds of means the buyer may use: card, alipay, wechat_pay."""
        return self.methods.split(",")

    @property
    def left(self) -> int:
        """Fen that were paid, not asked back and not set aside."""
        return self.paid - self.refunded - self.aside


class PaymentPart(models.Model):
    """A share of a payment; the parts of a payment sum to it."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="parts")
    subject = models.CharField(max_length=60, db_index=True)
    escrow = models.CharField(max_length=60, db_index=True)  # code of the ledger's account
    amount = models.BigIntegerField()
    paid = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    aside = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["payment", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "subject"], name="part_is_named_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="part_asks_for_money"),
            models.CheckConstraint(
                condition=Q(paid=0) | Q(paid=F("amount")), name="part_is_paid_whole_or_not_at_all"
            ),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, aside__gte=0, refunded__lte=F("paid") - F("aside")),
                name="part_returns_at_most_what_was_paid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.subject}"

    @property
    def left(self) -> int:
        """Fen that were paid, not asked back and not set aside."""
        return self.paid - self.refunded - self.aside
