"""What a thing is called in the reader's language.

A row with a Chinese name is a ``LocalName``: pages write ``{{ thing.name }}``. English comes from
the row's ``name_en`` where it has one, else from the catalogue, which knows the fixed lists:
grades, solar terms, festivals, provinces.
"""

import re
from typing import Any, Protocol

from django.db import models
from django.utils.translation import get_language, gettext

from core.latin import place_in_latin

CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


class Named(Protocol):
    """Anything with a Chinese name."""

    @property
    def name_zh(self) -> str: ...


def in_english() -> bool:
    """Whether the page being made is English."""
    return (get_language() or "").startswith("en")


def has_chinese(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return CHINESE.search(text) is not None


def local(chinese: str, english: str = "") -> str:
    """The text in the reader's language; Chinese when no other is known.

    >>> from django.utils.translation import override
    >>> with override("en"):
    ...     local("八盘梨", "Bapan pear")
    'Bapan pear'
    """
    if not chinese or not in_english():
        return chinese
    return english or gettext(chinese)


class LocalName(models.Model):
    """A row named in Chinese (``name_zh``) and, where it has the column, in English."""

    class Meta:
        abstract = True

    @property
    def name(self: Named) -> str:
        """The name in the reader's language."""
        return local(self.name_zh, getattr(self, "name_en", ""))


class PlaceName(LocalName):
    """A row named like a place: English that nobody wrote is its name in Latin letters."""

    name_zh: Any  # columns of the row; said here for the method below
    name_en: Any

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Fill the English name of a row that has none."""
        self.name_en = self.name_en or place_in_latin(self.name_zh)
        super().save(*args, **kwargs)
