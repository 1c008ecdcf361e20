"""Moving the demo's day forward: each day between is lived, tick by tick."""

from datetime import date, timedelta

from core import clock
from core.services import run_tick
from devtools import clock as demo_clock

LONGEST_JUMP_DAYS = 200


def travel_to(day: date) -> int:
    """Move to a later day and run the tick of every day on the way; return the days moved."""
    days = (day - clock.today()).days
    if not 0 < days <= LONGEST_JUMP_DAYS:
        raise ValueError("the demo moves forward by 1 to 200 days")
    for _day in range(days):
        demo_clock.move_to(demo_clock.days_ahead() + 1)
        run_tick(at=clock.now())
    return days


def days_from_now(days: int) -> date:
    """The date so many days after the demo's today."""
    return clock.today() + timedelta(days=days)
