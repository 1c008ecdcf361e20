"""The emulator's clock: the system's, moved or stopped, and remembered."""

import time
from datetime import UTC, datetime, timedelta

from devtools.stripe_emulator.store import Store


class Clock:
    """Runs with the system's clock until it is set; ``freeze`` stops it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ahead: float = store.setting("clock_ahead", 0.0)
        self._stopped: float | None = store.setting("clock_stopped")

    def moment(self) -> float:
        """Now, in seconds since 1970."""
        return time.time() + self._ahead if self._stopped is None else self._stopped

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
            self._ahead = at.timestamp() - time.time()
        self._remember()

    def advance(self, **by: float) -> None:
        """Move forward: ``advance(days=2, hours=1)``."""
        self.set(self.get() + timedelta(**by))

    def keep_ahead(self, seconds: float) -> None:
        """Run so far ahead of the system's clock."""
        self._stopped, self._ahead = None, seconds
        self._remember()

    def freeze(self, at: datetime | None = None) -> None:
        """Stop at a moment, or now."""
        self._stopped = (at or self.get()).timestamp()
        self._remember()

    def run(self) -> None:
        """Run on from the moment it stands at."""
        if self._stopped is not None:
            self._ahead, self._stopped = self._stopped - time.time(), None
            self._remember()

    def _remember(self) -> None:
        self._store.remember("clock_ahead", self._ahead)
        self._store.remember("clock_stopped", self._stopped)
