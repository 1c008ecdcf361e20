"""The almanac and where facts come from; filled from files, never by people."""

from django.db import models

from core.words import LocalName, local


class SolarTerm(LocalName):
    """One of the 24 solar terms of a year (Beijing time)."""

    name_zh = models.CharField(max_length=4)
    on = models.DateField(unique=True)

    class Meta:
        ordering = ["on"]

    def __str__(self) -> str:
        return f"{self.name_zh} {self.on}"


class Festival(LocalName):
    """The day of a festival in a year; demand events hang on its key."""

    key = models.SlugField(max_length=60)
    name_zh = models.CharField(max_length=60)
    on = models.DateField()

    class Meta:
        ordering = ["on", "key"]
        constraints = [
            models.UniqueConstraint(fields=["key", "on"], name="festival_is_dated_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name_zh} {self.on}"


class Source(models.Model):
    """Where a fact was read; facts name sources by key."""

    key = models.CharField(max_length=8, unique=True)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=200, blank=True)
    published_zh = models.CharField(max_length=60, blank=True)
    published_en = models.CharField(max_length=60, blank=True)
    reliability = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return f"{self.key} {self.title_zh}"

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return local(self.title_zh, self.title_en)

    @property
    def published(self) -> str:
        """When it appeared, in the reader's language."""
        return local(self.published_zh, self.published_en)
