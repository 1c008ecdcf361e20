"""Lots, the append-only ledger of their grams, and the balances folded from it."""

from datetime import date
from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowed
from growers.models import Cooperative, VillageShop
from harvest_calendar.models import ProductForm
from logistics.models.place import Place


class LotState(models.TextChoices):
    OPEN = "open", _("可用")
    HOLD = "hold", _("暂扣")
    CLOSED = "closed", _("用完")


class LotQuerySet(models.QuerySet["Lot"]):
    def usable_on(self, day: date) -> Self:
        """Open and not expired; the expiry day itself no longer counts."""
        return self.filter(state=LotState.OPEN, expires_on__gt=day)


class Lot(models.Model):
    """A physical batch of one form and grade; grams say where it is, sources where it is from."""

    code = models.CharField(max_length=16, unique=True)
    form = models.ForeignKey(ProductForm, on_delete=models.PROTECT, related_name="lots")
    grade = models.CharField(max_length=40, blank=True)  # the grade's name; empty: not graded
    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="lots")
    shop = models.ForeignKey(VillageShop, on_delete=models.PROTECT, related_name="lots")
    harvested_on = models.DateField()
    expires_on = models.DateField()
    state = models.CharField(max_length=6, choices=LotState.choices, default=LotState.OPEN)
    opened_at = models.DateTimeField()

    objects = LotQuerySet.as_manager()

    class Meta:
        ordering = ["expires_on", "harvested_on", "code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_on__gt=models.F("harvested_on")),
                name="lot_expires_after_harvest",
            ),
        ]
        indexes = [models.Index(fields=["shop", "form", "grade", "state", "expires_on"])]

    def __str__(self) -> str:
        return self.code

    def is_usable_on(self, day: date) -> bool:
        """The rule of ``LotQuerySet.usable_on`` for one lot in hand."""
        return self.state == LotState.OPEN and self.expires_on > day


class MoveReason(models.TextChoices):
    RECEIVE = "receive", _("收进")
    PROCESS_IN = "process_in", _("投入加工")
    PROCESS_OUT = "process_out", _("加工产出")
    LOSS = "loss", _("加工损耗")
    MOVE = "move", _("调运")
    PACK = "pack", _("打包")
    SPOIL = "spoil", _("报损")


COMES_IN = ("receive", "process_out")
GOES_OUT = ("process_in", "loss", "pack", "spoil")


class AppendOnlyQuerySet(models.QuerySet["StockMove"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise NotAllowed(str(_("库存流水只能往后加，不能改。")))

    def delete(self) -> NoReturn:
        raise NotAllowed(str(_("库存流水只能往后加，不能删。")))


class StockMove(models.Model):
    """Grams of a lot went in, out or from place to place. Written once, never changed."""

    key = models.CharField(max_length=80, unique=True)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="moves")
    from_place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="moves_out"
    )
    to_place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="moves_in"
    )
    weight_g = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=12, choices=MoveReason.choices)
    document = models.CharField(max_length=60)  # code of the ticket, step or order behind it
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(weight_g__gt=0), name="move_has_weight"),
            models.CheckConstraint(
                condition=models.Q(
                    reason__in=COMES_IN, from_place__isnull=True, to_place__isnull=False
                )
                | models.Q(reason__in=GOES_OUT, from_place__isnull=False, to_place__isnull=True)
                | (
                    models.Q(reason="move", from_place__isnull=False, to_place__isnull=False)
                    & ~models.Q(from_place=models.F("to_place"))
                ),
                name="move_direction_fits_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.reason} {self.weight_g} g"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise NotAllowed(str(_("库存流水只能往后加，不能改。")))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotAllowed(str(_("库存流水只能往后加，不能删。")))


class LotBalance(models.Model):
    """What lies where now: the fold of the moves, kept in their transaction."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="balances")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="balances")
    weight_g = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["lot", "place"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "place"], name="lot_has_one_balance_a_place"),
            models.CheckConstraint(
                condition=models.Q(weight_g__gte=0), name="balance_is_never_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}@{self.place_id}: {self.weight_g} g"
