"""Pre-sale and sales history as one forecast, each counting as much as it has earned.

At launch a curve says little and history much; past the middle it is the other way round. On past
campaigns both forecasts are scored by the share of the horizon seen, and weighed by the inverse of
their mean interval score there (Bates and Granger 1969, with a score in place of a variance).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasting.engine.quantiles import Floats
from forecasting.engine.scores import interval_score

USUAL_SHARE: Floats = np.array([0.0, 0.1, 0.25, 0.5, 0.75])
USUAL_HISTORY: Floats = np.array([0.9, 0.5, 0.25, 0.1, 0.05])
"""What history counts where nothing has been learnt, by share seen."""
WORTH = 20
"""Past campaigns that count as much as the usual weight."""


@dataclass(frozen=True)
class Blend:
    """``history`` is the weight of the history at each of ``shares``; it never rises with them."""

    shares: Floats
    history: Floats

    def weight(self, share: Floats) -> Floats:
        """Weight of the history at each share seen, by straight line between learnt ones."""
        weight: Floats = np.interp(share, self.shares, self.history)
        return weight

    def mix(self, presale: Floats, history: Floats, share: Floats) -> Floats:
        """Both forecasts as one.

        Parameters
        ----------
        presale, history : float arrays of shape (n_rows, n_levels), ascending along each row
            A row of not-a-numbers stands for a crop without a history: its pre-sale answers alone.
        share : float array of shape (n_rows,)

        Returns
        -------
        float array of the same shape, ascending along each row, between the two

        Examples
        --------
        >>> both = Blend(np.array([0.0, 1.0]), np.array([1.0, 0.0]))
        >>> both.mix(np.array([[4.0, 8.0]]), np.array([[0.0, 2.0]]), np.array([0.5])).tolist()
        [[2.0, 5.0]]
        """
        gap = np.isnan(history).any(axis=1, keepdims=True)
        weight = np.where(gap, 0.0, self.weight(share)[:, None])
        mixed = (1 - weight) * presale + weight * np.where(gap, 0.0, history)
        ordered: Floats = np.maximum.accumulate(mixed, axis=1)
        return ordered


USUAL = Blend(USUAL_SHARE, USUAL_HISTORY)


def learn_blend(
    truth: Floats, presale: Floats, history: Floats, share: Floats, levels: Floats
) -> Blend:
    """Learn the weights from past campaigns, each forecast both ways at some share seen.

    Parameters
    ----------
    truth, share : float arrays of shape (n_rows,)
    presale, history : float arrays of shape (n_rows, n_levels); rows with a gap do not teach
    levels : float array of shape (n_levels,)

    Examples
    --------
    >>> told, none = np.full((90, 1), 5.0), np.zeros((90, 1))
    >>> learnt = learn_blend(np.full(90, 5.0), none, told, np.full(90, 0.1), np.array([0.5]))
    >>> bool(learnt.weight(np.array([0.1]))[0] > 0.85)
    True
    """
    known = ~(np.isnan(history).any(axis=1) | np.isnan(presale).any(axis=1) | np.isnan(truth))
    size = np.maximum(np.abs(truth), 1e-9)
    missed = [interval_score(truth, said, levels) / size for said in (presale, history)]
    bucket = np.abs(share[:, None] - USUAL_SHARE[None, :]).argmin(axis=1)
    history_counts = USUAL_HISTORY.copy()
    for place in range(len(USUAL_SHARE)):
        own = known & (bucket == place)
        if own.any():
            curve, past = (float(np.minimum(miss[own], 1e6).mean()) for miss in missed)
            earned = (curve + 1e-9) / (curve + past + 2e-9)
            count = int(own.sum())
            usual = USUAL_HISTORY[place]
            history_counts[place] = (count * earned + WORTH * usual) / (count + WORTH)
    return Blend(USUAL_SHARE, np.minimum.accumulate(history_counts))
