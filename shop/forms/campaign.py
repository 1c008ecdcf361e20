"""What an operator says of a campaign, and what the cooperative answers."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from core.clock import SHANGHAI, day_of
from shop.campaign_terms import NewTerms, Terms
from shop.models import CHANGEABLE, Campaign, CampaignMode
from shop.pledge_rules import MOST_DEPOSIT_PERCENT

MOST_PACKS = 1_000_000
OPENS_AT = time(8, 0)
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


def _packs_field(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=MOST_PACKS,
        help_text=help_text,
        error_messages={
            "required": lazy("写上几份。"),
            "invalid": lazy("份数写一个整数。"),
            "min_value": lazy("至少 1 份。"),
            "max_value": lazy("份数太大了。"),
        },
    )


def _price_field() -> forms.DecimalField:
    return forms.DecimalField(
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


def _day_field(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        error_messages={
            "required": lazy("选一天。"),
            "invalid": lazy("日期写成 2026-09-06 这样。"),
        },
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class CampaignForm(forms.Form):
    """Goal, cap, price and deadline; the promised window comes from the calendar."""

    goal_packs = _packs_field(lazy("成团份数"), lazy("约够这么多就成团。"))
    cap_packs = _packs_field(lazy("最多接几份"))
    price = _price_field()
    opens_on = forms.DateField(
        label=lazy("哪天开约"),
        required=False,
        help_text=lazy("这一天 8:00 开约；不写，合作社批了就开。"),
        error_messages={"invalid": lazy("日期写成 2026-09-06 这样。")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    deadline_on = _day_field(lazy("截止日"), lazy("这一天 20:00 截止。"))
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

    @staticmethod
    def written(campaign: Campaign, *, at: datetime) -> dict[str, Any]:
        """A draft's terms as the form shows them."""
        names = ("goal_packs", "cap_packs", "price", "story", "mode", "deposit_percent")
        terms: dict[str, Any] = {name: getattr(campaign, name) for name in names}
        terms["deadline_on"] = day_of(campaign.deadline_at)
        if campaign.opens_at > at:
            terms["opens_on"] = day_of(campaign.opens_at)
        return terms

    def terms(self, *, at: datetime, before: Campaign | None = None) -> Terms:
        """What was written; mode and deposit stay as they were where they are not asked."""
        said = self.cleaned_data
        kept = {} if before is None else self.written(before, at=at)
        opens_on = said["opens_on"]
        return Terms(
            goal_packs=said["goal_packs"],
            cap_packs=said["cap_packs"],
            price=said["price"],
            story=said["story"],
            opens_at=_moment(opens_on, OPENS_AT) if opens_on else at,
            deadline_at=_moment(said["deadline_on"], CLOSES_AT),
            mode=said.get("mode") or kept.get("mode", CampaignMode.ALL_OR_NOTHING),
            deposit_percent=said.get("deposit_percent", kept.get("deposit_percent", 0)),
        )


def _moment(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=SHANGHAI)


class ApprovalForm(forms.Form):
    """What the cooperative says to a submitted campaign; ``seen`` is what it read."""

    do = forms.ChoiceField(
        choices=[("approve", ""), ("return", "")],
        error_messages={"required": lazy("批准还是退回，点一个。")},
        widget=forms.HiddenInput,
    )
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=lazy("为什么退回"),
        required=False,
        max_length=200,
        help_text=lazy("店里会看到这句话。"),
        error_messages={"max_length": lazy("最多 200 字。")},
    )


class TermsChangeForm(forms.Form):
    """The terms of a running campaign as they should be, and why."""

    goal_packs = _packs_field(lazy("成团份数"), lazy("约够这么多就成团。"))
    cap_packs = _packs_field(lazy("最多接几份"))
    price = _price_field()
    deadline_on = _day_field(lazy("截止日"), lazy("这一天 20:00 截止。"))
    promised_from_on = _day_field(lazy("最早哪天发货"))
    promised_to_on = _day_field(lazy("最晚哪天发货"))
    reason = forms.CharField(
        label=lazy("为什么改"),
        max_length=200,
        help_text=lazy("约过的人会看到这句话。"),
        error_messages={
            "required": lazy("写一句为什么改，约过的人会看到。"),
            "max_length": lazy("最多 200 字。"),
        },
    )

    @staticmethod
    def written(campaign: Campaign) -> dict[str, Any]:
        """The terms as they are."""
        terms = {name: getattr(campaign, name) for name in CHANGEABLE}
        return terms | {"deadline_on": day_of(campaign.deadline_at)}

    def terms(self, campaign: Campaign) -> NewTerms:
        """What was typed; a deadline on the same day stays at its minute."""
        said = self.cleaned_data
        same = said["deadline_on"] == day_of(campaign.deadline_at)
        closes = campaign.deadline_at if same else _moment(said["deadline_on"], CLOSES_AT)
        kept = {name: said[name] for name in CHANGEABLE if name in said}
        return NewTerms(**kept, deadline_at=closes)


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
