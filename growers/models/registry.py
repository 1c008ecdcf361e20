"""Words of the household registers, as the official forms spell them."""

from django.db import models

from core.words import LocalName


class RegistryCode(LocalName):
    """One answer of one list of the forms, such as a kind of organisation."""

    list_key = models.CharField(max_length=30)
    key = models.CharField(max_length=30)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    place = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=60)
    confidence = models.CharField(max_length=10)

    class Meta:
        ordering = ["list_key", "place"]
        constraints = [
            models.UniqueConstraint(fields=["list_key", "key"], name="registry_code_is_said_once"),
        ]

    def __str__(self) -> str:
        return f"{self.list_key}: {self.name_zh}"
