"""The texts of messages: each app registers its own in ``AppConfig.ready``.

A text is a lazily translated sentence with named places, such as ``_("%(crop)s开卖了。")``. Its
sample shows what the places hold; a test renders every text with it in every language. A value
that begins with ``/`` is an address of ours and is written in full.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, override


@dataclass(frozen=True)
class Text:
    """A text and an example of what it is filled with."""

    words: Any  # a lazy string
    sample: Mapping[str, str]


_texts: dict[str, Text] = {}


def register(key: str, words: Any, *, sample: Mapping[str, str] | None = None) -> None:
    """Add a text under ``app.name``, with an example for each of its named places."""
    _texts[key] = Text(words, dict(sample or {}))


def registered() -> dict[str, Text]:
    """All texts by their keys."""
    return dict(_texts)


def is_registered(key: str) -> bool:
    return key in _texts


def render(key: str, context: Mapping[str, str], *, language: str) -> str:
    """The words a person receives, in their language."""
    filled = {name: _in_full(value) for name, value in context.items()}
    with override(language):
        return str(_texts[key].words) % filled


def _in_full(value: str) -> str:
    return f"{settings.BASE_URL}{value}" if value.startswith("/") else value


def language_now() -> str:
    """The language this page is read in, which is also the one to write to its reader in."""
    active = get_language() or ""
    return active if active in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
