"""Fields and checks that several of the shop's forms share."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from django import forms

# Turn the reading direction of what follows: a name must not rearrange the page it stands on.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def clean_line(typed: str) -> str:
    """One line of words: no control characters, none that turn the reading direction."""
    words = "".join(" " if unicodedata.category(one) == "Cc" else one for one in typed)
    return " ".join(_TURNS.sub("", words).split())


class NotedSelect(forms.Select):
    """A select whose options carry notes for the page and may be closed, each with its reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes: Mapping[str, Mapping[str, str]] = {}
        self.closed: Collection[str] = ()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"].update(self.notes.get(str(value), {}))
        if str(value) in self.closed:
            option["attrs"]["disabled"] = True
        return option
