"""What people type into the calendar."""

from django import forms
from django.utils.translation import gettext_lazy as _

from harvest_calendar.models import CropCategory, SeasonDate


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


class RevisionForm(forms.Form):
    """A season's new dates and why they move."""

    start_on = _day(_("开采"))
    peak_on = _day(_("盛期"))
    end_on = _day(_("采完"))
    reason = forms.CharField(
        label=_("为什么改"),
        max_length=200,
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
