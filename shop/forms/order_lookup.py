"""Finding one's order without an account."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.codes import code_is_sound
from shop.forms.checkout import clean_mobile


class OrderLookupForm(forms.Form):
    """The order's code and the mobile number it was placed with."""

    code = forms.CharField(
        label=lazy("订单号"),
        max_length=16,
        help_text=lazy("下单后给你的号，像 SD-7K3F9Q2X。"),
        error_messages={"required": lazy("写上订单号。")},
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    mobile = forms.CharField(
        label=lazy("下单时的手机号"),
        max_length=20,
        error_messages={"required": lazy("写上下单时的手机号。")},
        widget=forms.TextInput(
            attrs={"autocomplete": "tel-national", "inputmode": "tel", "type": "tel"}
        ),
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip().upper()
        if not code_is_sound(code):
            raise forms.ValidationError(_("订单号抄错了一位，对一对再写。"))
        return code

    def clean_mobile(self) -> str:
        return clean_mobile(self.cleaned_data["mobile"])
