"""Tables that people take away and open in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile

from django.http import FileResponse, StreamingHttpResponse

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads Chinese as another code page
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class _Line:
    """What ``csv`` writes to: it hands each line straight on."""

    def write(self, text: str) -> str:
        return text


def harmless(cell: object) -> str:
    """A cell that a spreadsheet shows and never runs."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip().startswith(STARTS_A_FORMULA) else text


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a table in UTF-8 with its mark, one at a time."""
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK + writer.writerow([harmless(cell) for cell in head])
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def csv_answer(
    name: str, head: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """A table to be saved under ``name``, sent line by line however long it is."""
    answer = StreamingHttpResponse(csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def sheet_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> FileResponse:
    """The same table as a workbook of one sheet; numbers and days stay numbers and days."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for row in (head, *rows):
        sheet.append([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    file = TemporaryFile()  # noqa: SIM115  # the answer closes it when it is sent
    book.save(file)
    file.seek(0)
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=SHEET_TYPE)
    answer["Cache-Control"] = "no-store"
    return answer
