"""Photographs of what a listing sells, taken by the people who sell it."""

from django.conf import settings
from django.db import models

from shop.models.listing import Listing


class ListingPicture(models.Model):
    """One photograph in two sizes, both made at upload: a page never measures or shrinks one."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="pictures")
    image = models.FileField(upload_to="pictures/%Y/%m/", max_length=120)  # at most 1600 px
    small = models.FileField(upload_to="pictures/%Y/%m/", max_length=120)  # at most 480 px
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    caption = models.CharField(max_length=60, blank=True)
    place = models.PositiveSmallIntegerField()  # the first is 0
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["listing", "place"]
        constraints = [
            models.UniqueConstraint(fields=["listing", "place"], name="picture_place_used_once"),
            models.CheckConstraint(
                condition=models.Q(width__gt=0, height__gt=0), name="picture_has_a_size"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.place}"
