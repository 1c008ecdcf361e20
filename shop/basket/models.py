"""Oscar's tables as they are; our basket reads its lines in one query with what our pages show."""

from typing import Any, ClassVar

from django.db import models
from oscar.apps.basket.abstract_models import AbstractBasket

LINE_FACTS = (
    "stockrecord",
    "product__product_class",
    "product__listing__form__crop",
    "product__listing__shop__station",
    "product__listing__grade",
    "product__listing__variety",
)


class Basket(AbstractBasket):
    """No new fields: only how lines are counted and fetched."""

    objects: ClassVar[models.Manager["Basket"]] = models.Manager()
    _lines: Any

    @property
    def num_items(self) -> int:
        """Packs in the basket, without loading its lines."""
        if self.pk is None:
            return 0
        return self.lines.aggregate(packs=models.Sum("quantity"))["packs"] or 0

    def all_lines(self) -> Any:
        """The lines, oldest first, each with its stock record and listing."""
        if self.pk is None:
            return self.lines.model.objects.none()
        if self._lines is None:
            self._lines = self.lines.select_related(*LINE_FACTS).order_by("pk")
        return self._lines


from oscar.apps.basket.models import *  # noqa: E402, F403  # Oscar registers the rest
