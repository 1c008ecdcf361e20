"""Where stock lies: a township station or a hub."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from growers.models import Hub, Station


class PlaceKind(models.TextChoices):
    STATION = "station", _("站点")
    HUB = "hub", _("仓")


class Place(models.Model):
    """One place of the stock ledger; its code is the station's or the hub's."""

    code = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=8, choices=PlaceKind.choices)
    station = models.OneToOneField(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="place"
    )
    hub = models.OneToOneField(
        Hub, on_delete=models.PROTECT, null=True, blank=True, related_name="place"
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="station", station__isnull=False, hub__isnull=True)
                | models.Q(kind="hub", station__isnull=True, hub__isnull=False),
                name="place_is_a_station_or_a_hub",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What people call the place (select the station and hub with it)."""
        owner = self.station or self.hub
        return owner.name if owner else self.code
