"""The emulator's clock: the system's, moved or stopped, and remembered."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from devtools.stripe_emulator.store import Store

DAY_S = 24 * 3600


class Clock:
    """Runs with the system's clock until it is set; ``freeze`` stops it.

    ``days_file`` holds how many days another clock is ahead: the demo's, which this one follows.
    """

    def __init__(self, store: Store, days_file: Path | None = None) -> None:
        self._store = store
        self._days_file = days_file
        self._days_read: tuple[int, float] = (0, 0.0)
        self._ahead: float = store.setting("clock_ahead", 0.0)
        self._stopped: float | None = store.setting("clock_stopped")

    def moment(self) -> float:
        """Now, in seconds since 1970."""
        if self._stopped is not None:
            return self._stopped
        return self._base() + self._ahead

    def _base(self) -> float:
        return time.time() + (self._followed() if self._days_file else 0.0)

    def _followed(self) -> float:
        try:
            stamp = self._days_file.stat().st_mtime_ns if self._days_file else 0
            if self._days_file and stamp != self._days_read[0]:
                days = float(self._days_file.read_text() or 0)
                self._days_read = (stamp, days * DAY_S)
        except (FileNotFoundError, ValueError):
            return 0.0
        return self._days_read[1]

    def seconds(self) -> int:
        """Now, as Stripe writes it."""
        return int(self.moment())

    def get(self) -> datetime:
        """Now, aware, in UTC."""
        return datetime.fromtimestamp(self.moment(), UTC)

    def set(self, at: datetime) -> None:
        """Make it this moment; a running clock runs on from it."""
        if self._stopped is not None:
            self._stopped = at.timestamp()
        else:
            self._ahead = at.timestamp() - self._base()
        self._remember()

    def advance(self, **by: float) -> None:
        """Move forward: ``advance(days=2, hours=1)``."""
        self.set(self.get() + timedelta(**by))

    def freeze(self, at: datetime | None = None) -> None:
        """Stop at a moment, or now."""
        self._stopped = (at or self.get()).timestamp()
        self._remember()

    def run(self) -> None:
        """Run on from the moment it stands at."""
        if self._stopped is not None:
            self._ahead, self._stopped = self._stopped - self._base(), None
            self._remember()

    def _remember(self) -> None:
        self._store.remember("clock_ahead", self._ahead)
        self._store.remember("clock_stopped", self._stopped)
