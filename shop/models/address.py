"""Addresses a person keeps, to be chosen again at checkout."""

from django.conf import settings
from django.db import models

from shop.divisions import named


class HasPlace:
    """An address in parts: ``province_code``, ``city`` (and county, in words), ``address``."""

    province_code: str
    city: str
    address: str

    @property
    def place(self) -> str:
        """The whole address in one line; empty for what is collected."""
        return " ".join(filter(None, (named(self.province_code), self.city, self.address)))


class SavedAddress(HasPlace, models.Model):
    """Who receives it and where; at most one of a person's is the default."""

    code = models.CharField(max_length=16, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_addresses"
    )
    name = models.CharField(max_length=40)
    mobile = models.CharField(max_length=20)
    province_code = models.CharField(max_length=2)  # GB/T 2260
    county_code = models.CharField(max_length=6)
    city = models.CharField(max_length=40)  # city and county as they were called when it was kept
    address = models.CharField(max_length=160)
    is_default = models.BooleanField(default=False)
    used_at = models.DateTimeField()

    class Meta:
        ordering = ["-is_default", "-used_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(is_default=True),
                name="person_has_one_default_address",
            ),
            models.UniqueConstraint(
                fields=["user", "mobile", "name", "county_code", "address"],
                name="address_kept_once",
            ),
            models.CheckConstraint(
                condition=models.Q(county_code__startswith=models.F("province_code"))
                & ~models.Q(province_code="")
                & ~models.Q(address=""),
                name="saved_address_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.code
