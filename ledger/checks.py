"""Invariants of money: each app registers its own, one command runs them all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Check = Callable[[], Iterable[str]]  # yields a sentence for everything that does not hold
_checks: dict[str, Check] = {}


@dataclass(frozen=True)
class Result:
    """What one check found; nothing found is good."""

    name: str
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


def register(name: str, check: Check) -> None:
    """Add an invariant; called in ``AppConfig.ready``."""
    _checks[name] = check


def run_all() -> list[Result]:
    """Run every registered check, by name."""
    return [Result(name, tuple(check())) for name, check in sorted(_checks.items())]
