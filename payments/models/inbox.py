"""What the provider told us, what moved in its books, and where the two do not agree."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class EventState(models.TextChoices):
    NEW = "new", _("还没看")
    DONE = "done", _("看过了")
    PARKED = "parked", _("对不上，过会儿再看")
    LEFT = "left", _("对不上，等人看")


class Trouble(models.TextChoices):
    """Why a message was not taken in, as a person reads it."""

    NOT_OURS = "not_ours", _("说的不是我们的付款，或者我们还没记下")
    REFUSED = "refused", _("对方查不到这个编号")
    MISMATCH = "mismatch", _("金额或币种和我们要的不一样")
    NOT_NOW = "not_now", _("现在还办不了")
    SILENT = "silent", _("对方没有回音，过会儿再问")
    BROKEN = "broken", _("处理时出了错，请技术人员看日志")


class ProviderEvent(models.Model):
    """A message of the provider's, kept once by its own number; the object itself is fetched."""

    id = models.CharField(primary_key=True, max_length=80)
    kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=120)
    state = models.CharField(max_length=6, choices=EventState.choices, default=EventState.NEW)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)  # a Trouble, a colon, the facts
    made_at = models.DateTimeField()  # by the provider
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False)
                | (~Q(state="done") & Q(done_at__isnull=True)),
                name="event_done_has_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "next_try_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def trouble(self) -> str:
        """Why it was not taken in; empty where nothing is wrong."""
        if not self.error:
            return ""
        word = self.error.partition(":")[0]
        return str(Trouble(word if word in Trouble.values else Trouble.BROKEN).label)

    @property
    def facts(self) -> str:
        """What a person may compare; an error of ours is in the log, not on a page."""
        word, _colon, facts = self.error.partition(":")
        told = (Trouble.MISMATCH, Trouble.NOT_NOW, Trouble.REFUSED)
        return facts if word in told else ""


class Movement(models.Model):
    """One line of the provider's own books, and the group of our transfers that says the same."""

    provider_id = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=40)
    amount = models.BigIntegerField()  # fen, below nought when it went out
    fee = models.BigIntegerField()
    group = models.CharField(max_length=60, db_index=True)  # of ledger transfers
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.provider_id

    @property
    def net(self) -> int:
        """What the provider's balance changed by."""
        return self.amount - self.fee


class Difference(models.Model):
    """Where the provider's books and ours do not agree: for a person to look at, never mended."""

    kind = models.CharField(max_length=20)
    reference = models.CharField(max_length=120)
    detail = models.CharField(max_length=300)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # found again
    settled_at = models.DateTimeField(null=True, blank=True)  # not found any more

    class Meta:
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="difference_is_noted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
