from pathlib import Path

import pytest

from core.errors import BadRow
from core.loading import rows


def _file(folder: Path, text: str) -> Path:
    path = folder / "crops.csv"
    path.write_bytes(text.encode())
    return path


def test_a_missing_column_is_refused_by_name(tmp_path):
    path = _file(tmp_path, "key\na\n")

    with pytest.raises(BadRow) as caught:
        list(rows(path, columns={"key", "name"}))

    assert (caught.value.file, caught.value.row, caught.value.column) == ("crops.csv", 1, "name")


def test_a_row_with_too_few_cells_is_refused(tmp_path):
    path = _file(tmp_path, "key,name\na,b\nc\n")

    with pytest.raises(BadRow) as caught:
        list(rows(path, columns={"key"}))

    assert caught.value.row == 3


def test_a_repeated_key_names_the_first_row(tmp_path):
    path = _file(tmp_path, "key,name\na,b\na,c\n")

    with pytest.raises(BadRow, match="和第 2 行重复"):
        list(rows(path, columns={"key"}, unique=("key",)))


def test_bytes_that_are_not_utf8_are_refused(tmp_path):
    path = tmp_path / "crops.csv"
    path.write_bytes("key\n花椒\n".encode("gb18030"))

    with pytest.raises(BadRow, match="UTF-8"):
        list(rows(path, columns={"key"}))


@pytest.mark.parametrize(
    ("text", "reason"), [("五十", "不是数字"), ("NaN", "不是数字"), ("-1", "超出")]
)
def test_a_number_that_cannot_be_is_refused_with_its_reason(tmp_path, text, reason):
    path = _file(tmp_path, f"key,price\na,{text}\n")
    row = next(rows(path, columns={"key"}))

    with pytest.raises(BadRow, match=reason) as caught:
        row.decimal("price", low=0)

    assert (caught.value.row, caught.value.column) == (2, "price")


def test_a_day_that_does_not_exist_is_refused(tmp_path):
    row = next(rows(_file(tmp_path, "on\n2026-02-30\n"), columns={"on"}))

    with pytest.raises(BadRow, match="不是日期"):
        row.day("on")
