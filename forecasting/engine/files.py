"""Tables in, forecasts out: every cell is checked, and a bad one is refused by its place."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

LEVELS = np.array([0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975])
"""Levels of the quantiles in a forecast file."""
LEVEL_COLUMNS = tuple(f"q{level:g}" for level in LEVELS)


class InputError(ValueError):
    """A file, or one cell of it, cannot be used; ``row`` is the line, the header being line 1."""

    def __init__(self, *, file: str, row: int | None, column: str | None, reason: str) -> None:
        parts = [file, f"row {row}" if row else "", f"column {column}" if column else ""]
        super().__init__(f"{', '.join(part for part in parts if part)}: {reason}")
        self.file, self.row, self.column, self.reason = file, row, column, reason


@dataclass(frozen=True)
class Text:
    """Any text that is not empty; with ``among``, one of these words."""

    among: tuple[str, ...] = ()

    def read(self, cells: pd.Series) -> tuple[pd.Series, NDArray[np.bool_], str]:
        """Values, where they cannot be used, and what is asked for."""
        if self.among:
            bad, asked = ~cells.isin(self.among), f"is none of {', '.join(self.among)}"
        else:
            bad, asked = cells == "", "is empty"
        return cells, bad.to_numpy(dtype=bool), asked


@dataclass(frozen=True)
class Number:
    """A finite number from ``low`` to ``high``; ``empty`` allows a gap, read as nan."""

    low: float = -np.inf
    high: float = np.inf
    whole: bool = False
    empty: bool = False

    def read(self, cells: pd.Series) -> tuple[pd.Series, NDArray[np.bool_], str]:
        """Values, where they cannot be used, and what is asked for."""
        import pandas as pd

        values = pd.to_numeric(cells.where(cells != "", "nan"), errors="coerce").astype(np.float64)
        numbers = values.to_numpy()
        gap = (cells == "").to_numpy() & self.empty
        bad = ~np.isfinite(numbers) | (numbers < self.low) | (numbers > self.high)
        if self.whole:
            bad |= numbers != np.floor(numbers)
        kind = "a whole number" if self.whole else "a number"
        return values, bad & ~gap, f"is not {kind} from {self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Day:
    """A date written YYYY-MM-DD."""

    def read(self, cells: pd.Series) -> tuple[pd.Series, NDArray[np.bool_], str]:
        """Values, where they cannot be used, and what is asked for."""
        import pandas as pd

        values = pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce")
        return values, values.isna().to_numpy(), "is not a date as YYYY-MM-DD"


Kind = Text | Number | Day


def read_table(path: Path, columns: Mapping[str, Kind]) -> pd.DataFrame:
    """The named columns of a CSV (or .csv.gz) file, parsed and checked; others are not looked at.

    Raises
    ------
    InputError
        The file is missing or no table, lacks a column, or a cell is not of its kind.
    """
    import pandas as pd

    frame = _cells(path)
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise InputError(file=path.name, row=1, column=missing[0], reason="is missing")
    return pd.DataFrame(
        {name: _parsed(path.name, frame[name], kind) for name, kind in columns.items()}
    )


def _cells(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        frame = pd.read_csv(
            path, dtype=str, keep_default_na=False, index_col=False, encoding="utf-8-sig"
        )
    except FileNotFoundError:
        raise InputError(file=path.name, row=None, column=None, reason="is missing") from None
    except (ValueError, OSError, EOFError) as error:
        line = re.search(r"in line (\d+)", str(error))
        row = int(line[1]) if line else None
        raise InputError(file=path.name, row=row, column=None, reason=str(error)) from None
    return frame.fillna("")


def _parsed(file: str, cells: pd.Series, kind: Kind) -> pd.Series:
    values, bad, asked = kind.read(cells)
    refuse(file, bad, str(cells.name), lambda place: f"{cells.iloc[place]!r} {asked}")
    return values


def refuse(file: str, bad: NDArray[np.bool_], column: str, reason: Any) -> None:
    """Refuse the first row marked bad; ``reason`` is a text, or makes one from the row's place."""
    places = np.flatnonzero(bad)
    if len(places):
        place = int(places[0])
        said = reason(place) if callable(reason) else reason
        raise InputError(file=file, row=place + 2, column=column, reason=said)


def refuse_twice(file: str, frame: pd.DataFrame, columns: list[str]) -> None:
    """Refuse the second of two rows that agree in all of these columns."""
    refuse(file, frame.duplicated(columns).to_numpy(), columns[-1], "stands twice")


def write_forecast(frame: pd.DataFrame, out: str | Path) -> int:
    """Write ``uid``, the quantiles and any further columns; the number of rows written.

    The same frame gives the same bytes, compressed or not.
    """
    text = frame.to_csv(index=False, float_format="%.6f", lineterminator="\n").encode()
    path = Path(out)
    packed = gzip.compress(text, mtime=0) if path.suffix == ".gz" else text
    path.write_bytes(packed)
    return len(frame)
