"""Declaring a setback, choosing after one, and deciding when too little was paid."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as lazy

from shop.models import Listing, Remedy, SetbackKind
from shop.services.setbacks import News


class ChoiceForm(forms.Form):
    """One of what can be chosen."""

    remedy = forms.ChoiceField(
        label=lazy("怎么办"),
        error_messages={
            "required": lazy("选一种。"),
            "invalid_choice": lazy("这一种不能选，换一种。"),
        },
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, remedies: Sequence[Remedy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remedy"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (remedy.value, remedy.label) for remedy in remedies
        ]


class SetbackForm(forms.Form):
    """What the shop says: how much, when, why."""

    kind = forms.ChoiceField(
        label=lazy("出了什么事"),
        choices=SetbackKind.choices,
        error_messages={
            "required": lazy("选一种。"),
            "invalid_choice": lazy("这一种现在不能报，换一种。"),
        },
        widget=forms.RadioSelect,
    )
    percent = forms.IntegerField(
        label=lazy("能发几成"),
        required=False,
        min_value=1,
        max_value=99,
        help_text=lazy("只在收成不够时填，写百分数，如 60。"),
        error_messages={
            "invalid": lazy("写 1 到 99 的整数。"),
            "min_value": lazy("写 1 到 99 的整数。"),
            "max_value": lazy("写 1 到 99 的整数。"),
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    from_on = forms.DateField(
        label=lazy("新的第一天"),
        required=False,
        help_text=lazy("日子挪后要填；收成不够时是愿意等的人等到的日子。"),
        error_messages={"invalid": lazy("日期写成 2026-09-06 这样。")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    to_on = forms.DateField(
        label=lazy("新的最后一天"),
        required=False,
        error_messages={"invalid": lazy("日期写成 2026-09-06 这样。")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    substitute = forms.ModelChoiceField(
        label=lazy("换成这件货"),
        queryset=Listing.objects.none(),
        required=False,
        empty_label=lazy("不换"),
        help_text=lazy("不填就不给换。份数和付过的钱不变。"),
    )
    reason = forms.CharField(
        label=lazy("原因"),
        max_length=200,
        help_text=lazy("约过的人会看到这句话。"),
        error_messages={
            "required": lazy("写一句原因，约过的人会看到。"),
            "max_length": lazy("最多 200 字。"),
        },
    )

    def __init__(
        self,
        *args: Any,
        offers: QuerySet[Listing] | None = None,
        only_failed: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if only_failed:
            self._leave_only_failed()
        elif offers is not None:
            self.fields["substitute"].queryset = offers  # type: ignore[attr-defined]
            self.fields["substitute"].label_from_instance = attrgetter("title")  # type: ignore[attr-defined]

    def _leave_only_failed(self) -> None:
        """While money is collected nothing else can be declared; the rest of the form is gone."""
        kind = SetbackKind.FAILED
        self.fields["kind"].choices = [(kind.value, kind.label)]  # type: ignore[attr-defined]
        self.fields["kind"].initial = kind.value
        for name in ("percent", "from_on", "to_on", "substitute"):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """A short harvest has its share, a delay its day."""
        typed = super().clean() or {}
        if typed.get("kind") == SetbackKind.PARTIAL:
            self._need("percent", lazy("写上能发几成。"))
        if typed.get("kind") == SetbackKind.DELAY:
            self._need("from_on", lazy("写上新的第一天。"))
        return typed

    def _need(self, name: str, said: Any) -> None:
        """One sentence for each field: what is wrong with it, or that it is missing."""
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, said)

    @property
    def news(self) -> News:
        typed = self.cleaned_data
        return News(
            kind=SetbackKind(typed["kind"]),
            reason=typed["reason"],
            percent=typed.get("percent") or 100,
            from_on=typed.get("from_on"),
            to_on=typed.get("to_on"),
            substitute=typed.get("substitute"),
        )


class DecideForm(forms.Form):
    """Too little was paid: what now, and why."""

    decision = forms.ChoiceField(
        label=lazy("怎么办"),
        choices=[
            ("go_on", lazy("接着办：已付的照发")),
            ("cover", lazy("接着办：差的由单位采购合同补上")),
            ("refund", lazy("不办了：全退")),
        ],
        error_messages={"required": lazy("选一种。")},
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=lazy("为什么这样定"),
        max_length=180,
        help_text=lazy("记在这场预售的经过里；全退时，付过钱的人会看到。"),
        error_messages={
            "required": lazy("写一句为什么这样定。"),
            "max_length": lazy("最多 180 字。"),
        },
    )
