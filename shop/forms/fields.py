"""Fields and checks that several of the shop's forms share."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shop.public_words import clean_words, holds_identity, holds_mobile

# Turn the reading direction of what follows: a name must not rearrange the page it stands on.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def clean_line(typed: str) -> str:
    """One line of words: no control characters, none that turn the reading direction."""
    words = "".join(" " if unicodedata.category(one) == "Cc" else one for one in typed)
    return " ".join(_TURNS.sub("", words).split())


def for_everybody(typed: str) -> str:
    """Words that everybody will read, cleaned.

    Raises
    ------
    ValidationError
        An identity or telephone number stands in them.
    """
    words = clean_words(typed)
    if holds_identity(words):
        raise ValidationError(_("别把身份证号写在这里，谁都看得见。"), code="identity")
    if holds_mobile(words):
        raise ValidationError(_("别把电话写在这里，谁都看得见。"), code="mobile")
    return words


class WordsField(forms.CharField):
    """Words for everybody: cleaned first, then counted, and looked through for numbers."""

    def __init__(self, *, most: int, rows: int = 4, **kwargs: Any) -> None:
        errors = {
            "max_length": lazy("最多 %(limit_value)d 字，现在有 %(show_value)d 字。"),
            **kwargs.pop("error_messages", {}),
        }
        # No maxlength on the control: a browser would cut what was pasted without a word.
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=most, widget=widget, error_messages=errors, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}

    def to_python(self, value: Any) -> str:
        return clean_words(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        for_everybody(value)


def perishable_field() -> forms.BooleanField:
    """What has to be ticked before fresh goods are bought: without it they may be sent back."""
    return forms.BooleanField(
        label=lazy("鲜活易腐，签收后不能无理由退；坏了照赔，我知道了"),
        error_messages={"required": lazy("有鲜货，要先勾上这一条。")},
    )


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
