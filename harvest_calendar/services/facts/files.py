"""Each file's rows, checked one by one: what is the row's name, and what does it say."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.loading import Row, rows
from core.units import GRAMS_PER_KG
from harvest_calendar.engine.windows import Band, as_written, month_day
from harvest_calendar.models import Confidence, CropCategory, Habit, SaleClass

CONFIDENCES = set(Confidence.values)
LEAP_YEAR = 2024
COUNTY_DIGITS = 6


@dataclass(frozen=True)
class Fact:
    """A row: the values that name it, the values it sets, and where it stands."""

    name: dict[str, Any]
    says: dict[str, Any]
    row: Row


def crop_facts(folder: Path) -> Iterator[Fact]:
    """crops.csv with the sale class of sale_classes.csv and the yield of yields.csv."""
    columns = {"key", "name_zh", "category", "confidence", "unit", "shelf_life_days"}
    found = list(rows(folder / "crops.csv", columns=columns, unique=("key",)))
    keys = {row.text("key") for row in found}
    classes = _by_crop(folder / "sale_classes.csv", {"sale_class", "source"}, keys, _sale_class)
    yields = _by_crop(folder / "yields.csv", {"yield_min_kg_mu", "habit"}, keys, _yield)
    for row in found:
        key = row.text("key")
        if key not in classes:
            raise row.fault("key", _("sale_classes.csv 里没有这个品目"))
        says = _crop_words(row) | _crop_storage(row) | _crop_prices(row)
        yield Fact({"key": key}, says | classes[key] | yields.get(key, {}), row)


def _by_crop(
    path: Path, columns: set[str], keys: set[str], read: Callable[[Row], dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    found = rows(path, columns=columns | {"crop_key", "confidence"}, unique=("crop_key",))
    return {row.one_of("crop_key", keys): read(row) for row in found}


def _sale_class(row: Row) -> dict[str, Any]:
    row.one_of("confidence", CONFIDENCES)
    return {
        "sale_class": row.one_of("sale_class", set(SaleClass.values)),
        "sale_class_source": row.text("source"),
    }


def _yield(row: Row) -> dict[str, Any]:
    odd = row.one_of("heavy_in_odd_years", {"yes", "no"}, required=False)
    return {
        **_span(row, "yield_min_kg_mu", "yield_max_kg_mu", low=0, high=20_000),
        "yield_confidence": row.one_of("confidence", CONFIDENCES),
        "habit": row.one_of("habit", set(Habit.values)),
        "trees_per_mu": row.optional_whole("trees_per_mu", low=1, high=1000),
        "year_swing": row.decimal("year_swing", low=0, high=Decimal("0.99")),
        "heavy_in_odd_years": {"yes": True, "no": False, "": None}[odd],
    }


def _crop_words(row: Row) -> dict[str, Any]:
    confidence = ("confidence", "price_confidence", "attribute_confidence")
    return {
        "name_zh": row.text("name_zh"),
        "name_en": row.text("name_en"),
        "pinyin": row.text("pinyin"),
        "latin": row.text("latin", required=False),
        "category": row.one_of("category", set(CropCategory.values)),
        "form": row.text("form"),
        "unit": row.text("unit"),
        "gi_status": row.text("gi_zh", required=False),
        "gi_note": row.text("gi_note", required=False),
        "source_ids": row.text("source_ids", required=False),
        "pack_sizes_g": _packs(row),
        **{
            name: row.one_of(name, CONFIDENCES, required=False) or Confidence.ESTIMATE
            for name in confidence
        },
    }


def _packs(row: Row) -> list[int]:
    """Pack sizes: kilograms, or a word for the pack with its kilograms (``30 pcs=1.4``)."""
    found = []
    for part in row.text("pack_sizes_kg").split(";"):
        number = part.rpartition("=")[2].strip()
        cell = Row(row.file, row.number, {"pack_sizes_kg": number})
        found.append(
            int(cell.decimal("pack_sizes_kg", low=Decimal("0.01"), high=1000) * GRAMS_PER_KG)
        )
    return found


def _crop_storage(row: Row) -> dict[str, Any]:
    return {
        "perishable": row.flag("perishable"),
        "fragile": row.flag("fragile"),
        "needs_cold_chain": row.flag("needs_cold_chain"),
        "shelf_life_days": row.optional_whole("shelf_life_days", low=1, high=3650),
        **_span(row, "store_temp_min_c", "store_temp_max_c", low=-40, high=40),
    }


def _crop_prices(row: Row) -> dict[str, Any]:
    farm = _span(row, "farm_gate_min_cny_kg", "farm_gate_max_cny_kg", low=0, high=100_000)
    retail = _span(row, "retail_min_cny_kg", "retail_max_cny_kg", low=0, high=100_000)
    return {
        "farm_gate_min": farm["farm_gate_min_cny_kg"],
        "farm_gate_max": farm["farm_gate_max_cny_kg"],
        "retail_min": retail["retail_min_cny_kg"],
        "retail_max": retail["retail_max_cny_kg"],
    }


def _span(row: Row, first: str, last: str, *, low: int, high: int) -> dict[str, Decimal | None]:
    """Two numbers in order, both given or both empty."""
    least = row.optional_decimal(first, low=low, high=high)
    most = row.optional_decimal(last, low=low, high=high)
    if (least is None) != (most is None):
        raise row.fault(last if most is None else first, _("两头要么都写，要么都空着"))
    if least is not None and most is not None and least > most:
        raise row.fault(last, _("比下限 %s 还小") % least)
    return {first: least, last: most}


def grade_facts(folder: Path, crops: Mapping[str, int]) -> Iterator[Fact]:
    """Grades as crops.csv lists them, best first."""
    for row in rows(folder / "crops.csv", columns={"key", "grades"}, unique=("key",)):
        crop_id = crops[row.text("key")]
        names = [name.strip() for name in row.text("grades", required=False).split(";") if name]
        if len(set(names)) != len(names):
            raise row.fault("grades", _("同一个等级写了两次"))
        for rank, name in enumerate(names, start=1):
            yield Fact({"crop_id": crop_id, "name_zh": name}, {"rank": rank}, row)


def form_facts(folder: Path, crops: Mapping[str, int]) -> Iterator[Fact]:
    """product_forms.csv: what a form is made of and how much raw crop a kilogram takes."""
    columns = {"key", "crop_key", "raw_crop_key", "raw_kg_low", "raw_kg_mid", "raw_kg_high"}
    for row in rows(folder / "product_forms.csv", columns=columns, unique=("key",)):
        yield Fact(
            {"key": row.text("key")},
            {
                "crop_id": crops[row.one_of("crop_key", set(crops))],
                "raw_crop_id": crops[row.one_of("raw_crop_key", set(crops))],
                "name_zh": row.text("name_zh"),
                "name_en": row.text("name_en"),
                "source": row.text("source"),
                "confidence": row.one_of("confidence", CONFIDENCES),
                **_conversion(row),
            },
            row,
        )


def _conversion(row: Row) -> dict[str, Decimal]:
    names = ("raw_kg_low", "raw_kg_mid", "raw_kg_high")
    low, mid, high = (row.decimal(name, low=Decimal("0.01"), high=100) for name in names)
    if not low <= mid <= high:
        raise row.fault("raw_kg_mid", _("低、中、高要从小到大"))
    return dict(zip(names, (low, mid, high), strict=True))


def variety_facts(folder: Path, crops: Mapping[str, int]) -> Iterator[Fact]:
    columns, unique = {"crop_key", "name_zh"}, ("crop_key", "name_zh")
    for row in rows(folder / "varieties.csv", columns=columns, unique=unique):
        crop_id = crops[row.one_of("crop_key", set(crops))]
        says = {"name_en": row.text("name_en", required=False)}
        yield Fact({"crop_id": crop_id, "name_zh": row.text("name_zh")}, says, row)


def window_facts(folder: Path, crops: Mapping[str, int], counties: set[str]) -> Iterator[Fact]:
    """harvest_windows.csv: one usual window of a crop in a county and altitude band."""
    columns = {"key", "crop_key", "county_code", "name_zh", "crosses_year", "confidence"}
    said: dict[tuple[str, ...], int] = {}
    for row in rows(folder / "harvest_windows.csv", columns=columns, unique=("key",)):
        same = tuple(row.text(c) for c in ("crop_key", "county_code", "name_zh", "start_md"))
        if same in said:
            raise row.fault("name_zh", _("和第 %d 行说的是同一个窗口") % said[same])
        said[same] = row.number
        yield Fact(
            {"key": row.text("key")},
            {
                "crop_id": crops[row.one_of("crop_key", set(crops))],
                "county_id": county_of(row, counties),
                "name_zh": row.text("name_zh"),
                "name_en": row.text("name_en", required=False),
                "lag_zh": row.text("lag_zh", required=False),
                "lag_en": row.text("lag_en", required=False),
                "basis": row.text("basis", required=False)[:300],
                "source_ids": row.text("source_ids", required=False),
                "confidence": row.one_of("confidence", CONFIDENCES),
                **_altitudes(row),
                **_lags(row),
                **_month_days(row),
            },
            row,
        )


def county_of(row: Row, counties: set[str]) -> str:
    """The 12-digit code behind a row's six digits."""
    short = row.text("county_code")
    code = short + "0" * COUNTY_DIGITS
    if len(short) != COUNTY_DIGITS or code not in counties:
        raise row.fault("county_code", _("没有代码为 %s 的县区，请先导入行政区") % short)
    return code


def _altitudes(row: Row) -> dict[str, int | None]:
    band = _span(row, "elev_min_m", "elev_max_m", low=300, high=4500)
    names = {"elev_min_m": "altitude_min_m", "elev_max_m": "altitude_max_m"}
    return {names[k]: None if value is None else int(value) for k, value in band.items()}


def _lags(row: Row) -> dict[str, int]:
    least = row.whole("lag_min_days", low=0, high=365)
    return {
        "lag_min_days": least,
        "lag_max_days": row.whole("lag_max_days", low=least, high=365),
    }


def _month_days(row: Row) -> dict[str, Any]:
    crosses = row.flag("crosses_year")
    start, peak, end = (_month_day(row, column) for column in ("start_md", "peak_md", "end_md"))
    try:
        as_written(Band(row.number, start, peak, end, crosses_year=crosses), year=LEAP_YEAR)
    except ValueError:
        reason = _("开采、盛期、采完没有先后有序；跨到来年的，crosses_year 写 yes")
        raise row.fault("end_md", reason) from None
    return {"start_md": start, "peak_md": peak, "end_md": end, "crosses_year": crosses}


def _month_day(row: Row, column: str) -> str:
    text = row.text(column)
    try:
        month_day(text, LEAP_YEAR)
    except ValueError:
        raise row.fault(column, _("“%s”不是月日，要写成 08-28 这样") % text) from None
    return text


def term_facts(folder: Path) -> Iterator[Fact]:
    columns, unique = {"term_zh", "date"}, ("date",)
    for row in rows(folder / "solar_terms.csv", columns=columns, unique=unique):
        yield Fact({"on": row.day("date")}, {"name_zh": row.text("term_zh")}, row)


def festival_facts(folder: Path) -> Iterator[Fact]:
    columns, unique = {"key", "name_zh", "date"}, ("key", "date")
    for row in rows(folder / "festival_dates.csv", columns=columns, unique=unique):
        name = {"key": row.text("key"), "on": row.day("date")}
        yield Fact(name, {"name_zh": row.text("name_zh")}, row)


def source_facts(folder: Path) -> Iterator[Fact]:
    for row in rows(folder / "sources.csv", columns={"id", "title_zh"}, unique=("id",)):
        says = {
            "title_zh": row.text("title_zh"),
            "title_en": row.text("title_en", required=False),
            "place": row.text("where", required=False),
            "published_zh": row.text("published_zh", required=False),
            "published_en": row.text("published", required=False),
            "reliability": row.text("reliability", required=False),
        }
        yield Fact({"key": row.text("id")}, says, row)
