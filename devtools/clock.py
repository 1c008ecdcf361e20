"""The demo's clock: the system's time moved by whole days, kept in a file."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from core.clock import day_of


def _file() -> Path:
    return Path(settings.VAR_DIR) / "demo-days"


@lru_cache(maxsize=4)
def _read(_stamp: int) -> int:
    return int(_file().read_text() or 0)


def days_ahead() -> int:
    """How many days the demo is ahead of the system's clock."""
    try:
        return _read(_file().stat().st_mtime_ns)
    except FileNotFoundError:
        return 0


def _write(days: int) -> None:
    _file().parent.mkdir(parents=True, exist_ok=True)
    _file().write_text(str(days))


def demo_now() -> datetime:
    """The demo's moment; used as ``settings.CLOCK``."""
    return timezone.now() + timedelta(days=days_ahead())


def move_to(days: int) -> None:
    """Set how many days the demo is ahead; it never goes back."""
    if days < days_ahead():
        raise ValueError("the demo's clock only moves forward")
    _write(days)


def pretend(today: date) -> None:
    """Make a day the demo's today before its world is built; it may lie in the past."""
    _write((today - day_of(timezone.now())).days)


def reset() -> None:
    """Back to the system's time, for a world built anew."""
    _file().unlink(missing_ok=True)
