"""Drying, pressing, sorting: lots go in, one lot and a stated loss come out."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from growers.models import Cooperative
from logistics.models.lot import Lot
from logistics.models.place import Place


class ProcessKind(models.TextChoices):
    DRY = "dry", _("晾晒烘干")
    PRESS = "press", _("压榨")
    SORT = "sort", _("分拣")


class ProcessStep(models.Model):
    """One step of work on stock: grams in are grams out and grams lost."""

    code = models.CharField(max_length=16, unique=True)
    key = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=8, choices=ProcessKind.choices)
    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="steps")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="steps")
    output = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="made_by")
    input_g = models.PositiveBigIntegerField()
    output_g = models.PositiveBigIntegerField()
    loss_g = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(input_g=models.F("output_g") + models.F("loss_g")),
                name="step_input_is_output_and_loss",
            ),
            models.CheckConstraint(
                condition=models.Q(output_g__gt=0, loss_g__gte=0), name="step_gives_something"
            ),
        ]

    def __str__(self) -> str:
        return self.code
