"""Signing in, finding households, and saying why one looks."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from growers.models import Region, User
from growers.sign_in import plain_name


class SignInForm(forms.Form):
    """A mobile number or card code, and a password or PIN."""

    username = forms.CharField(
        label=gettext_lazy("手机号或种植户卡号"),
        help_text=gettext_lazy("卡号印在卡片正面，以“HH-”开头。"),
        max_length=40,
        error_messages={"required": gettext_lazy("填上手机号或卡号。")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "characters"}),
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        help_text=gettext_lazy("种植户填卡片背面的 6 位数字。"),
        strip=False,
        error_messages={"required": gettext_lazy("填上密码。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean_username(self) -> str:
        return plain_name(self.cleaned_data["username"])

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        name, password = facts.get("username"), facts.get("password")
        if name and password:
            found = authenticate(self.request, username=name, password=password)
            self.user = found if isinstance(found, User) else None
            if self.user is None:
                self.add_error("password", _("号码和密码对不上，再看看。"))
        return facts


class TownshipField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Townships by county and name."""

    def label_from_instance(self, obj: Region) -> str:
        return f"{obj.parent} {obj}"


class HouseholdFilterForm(forms.Form):
    """Which households of the register to list."""

    township = TownshipField(
        label=gettext_lazy("乡镇"),
        queryset=Region.objects.none(),
        required=False,
        empty_label=gettext_lazy("全部乡镇"),
    )
    code = forms.CharField(label=gettext_lazy("编号"), max_length=16, required=False)

    def __init__(self, *args: Any, townships: QuerySet[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["township"]
        if isinstance(field, TownshipField):
            field.queryset = townships


class PurposeForm(forms.Form):
    """Why somebody opens a household's identity; the household reads it."""

    purpose = forms.CharField(
        label=gettext_lazy("为什么要看"),
        help_text=gettext_lazy("这一句和您的名字会记下来，这户人家看得到。"),
        max_length=120,
        error_messages={"required": gettext_lazy("写明为什么要看。")},
    )
