"""What else people call a crop: local names, synonyms, more English words, other readings."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.loading import rows

FILE = Path(__file__).resolve().parents[1] / "data" / "crop_names.csv"
KINDS = {"local", "synonym", "english", "pinyin"}
COLUMNS = {"crop_key", "name", "kind", "source", "confidence"}


@dataclass(frozen=True)
class OtherName:
    """One more name of a crop and what kind of name it is."""

    crop_key: str
    name: str
    kind: str


@cache
def other_names() -> Sequence[OtherName]:
    """All rows of ``crop_names.csv``, read once.

    Raises
    ------
    BadRow
        Naming row, column and reason.
    """
    found = rows(FILE, columns=COLUMNS, unique=("crop_key", "name"))
    return tuple(
        OtherName(row.text("crop_key"), row.text("name"), row.one_of("kind", KINDS))
        for row in found
    )
