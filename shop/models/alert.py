"""Who wants to be told when a crop is for sale again."""

from django.db import models

from core.crypto import EncryptedTextField
from growers.models import Region
from harvest_calendar.models import Crop


class SeasonAlert(models.Model):
    """A number that asked to be told of a crop, of one county or of any.

    The number is sealed; ``who`` recognises it. Ending a wish deletes the row.
    """

    token = models.CharField(max_length=32, unique=True)  # carried by the link that ends it
    crop = models.ForeignKey(Crop, on_delete=models.CASCADE, related_name="alerts")
    county = models.ForeignKey(
        Region, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    who = models.CharField(max_length=64)  # core.crypto.fingerprint of the number
    mobile = EncryptedTextField()
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField()
    told_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["who", "crop", "county"], name="one_wish_for_a_crop_of_a_county"
            ),
            models.UniqueConstraint(
                fields=["who", "crop"],
                condition=models.Q(county__isnull=True),
                name="one_wish_for_a_crop_of_anywhere",
            ),
            models.CheckConstraint(
                condition=~models.Q(mobile="") & ~models.Q(who=""), name="alert_has_a_number"
            ),
        ]
        indexes = [models.Index(fields=["crop", "told_on"])]

    def __str__(self) -> str:
        return f"{self.crop_id} {self.created_at:%Y-%m-%d}"
