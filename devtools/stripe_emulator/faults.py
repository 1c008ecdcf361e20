"""Knobs that make the world misbehave, so that the platform can be shown to bear it.

==============  ================================================================================
``slow``        waits ``seconds`` before the request is looked at
``rate_limit``  429, nothing done, nothing saved under the idempotency key
``unavailable`` 503, nothing done, nothing saved
``error``       500, nothing done, **saved** under the key as Stripe does
``error_after`` everything done, 500 answered and saved
``drop_request``  the connection breaks before anything is done
``drop_reply``  everything done and saved, the connection breaks
``crash``       everything done and saved, then the process dies (inside a test: ``drop_reply``)
``duplicate``   an event is delivered ``count`` times
``delay``       an event is delivered ``seconds`` later
``drop``        an event is never delivered (it still stands in the list of events)
``reorder``     events waiting at one time are delivered in a shuffled order
``refund_fails``  the next refund to a wallet comes back
==============  ================================================================================
"""

import random
import threading
from dataclasses import asdict, dataclass
from typing import Any

BEFORE = ("slow", "drop_request", "rate_limit", "unavailable", "error")
AFTER = ("error_after", "drop_reply", "crash")
OF_EVENTS = ("drop", "duplicate", "delay", "reorder")
KINDS = frozenset({*BEFORE, *AFTER, *OF_EVENTS, "refund_fails"})


@dataclass
class Rule:
    """When a fault happens: to what begins with ``on``, after ``skip``, ``times`` or by chance."""

    kind: str
    on: str = ""
    method: str = ""
    times: int | None = None
    skip: int = 0
    share: float = 1.0
    seconds: float = 0.0
    count: int = 2


class Faults:
    """The rules in force; kept in memory, so a restarted emulator is healthy again."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._lock = threading.Lock()
        self._cleared = threading.Event()
        self.chance = random.Random(0)  # faults, not secrets

    def add(self, kind: str, **facts: Any) -> Rule:
        """Put a rule into force: ``add("error", on="/v1/payment_intents", times=1)``."""
        if kind not in KINDS:
            raise ValueError(f"no such fault: {kind}")
        rule = Rule(kind, **facts)
        with self._lock:
            self._rules.append(rule)
        return rule

    def clear(self) -> None:
        """No more faults; what waits because of ``slow`` goes on."""
        with self._lock:
            self._rules.clear()
            self._cleared.set()
            self._cleared = threading.Event()

    def pause(self, seconds: float) -> None:
        """Wait, at most until the faults are cleared."""
        self._cleared.wait(seconds)

    def seed(self, number: int) -> None:
        """Make chance repeatable."""
        self.chance.seed(number)

    def listed(self) -> list[dict[str, Any]]:
        """The rules in force."""
        with self._lock:
            return [asdict(rule) for rule in self._rules]

    def take(self, kind: str, subject: str, *, method: str = "") -> Rule | None:
        """The rule that strikes now, if one does; it is counted."""
        with self._lock:
            for rule in self._rules:
                if rule.kind == kind and self._strikes(rule, subject, method):
                    return rule
        return None

    def _strikes(self, rule: Rule, subject: str, method: str) -> bool:
        if not subject.startswith(rule.on) or rule.times == 0:
            return False
        if rule.method and rule.method != method:
            return False
        if rule.skip:
            rule.skip -= 1
            return False
        if rule.share < 1 and self.chance.random() >= rule.share:
            return False
        if rule.times is not None:
            rule.times -= 1
        return True
