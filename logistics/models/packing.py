"""Which lots went into which order."""

from django.conf import settings
from django.db import models

from logistics.models.lot import Lot
from logistics.models.place import Place
from shop.models import Listing, Purchase


class Packing(models.Model):
    """An order was packed: by whom and when. Once an order."""

    code = models.CharField(max_length=16, unique=True)
    purchase = models.OneToOneField(Purchase, on_delete=models.PROTECT, related_name="packing")
    packed_at = models.DateTimeField()
    packed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-packed_at", "-pk"]

    def __str__(self) -> str:
        return self.code


class PackLine(models.Model):
    """Grams of a lot for a listing of the order; its lines sum to packs × pack weight."""

    packing = models.ForeignKey(Packing, on_delete=models.PROTECT, related_name="lines")
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="pack_lines")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    weight_g = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["packing", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(weight_g__gt=0), name="pack_line_has_weight"),
            models.UniqueConstraint(
                fields=["packing", "listing", "lot", "place"], name="pack_line_said_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.packing_id} {self.lot_id} {self.weight_g} g"
