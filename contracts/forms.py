"""What a person may choose; no form asks for a volume."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.models.plan import Quantile
from forecasting.models import ForecastRun, RunState
from growers.models import PlanningArea


class AreaField(forms.ModelChoiceField[PlanningArea]):
    """An area by its name."""

    def label_from_instance(self, obj: PlanningArea) -> str:
        return obj.name


class NewPlanForm(forms.Form):
    """Area, day of eligibility and how careful the demand is."""

    eligibility_on = forms.DateField(
        label=_("按哪天的名册"),
        help_text=_("人口、类别和绑定的村店都按这一天的登记算。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    demand_quantile = forms.ChoiceField(
        label=_("按多少需求签"), choices=Quantile.choices, initial=Quantile.P20
    )

    def __init__(self, *args: Any, areas: list[PlanningArea], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        mine = PlanningArea.objects.filter(pk__in=[area.pk for area in areas])
        self.fields["area"] = AreaField(
            label=_("给哪里排"), queryset=mine.select_related("lead", "region"), empty_label=None
        )
        self.order_fields(["area"])

    def clean_eligibility_on(self) -> date:
        day: date = self.cleaned_data["eligibility_on"]
        if day > self.today:
            raise forms.ValidationError(_("名册只能按今天或以前的日子。"))
        return day

    def clean_area(self) -> PlanningArea:
        area: PlanningArea = self.cleaned_data["area"]
        run = latest_done(area)
        if run is None:
            raise forms.ValidationError(_("这里还没有需求预测，先去需求页算一次。"))
        self.cleaned_data["forecast_run"] = run
        return area


def latest_done(area: PlanningArea) -> ForecastRun | None:
    """The newest forecast of an area that was computed to its end."""
    done = ForecastRun.objects.filter(area=area, state=RunState.DONE)
    return done.order_by("-as_of", "-pk").first()


class ExportForm(forms.Form):
    """Why somebody needs a plan's files."""

    purpose = forms.CharField(
        label=_("为什么要导出"),
        help_text=_("每一户都能在自己的页面上看到谁、为什么导出过。"),
        max_length=120,
        error_messages={"required": _("写明为什么要导出。")},
    )


class AnswerForm(forms.Form):
    """Yes or no; a helper also writes how the household agreed."""

    answer = forms.ChoiceField(choices=[("accept", _("签")), ("decline", _("不签"))])
    consent_note = forms.CharField(
        label=_("农户是怎么同意的"), required=False, max_length=200, widget=forms.TextInput
    )
