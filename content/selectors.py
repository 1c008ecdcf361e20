"""What the home page shows, gathered from the apps below."""

from datetime import date, datetime


def home_facts(*, on: date, at: datetime) -> dict[str, object]:
    raise ValueError
