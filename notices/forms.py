"""A mobile number, and the code that was sent to it."""

import unicodedata

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.errors import BadInput
from core.mobile import plain_mobile


class MobileField(forms.CharField):
    """A mainland mobile number however it is typed; its cleaned value is eleven digits."""

    default_error_messages = {"required": lazy("写上手机号。")}

    def __init__(self, **kwargs: object) -> None:
        attrs = {"autocomplete": "tel-national", "inputmode": "tel", "type": "tel"}
        facts = {"label": lazy("手机号"), "max_length": 20, "widget": forms.TextInput(attrs=attrs)}
        super().__init__(**{**facts, **kwargs})  # type: ignore[arg-type]

    def to_python(self, value: object) -> str:
        typed = super().to_python(value) or ""
        return _clean_mobile(typed) if typed else typed


def _clean_mobile(typed: str) -> str:
    try:
        return plain_mobile(typed)
    except BadInput as error:
        raise forms.ValidationError(str(error)) from None


class NumberForm(forms.Form):
    """Where the code goes."""

    mobile = MobileField(help_text=lazy("给这个号码发一个验证码，不收费，也不用注册。"))


class CodeForm(forms.Form):
    """The six digits that came."""

    code = forms.CharField(
        label=lazy("验证码"),
        max_length=20,
        error_messages={"required": lazy("写上短信里的 6 位数字。")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "class": "code-entry",
                "autofocus": True,
            }
        ),
    )

    def clean_code(self) -> str:
        typed = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        code = "".join(typed.split())
        if len(code) != 6 or not code.isascii() or not code.isdigit():
            raise forms.ValidationError(_("验证码是 6 位数字。"))
        return code
