"""Small tables beside the pages: their searchable words, first words and public numbers."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class PageWords(models.Model):
    """What a page is found by, kept when it is published: lower case, no markup."""

    page = models.OneToOneField(
        Page, on_delete=models.CASCADE, related_name="words", primary_key=True
    )
    language_code = models.CharField(max_length=10)
    title = models.CharField(max_length=255)
    lead = models.CharField(max_length=255, blank=True)
    text = models.TextField()

    class Meta:
        ordering = ["page"]

    def __str__(self) -> str:
        return self.title


class FirstPage(models.Model):
    """Which page a file of first words became; a page an editor deleted stays deleted."""

    key = models.SlugField(max_length=60)
    language_code = models.CharField(max_length=10)
    page = models.ForeignKey(Page, on_delete=models.SET_NULL, null=True, related_name="+")
    fingerprint = models.CharField(max_length=64)

    class Meta:
        ordering = ["key", "language_code"]
        constraints = [
            models.UniqueConstraint(fields=["key", "language_code"], name="first_page_is_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.language_code}"


class NumberName(models.TextChoices):
    """Numbers the pages may show; never one about a person's status."""

    LISTINGS = "listings", _("正当季的货")
    CROPS = "crops", _("正在采的山货")
    CAMPAIGNS = "campaigns", _("开着的预售")
    SOLD = "sold", _("今年送到顾客手里")
    TAKEN = "taken", _("今年从种植户手里收下")
    GROWERS = "growers", _("今年交过货的种植户")
    PAID = "paid", _("今年付给种植户")


class PublicNumber(models.Model):
    """A number counted once a day; empty where fewer than ten households are behind it."""

    name = models.CharField(max_length=12, choices=NumberName.choices, primary_key=True)
    value = models.BigIntegerField(null=True)
    counted_on = models.DateField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} {self.value}"
