"""Which crop the walk follows: the next one to ripen, whatever month it is."""

from dataclasses import dataclass
from datetime import date, timedelta

from harvest_calendar.models import Habit, HarvestWindow, ProductForm
from shop.products import may_be_listed

SOONEST = timedelta(days=16)
LATEST = timedelta(days=115)
# What is gathered rather than planted on a plot makes a poor first example.
LESS_TELLING = {"wild_vegetable"}


@dataclass(frozen=True)
class WalkChoice:
    """The form and county of the walk."""

    form: ProductForm
    county_code: str
    ready_on: date


def choose_walk(today: date) -> WalkChoice:
    """The form that will be ready next, after a pre-sale that is half-way today can end.

    Raises
    ------
    ValueError
        When no window opens in the next months: the calendar's facts are missing.
    """
    forms = {
        form.crop_id: form
        for form in ProductForm.objects.select_related("crop", "raw_crop").order_by("-key")
        if may_be_listed(form.crop) and form.crop.retail_min
    }
    coming = [
        WalkChoice(forms[window.crop_id], window.county_id, ready)
        for window in HarvestWindow.objects.select_related("crop")
        if window.crop_id in forms
        for ready in _ready_days(window, today)
    ]
    if not coming:
        raise ValueError("no harvest window opens in the next months")
    return min(coming, key=_worth)


def _ready_days(window: HarvestWindow, today: date) -> list[date]:
    month, day = map(int, window.start_md.split("-"))
    starts = (date(year, month, day) for year in (today.year, today.year + 1))
    ready = (start + timedelta(days=window.lag_min_days) for start in starts)
    return [day for day in ready if today + SOONEST <= day <= today + LATEST]


def _worth(choice: WalkChoice) -> tuple[bool, bool, bool, date, str, str]:
    crop = choice.form.crop
    kept = choice.form.raw_crop.habit == Habit.KEPT
    made = choice.form.crop_id != choice.form.raw_crop_id
    gathered = crop.category in LESS_TELLING
    return (kept, gathered, made, choice.ready_on, crop.key, choice.county_code)
