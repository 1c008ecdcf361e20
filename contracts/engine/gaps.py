"""What a plan lacks of the fair incomes, stage by stage: never less than the truth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from contracts.engine.flow import Ints
from contracts.engine.instance import Instance
from contracts.engine.plan import Gap

Floats = NDArray[np.float64]


def gaps(
    instance: Instance, income: Ints, low: Floats, high: Floats, most: dict[int, float]
) -> tuple[Gap, ...]:
    """Gaps by stage from bounds on the fair incomes, all in fen and by household.

    ``low`` and ``high`` hold the fair incomes between them. ``most`` is, for stages whose fair
    incomes are not known, what their households can earn at most together: then the lack is also
    at most that, less what the plan surely gives of the fair incomes.
    """
    found = []
    for stage in range(len(instance.stages)):
        mine = instance.stage == stage
        short = float(np.maximum(high - income, 0)[mine].sum())
        if stage in most:
            others = float(np.minimum(low, income)[mine].sum())
            known = float(low[mine & (low >= high)].sum())
            short = min(short, max(most[stage] + known - others, 0.0))
        fair = float(low[mine].sum())
        found.append(Gap(stage, int(fair), int(np.ceil(round(short, 3))), stage not in most))
    return tuple(found)
