"""What people type into the calendar."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harvest_calendar.models import CropCategory, SeasonDate


class DayField(forms.DateField):
    """A day picked from the phone's own calendar."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        words = {"required": _("请选日子。"), "invalid": _("日子要写成 2026-08-28 这样。")}
        super().__init__(widget=widget, error_messages=words, **options)


class RevisionForm(forms.Form):
    """A season's new dates and why they move."""

    start_on = DayField(label=_("开采"))
    peak_on = DayField(label=_("盛期"))
    end_on = DayField(label=_("采完"))
    reason = forms.CharField(
        label=_("为什么改"),
        max_length=200,
        error_messages={"required": _("请写下为什么改日子。")},
        help_text=_("例如：连阴雨，晒不干，往后挪五天。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @classmethod
    def for_season(cls, season: SeasonDate) -> "RevisionForm":
        """The form filled with the dates as they stand."""
        days = ("start_on", "peak_on", "end_on")
        return cls(initial={name: getattr(season, name) for name in days})


def chosen_category(value: str) -> str:
    """A category as asked for in the address, or none."""
    return value if value in CropCategory.values else ""
