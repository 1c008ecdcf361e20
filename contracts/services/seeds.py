"""Seeds of draws: promised by their hash for the next plan, used once, revealed after."""

import hashlib
import secrets
from datetime import datetime

from contracts.models import Plan, SeedPromise
from growers.models import PlanningArea


def standing_promise(area: PlanningArea, at: datetime) -> SeedPromise:
    """The seed promised for the area's next plan; drawn now where there is none."""
    open_ = SeedPromise.objects.select_for_update().filter(area=area, plan__isnull=True)
    return open_.first() or _promise(area, at)


def use_promise(promise: SeedPromise, plan: Plan, at: datetime) -> None:
    """Bind the seed to its plan and promise the next one."""
    promise.plan = plan
    promise.save(update_fields=["plan"])
    _promise(plan.area, at)


def _promise(area: PlanningArea, at: datetime) -> SeedPromise:
    seed, rows_secret = secrets.token_hex(16), secrets.token_hex(32)
    return SeedPromise.objects.create(
        area=area,
        seed=seed,
        seed_hash=_hash(seed),
        rows_secret=rows_secret,
        rows_secret_hash=_hash(rows_secret),
        promised_at=at,
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
