"""Where the yuan of a price go, as the shop says it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.models.listing import Listing


class ShareKind(models.TextChoices):
    """Who gets a part of the price, in the order a person reads them."""

    GROWER = "grower", _("种植户")
    PACKING = "packing", _("分拣包装")
    TRANSPORT = "transport", _("运输")
    SHOP = "shop", _("村店")
    PLATFORM = "platform", _("平台")


class PriceShare(models.Model):
    """One part of a listing's price; all five together are the price, or none is shown.

    That they add up cannot be a CHECK, for it looks at several rows: ``services.price_split``
    writes all five at once, ``change_listing`` takes them back with the price, and the page shows
    only what adds up.
    """

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="price_shares")
    kind = models.CharField(max_length=10, choices=ShareKind.choices)
    amount = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        ordering = ["listing", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["listing", "kind"], name="price_share_is_said_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0), name="price_share_is_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=ShareKind.values), name="price_share_has_a_known_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.kind} {self.amount}"
