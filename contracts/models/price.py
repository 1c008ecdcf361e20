"""What a kilogram of a product is bought for, and its floor."""

from decimal import Decimal

from django.db import models
from simple_history.models import HistoricalRecords

from harvest_calendar.models import ProductForm


class PriceTerm(models.Model):
    """Price and floor of a form and grade from a day on; empty grade: no grade named.

    ``harvest_percent`` is the part of a household's harvest that usually reaches the grade.
    """

    form = models.ForeignKey(ProductForm, on_delete=models.PROTECT, related_name="price_terms")
    grade = models.CharField(max_length=40, blank=True)
    price_per_kg = models.DecimalField(max_digits=8, decimal_places=2)
    floor_per_kg = models.DecimalField(max_digits=8, decimal_places=2)
    min_lot_g = models.PositiveIntegerField(default=0)
    harvest_percent = models.PositiveSmallIntegerField(default=100)
    valid_from = models.DateField()
    history = HistoricalRecords()

    class Meta:
        ordering = ["form", "grade", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "grade", "valid_from"], name="price_is_said_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(floor_per_kg__gt=0)
                & models.Q(price_per_kg__gte=models.F("floor_per_kg")),
                name="price_is_never_below_its_floor",
            ),
            models.CheckConstraint(
                condition=models.Q(harvest_percent__gte=1, harvest_percent__lte=100),
                name="price_harvest_share_is_a_percentage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form_id} {self.grade} {self.price_per_kg}"

    @property
    def price_fen(self) -> int:
        return int(self.price_per_kg * Decimal(100))

    @property
    def floor_fen(self) -> int:
        return int(self.floor_per_kg * Decimal(100))
