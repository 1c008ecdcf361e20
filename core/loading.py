"""Reading CSV files: every row is checked, the first fault refuses the whole file."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.utils.translation import gettext as _

from core.errors import BadRow


@dataclass(frozen=True)
class Row:
    """One row of a file, with typed and checked access to its columns."""

    file: str
    number: int  # the line as a spreadsheet shows it: the header is row 1
    cells: Mapping[str, str]

    def fault(self, column: str, reason: str) -> BadRow:
        return BadRow(file=self.file, row=self.number, column=column, reason=reason)

    def text(self, column: str, *, required: bool = True) -> str:
        value = (self.cells.get(column) or "").strip()
        if required and not value:
            raise self.fault(column, _("不能空着"))
        return value

    def one_of(self, column: str, allowed: set[str], *, required: bool = True) -> str:
        value = self.text(column, required=required)
        if value and value not in allowed:
            raise self.fault(column, _("“%s”不在可选的值里") % value)
        return value

    def decimal(
        self, column: str, *, low: Decimal | int | None = None, high: Decimal | int | None = None
    ) -> Decimal:
        value = self.optional_decimal(column, low=low, high=high)
        if value is None:
            raise self.fault(column, _("不能空着"))
        return value

    def optional_decimal(
        self, column: str, *, low: Decimal | int | None = None, high: Decimal | int | None = None
    ) -> Decimal | None:
        raw = self.text(column, required=False)
        if not raw:
            return None
        try:
            value = Decimal(raw)
        except InvalidOperation:
            raise self.fault(column, _("“%s”不是数字") % raw) from None
        if not value.is_finite():
            raise self.fault(column, _("“%s”不是数字") % raw)
        if (low is not None and value < low) or (high is not None and value > high):
            raise self.fault(column, _("%s 超出了范围") % raw)
        return value

    def whole(self, column: str, *, low: int | None = None, high: int | None = None) -> int:
        value = self.optional_whole(column, low=low, high=high)
        if value is None:
            raise self.fault(column, _("不能空着"))
        return value

    def optional_whole(
        self, column: str, *, low: int | None = None, high: int | None = None
    ) -> int | None:
        value = self.optional_decimal(column, low=low, high=high)
        if value is None:
            return None
        if value != int(value):
            raise self.fault(column, _("%s 不是整数") % value)
        return int(value)

    def day(self, column: str) -> date:
        raw = self.text(column)
        try:
            return date.fromisoformat(raw)
        except ValueError:
            raise self.fault(column, _("“%s”不是日期，要写成 2026-08-28 这样") % raw) from None

    def flag(self, column: str) -> bool:
        return self.one_of(column, {"yes", "no"}) == "yes"


def rows(path: Path, *, columns: set[str], unique: tuple[str, ...] = ()) -> Iterator[Row]:
    """The rows of a UTF-8 CSV file with a header.

    Raises
    ------
    BadRow
        When a column is missing, a row has too few or too many cells, bytes are not UTF-8, or
        two rows share the values of ``unique``.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        row = path.read_bytes()[: error.start].count(b"\n") + 1
        raise BadRow(file=path.name, row=row, column="", reason=_("不是 UTF-8 文字")) from None
    reader = csv.DictReader(text.splitlines(), strict=True)
    header = reader.fieldnames or []
    for column in sorted(columns):
        if column not in header:
            raise BadRow(file=path.name, row=1, column=column, reason=_("缺少这一列"))
    yield from _checked(path.name, reader, _no_repeat(unique))


def _checked(
    name: str, reader: "csv.DictReader[str]", check: Callable[[Row], None]
) -> Iterator[Row]:
    try:
        for number, cells in enumerate(reader, start=2):
            row = Row(file=name, number=number, cells=cells)
            if None in cells or None in cells.values():
                raise row.fault("", _("这一行的格数和表头对不上"))
            check(row)
            yield row
    except csv.Error as error:
        raise BadRow(file=name, row=reader.line_num, column="", reason=str(error)) from None


def _no_repeat(unique: tuple[str, ...]) -> Callable[[Row], None]:
    seen: dict[tuple[str, ...], int] = {}

    def check(row: Row) -> None:
        key = tuple(row.text(column, required=False) for column in unique)
        if unique and key in seen:
            raise row.fault(_("、").join(unique), _("和第 %d 行重复") % seen[key])
        seen[key] = row.number

    return check
