"""How good the forecast has been, in the words of the demand page."""

from dataclasses import dataclass

from forecasting.models import ForecastRun


@dataclass(frozen=True)
class Skill:
    """One cut of the backtest: errors as shares of the mean final."""

    cut: float
    campaigns: int
    coverage: float
    error: float
    ratio_error: float
    additive_error: float

    @property
    def beats_both(self) -> bool:
        """Whether the forecast was closer than either simple sum."""
        return self.error < min(self.ratio_error, self.additive_error)


def skill_of(run: ForecastRun) -> list[Skill]:
    """The run's backtest by cut; empty when no campaign had finished."""
    return [
        Skill(
            cut=row["cut"],
            campaigns=int(row["campaigns"]),
            coverage=row["coverage"],
            error=row["wape"],
            ratio_error=row["ratio_wape"],
            additive_error=row["additive_wape"],
        )
        for row in run.scores
    ]
