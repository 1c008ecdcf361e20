"""The text a listing is found by, cut into pairs of characters so that 花椒 is found."""

from django.db import models

from shop.models.listing import Listing


class ListingSearch(models.Model):
    """``pairs`` holds the text's words and two-character parts between spaces."""

    listing = models.OneToOneField(
        Listing, on_delete=models.CASCADE, related_name="search_row", primary_key=True
    )
    pairs = models.TextField()

    class Meta:
        ordering = ["listing"]

    def __str__(self) -> str:
        return f"{self.listing_id}"
