"""What platform staff type of a second deposit."""

from django import forms
from django.utils.translation import gettext_lazy as lazy


class SentForm(forms.Form):
    """The number under which the bank sent it."""

    number = forms.CharField(
        label=lazy("银行回单号"),
        max_length=60,
        error_messages={
            "required": lazy("写上银行回单号，最多 60 个字。"),
            "max_length": lazy("写上银行回单号，最多 60 个字。"),
            "null_characters_not_allowed": lazy("写上银行回单号，最多 60 个字。"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
