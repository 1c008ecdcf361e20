"""The boxes and stretch goals of a draft as its shop writes them, in rows; empty ones fall."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as lazy

from shop.forms.fields import clean_line, for_everybody
from shop.models import Campaign, StretchKind
from shop.services.campaign_parts import MOST_BOXES, MOST_GOALS, BadPart, Box, Goal

SPARE_ROWS = 2  # empty rows beneath what is written
MOST_PACKS = 1_000_000


def _number(label: Any, *, least: int = 1, required: bool = True, **facts: Any) -> Any:
    wrong = lazy("写一个整数，至少 1。")
    errors = {
        "required": lazy("写上几个。"),
        "invalid": wrong,
        "min_value": wrong,
        "max_value": lazy("这个数太大了。"),
    }
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=MOST_PACKS,
        required=required,
        error_messages=errors,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        **facts,
    )


class _Row(forms.Form):
    """One row; left empty it is not there."""

    use_required_attribute = False

    def has_changed(self) -> bool:
        """Something stands in it."""
        return any(str(self[name].data or "").strip() for name in self.typed)

    typed: tuple[str, ...] = ()


class BoxForm(_Row):
    """One way of packing."""

    typed = ("title", "packs_per_unit", "price", "cap_units", "most_each")

    title = forms.CharField(
        label=lazy("名字"),
        max_length=40,
        help_text=lazy("比如“家庭装”。"),
        error_messages={"required": lazy("起个名字。"), "max_length": lazy("最多 40 字。")},
    )
    packs_per_unit = _number(lazy("一盒几份"))
    price = forms.DecimalField(
        label=lazy("一盒的价格"),
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        error_messages={
            "required": lazy("写上一盒的价格。"),
            "invalid": lazy("价格写成 88 或 88.50 这样。"),
            "min_value": lazy("价格要大于 0。"),
            "max_decimal_places": lazy("价格最多两位小数。"),
            "max_digits": lazy("价格太大了。"),
            "max_whole_digits": lazy("价格太大了。"),
        },
    )
    cap_units = _number(lazy("一共几盒"))
    most_each = _number(lazy("一个人最多几盒"), required=False)

    def clean_title(self) -> str:
        return for_everybody(clean_line(self.cleaned_data["title"]))

    @property
    def box(self) -> Box:
        return Box(**{name: self.cleaned_data[name] for name in self.typed})


class GoalForm(_Row):
    """One stretch goal."""

    typed = ("at_packs", "promise")

    at_packs = _number(lazy("约到几份"))
    kind = forms.ChoiceField(
        label=lazy("加什么"),
        choices=StretchKind.choices,
        error_messages={"required": lazy("选一种。"), "invalid_choice": lazy("选一种。")},
    )
    promise = forms.CharField(
        label=lazy("说清楚"),
        max_length=120,
        help_text=lazy("比如“多请 3 户供货”“每盒加两个冰袋”。"),
        error_messages={
            "required": lazy("写一句加的是什么。"),
            "max_length": lazy("最多 120 字。"),
        },
    )

    def clean_promise(self) -> str:
        return for_everybody(clean_line(self.cleaned_data["promise"]))

    @property
    def goal(self) -> Goal:
        said = self.cleaned_data
        return Goal(said["at_packs"], said["kind"], said["promise"])


class PartsForm:
    """All rows of a draft together; ``seen`` is the hash of the draft as it was read."""

    def __init__(self, campaign: Campaign, data: Any = None) -> None:
        self.said: list[str] = []
        boxes = list(campaign.tiers.order_by("number").values(*BoxForm.typed))
        goals = campaign.stretch_goals.order_by("at_packs").values("kind", *GoalForm.typed)
        self.boxes = _rows(BoxForm, "box", boxes, data, most=MOST_BOXES)
        self.goals = _rows(GoalForm, "goal", list(goals), data, most=MOST_GOALS)
        self.seen = "" if data is None else str(data.get("seen", ""))

    def is_valid(self) -> bool:
        """Whether every row that has something in it can be read."""
        return not [row for row in self._all if not row.is_valid()]

    def refuse(self, error: Exception) -> None:
        """Say what the service refused, beside its row and field."""
        if not isinstance(error, BadPart):
            self.said.append(str(error))
            return
        rows: list[Any] = list(self._written(self.boxes if error.part == "box" else self.goals))
        rows[error.row].add_error(error.field, str(error))

    @property
    def typed_boxes(self) -> list[Box]:
        return [row.box for row in self._written(self.boxes)]

    @property
    def typed_goals(self) -> list[Goal]:
        return [row.goal for row in self._written(self.goals)]

    # What the list of errors at the top of a form reads.
    @property
    def errors(self) -> bool:
        return bool(self.said) or any(row.is_bound and row.errors for row in self._all)

    @property
    def non_field_errors(self) -> list[str]:
        return self.said

    @property
    def visible_fields(self) -> Iterator[BoundField]:
        return (field for row in self._all for field in row)

    @cached_property
    def _all(self) -> list[_Row]:
        return [*self.boxes, *self.goals]

    @staticmethod
    def _written(rows: list[Any]) -> Iterator[Any]:
        return (row for row in rows if row.has_changed())


def _rows(kind: type[_Row], name: str, stored: list[Any], data: Any, *, most: int) -> list[Any]:
    """What is stored and some empty ones beneath; after a refusal all that may have been typed."""
    shown = most if data is not None else min(most, len(stored) + SPARE_ROWS)
    if data is not None:
        shown = max(SPARE_ROWS, *(n + 1 for n in range(most) if _was_sent(data, f"{name}-{n}-")), 0)
    return [
        kind(
            data,
            prefix=f"{name}-{n}",
            initial=stored[n] if n < len(stored) else None,
            empty_permitted=True,
        )
        for n in range(shown)
    ]


def _was_sent(data: Any, prefix: str) -> bool:
    return any(name.startswith(prefix) for name in data)
