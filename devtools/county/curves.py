"""Invented pledge curves: how many packs a campaign gathers, and on which days."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Curve:
    """A finished campaign's pledges: day of each, its packs, and the day it was given up."""

    days: list[int]
    packs: list[int]
    given_up: list[int | None]

    @property
    def final_packs(self) -> int:
        return sum(p for p, out in zip(self.packs, self.given_up, strict=True) if out is None)


def draw_curve(
    rng: np.random.Generator, *, duration: int, goal: int, cap: int, crop_pull: float
) -> Curve:
    """A curve with a rush at the start, a quiet middle and a rush before the deadline.

    ``crop_pull`` is how much people want this crop; the campaign's own luck is drawn around it.
    The total may miss the goal and never passes the cap.
    """
    luck = float(rng.lognormal(mean=0.12, sigma=0.45))
    total = min(int(goal * crop_pull * luck), cap)
    days = _days(rng, duration)
    curve = Curve([], [], [])
    reached = 0
    while reached < total:
        packs = min(int(1 + rng.poisson(0.9)), total - reached)
        day = int(rng.choice(duration, p=days))
        gone = day + int(rng.integers(1, duration)) if rng.random() < 0.05 else None
        curve.days.append(day)
        curve.packs.append(packs)
        curve.given_up.append(gone if gone is not None and gone < duration else None)
        reached += packs
    return curve


def _days(rng: np.random.Generator, duration: int) -> np.ndarray:
    """Chance of each day; steepness of both rushes differs between campaigns."""
    x = (np.arange(duration) + 0.5) / duration
    early = rng.uniform(0.8, 2.4) * np.exp(-x * rng.uniform(5, 9))
    late = rng.uniform(0.5, 1.6) * np.exp(-(1 - x) * rng.uniform(5, 9))
    level = 0.35 + early + late
    weights = level * rng.gamma(6.0, 1 / 6.0, size=duration)
    return np.asarray(weights / weights.sum())
