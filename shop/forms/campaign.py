"""What an operator says of a new campaign."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from core.clock import SHANGHAI
from shop.models import CampaignMode
from shop.pledge_rules import MOST_DEPOSIT_PERCENT

CLOSES_AT = time(20, 0)


def _mode_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=lazy("怎么成团"),
        choices=CampaignMode.choices,
        initial=CampaignMode.ALL_OR_NOTHING,
        error_messages={"required": lazy("选一种。")},
        widget=forms.RadioSelect,
    )


def _deposit_field() -> forms.IntegerField:
    wrong = lazy("定金写 0 到 20 的整数。")
    return forms.IntegerField(
        label=lazy("定金"),
        min_value=0,
        max_value=MOST_DEPOSIT_PERCENT,
        initial=0,
        help_text=lazy("成团后付的人，现在先付货款的几成；最多 20，不要就写 0。"),
        error_messages={
            "required": wrong,
            "invalid": wrong,
            "min_value": wrong,
            "max_value": wrong,
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class CampaignForm(forms.Form):
    """Goal, cap, price and deadline; the promised window comes from the calendar."""

    goal_packs = forms.IntegerField(
        label=lazy("成团份数"),
        min_value=1,
        help_text=lazy("约够这么多就成团。"),
        error_messages={
            "required": lazy("写上约够几份才成团。"),
            "invalid": lazy("份数写一个整数。"),
            "min_value": lazy("成团至少要 1 份。"),
        },
    )
    cap_packs = forms.IntegerField(
        label=lazy("最多接几份"),
        min_value=1,
        error_messages={
            "required": lazy("写上最多接几份。"),
            "invalid": lazy("份数写一个整数。"),
            "min_value": lazy("至少接 1 份。"),
        },
    )
    price = forms.DecimalField(
        label=lazy("每份价格"),
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        error_messages={
            "required": lazy("写上每份的价格。"),
            "invalid": lazy("价格写成 88 或 88.50 这样。"),
            "min_value": lazy("价格要大于 0。"),
            "max_decimal_places": lazy("价格最多两位小数。"),
            "max_digits": lazy("价格太大了。"),
            "max_whole_digits": lazy("价格太大了。"),
        },
    )
    deadline_on = forms.DateField(
        label=lazy("截止日"),
        help_text=lazy("这一天 20:00 截止。"),
        error_messages={
            "required": lazy("选一个截止日。"),
            "invalid": lazy("日期写成 2026-09-06 这样。"),
        },
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    story = forms.CharField(
        label=lazy("给买家说两句"),
        required=False,
        max_length=600,
        error_messages={"max_length": lazy("最多 600 字。")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, pays_online: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if pays_online:
            self.fields["mode"] = _mode_field()
            self.fields["deposit_percent"] = _deposit_field()

    @property
    def money_terms(self) -> dict[str, Any]:
        """Mode and deposit, where money goes through us."""
        return {
            name: self.cleaned_data[name]
            for name in ("mode", "deposit_percent")
            if name in self.cleaned_data
        }

    @property
    def deadline_at(self) -> datetime:
        return datetime.combine(self.cleaned_data["deadline_on"], CLOSES_AT, tzinfo=SHANGHAI)


class CancelCampaignForm(forms.Form):
    """Why a campaign is stopped."""

    reason = forms.CharField(
        label=lazy("为什么取消"),
        max_length=200,
        help_text=lazy("约过的人会看到这句话。"),
        error_messages={
            "required": lazy("写一句为什么取消，约过的人会看到。"),
            "max_length": lazy("最多 200 字。"),
        },
    )
