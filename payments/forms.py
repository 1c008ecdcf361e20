"""What staff type about money."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as lazy


class DepositForm(forms.Form):
    """Money that came into the guarantee fund by bank."""

    amount = forms.DecimalField(
        label=lazy("存进多少元"),
        min_value=Decimal("0.01"),
        decimal_places=2,
        max_digits=10,
        error_messages={
            "required": lazy("写上存进多少元。"),
            "invalid": lazy("只写数字，比如 5000.00。"),
            "min_value": lazy("至少 0.01 元。"),
            "max_decimal_places": lazy("最多写到分。"),
            "max_digits": lazy("数字太大了，看看有没有写错。"),
            "max_whole_digits": lazy("数字太大了，看看有没有写错。"),
        },
    )
    number = forms.CharField(
        label=lazy("银行回单号"),
        max_length=60,
        error_messages={
            "required": lazy("写上银行回单号，最多 60 个字。"),
            "max_length": lazy("写上银行回单号，最多 60 个字。"),
        },
    )
