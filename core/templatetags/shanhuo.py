"""How figures, days and produce are shown. Filters take what models hold and never query."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django import template
from django.forms import BoundField, CheckboxInput
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import drawings, mobile
from core.charts import YearWindow, window_path, year_fraction
from core.clock import SHANGHAI
from core.counties import CountyMap, county_map
from core.days import day_words, full_day_words, local_day, month_name, span_words
from core.units import GRAMS_PER_JIN, GRAMS_PER_KG, from_fen
from core.units import yuan as round_yuan
from core.words import has_chinese, in_english, local

register = template.Library()

GRAMS_PER_TONNE = 1_000_000
Number = int | float | Decimal


def _trim(value: Decimal, places: int) -> str:
    """A number with at most so many places, thousands apart, no trailing zeros."""
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def kg(weight_g: int | None) -> str:
    """Grams as a shop reads them: ``500 g`` below a kilogram, else ``1.5 kg``."""
    if weight_g is None:
        return "—"
    if abs(weight_g) < GRAMS_PER_KG:
        return f"{weight_g} g"
    return f"{_trim(Decimal(weight_g) / GRAMS_PER_KG, 3)} kg"


@register.filter
def kg_plain(weight_g: int | None) -> str:
    """Kilograms without the unit, for a column whose head names it."""
    return "—" if weight_g is None else _trim(Decimal(weight_g) / GRAMS_PER_KG, 1)


@register.filter
def jin(weight_g: int | None) -> str:
    """Grams as a household reads them: ``120 斤``; in English, which knows no 斤, ``60 kg``."""
    return kg(weight_g) if in_english() else _in_jin(weight_g)


@register.filter
def gongjin(weight_g: int | None) -> str:
    """Kilograms in the word a household knows: ``60 公斤``, ``60 kg``."""
    return kg(weight_g) if in_english() else _in_gongjin(weight_g)


@register.filter
def also_jin(weight_g: int | None) -> str:
    """The same weight again, beside ``gongjin``: ``120 斤``, ``120 jin``."""
    return _in_jin(weight_g)


@register.filter
def also_gongjin(weight_g: int | None) -> str:
    """The same weight again, beside ``jin``: ``60 公斤``; in English ``120 jin``."""
    return _in_jin(weight_g) if in_english() else _in_gongjin(weight_g)


def _in_jin(weight_g: int | None) -> str:
    if weight_g is None:
        return "—"
    return _("%(amount)s 斤") % {"amount": _trim(Decimal(weight_g) / GRAMS_PER_JIN, 1)}


def _in_gongjin(weight_g: int | None) -> str:
    if weight_g is None:
        return "—"
    return _("%(amount)s 公斤") % {"amount": _trim(Decimal(weight_g) / GRAMS_PER_KG, 3)}


@register.filter
def tonnes(weight_g: int | None) -> str:
    """Grams as a planner reads them: ``1.2 吨``."""
    if weight_g is None:
        return "—"
    return _("%(amount)s 吨") % {"amount": _trim(Decimal(weight_g) / GRAMS_PER_TONNE, 1)}


@register.filter
def yuan_plain(amount: Decimal | int | str | None) -> str:
    """Yuan with two places and no sign: ``1,260.00``."""
    return "—" if amount is None or amount == "" else f"{round_yuan(amount):,.2f}"


@register.filter
def yuan(amount: Decimal | int | str | None) -> str:
    """Yuan with the sign: ``¥58.00``."""
    if amount is None or amount == "":
        return "—"
    value = round_yuan(amount)
    return f"{'-' if value < 0 else ''}¥{abs(value):,.2f}"


@register.filter
def yuan_marked(amount: Decimal | int | str | None) -> str | SafeString:
    """Yuan with sign and fen small, as the price component shows it."""
    if amount is None or amount == "":
        return "—"
    whole, _dot, rest = f"{round_yuan(amount):,.2f}".partition(".")
    return format_html("<small>¥</small>{}<small>.{}</small>", whole, rest)


@register.filter
def yuan_words(amount: Decimal | int | str | None) -> str:
    """Yuan as a household reads it: ``640 元``, fen only when there are some."""
    if amount is None or amount == "":
        return "—"
    return _("%(amount)s 元") % {"amount": _trim(round_yuan(amount), 2)}


@register.filter
def fen_yuan(amount: int | None) -> str:
    """Whole fen as yuan with the sign: ``¥12.30``."""
    return "—" if amount is None else yuan(from_fen(amount))


@register.filter
def per_jin(price_per_kg: Decimal | None) -> str:
    """A price per kg as a household hears it, per 斤: ``9 元``."""
    if price_per_kg is None:
        return "—"
    return yuan_words(price_per_kg * GRAMS_PER_JIN / GRAMS_PER_KG)


@register.filter
def day(value: date | datetime | None) -> str:
    """A day without its year: ``9月20日``."""
    if not value:
        return "—"
    return day_words(value)


@register.filter
def day_full(value: date | datetime | None) -> str:
    """A day with its year: ``2026年9月20日``."""
    if not value:
        return "—"
    return full_day_words(value)


@register.filter
def month(value: date | datetime | None) -> str:
    """A month with its year: ``2026年9月``."""
    if not value:
        return "—"
    here = local_day(value)
    return _("%(year)s年%(month)s") % {"year": here.year, "month": month_name(here.month)}


@register.filter
def day_range(start: date | datetime | None, end: date | datetime | None) -> str:
    """Two days as one span: ``9月20日—10月10日``; one day when they are the same."""
    if not start or not end:
        return day(start or end)
    return span_words(start, end)


@register.filter
def month_only(value: date | datetime | None) -> str:
    """The month of a day, by itself: ``9月``."""
    return month_name(local_day(value).month) if value else "—"


@register.filter
def weekday(value: date | datetime | None) -> str:
    """The name of the day: ``星期三``."""
    if not value:
        return "—"
    names = [
        _("星期一"),
        _("星期二"),
        _("星期三"),
        _("星期四"),
        _("星期五"),
        _("星期六"),
        _("星期日"),
    ]
    return names[local_day(value).weekday()]


@register.filter
def moment(value: datetime | None) -> str:
    """A moment in Longnan: ``9月6日 20:00``."""
    if not value:
        return "—"
    return f"{day(value)} {value.astimezone(SHANGHAI):%H:%M}"


@register.filter
def week(monday: date | None) -> str:
    """A week by its Monday: ``9月20日那周``."""
    if not monday:
        return "—"
    return _("%(day)s那周") % {"day": day(monday)}


@register.filter
def days_left(until: date | datetime | None, on: date | None) -> str:
    """How long until a day: ``还有 9 天``, ``今天``, or ``已过 2 天``."""
    if not until or not on:
        return "—"
    left = (local_day(until) - on) // timedelta(days=1)
    if left == 0:
        return _("今天")
    if left < 0:
        return ngettext("已过 %(days)s 天", "已过 %(days)s 天", -left) % {"days": -left}
    return ngettext("还有 %(days)s 天", "还有 %(days)s 天", left) % {"days": left}


@register.filter
def mask_mobile(number: object) -> str:
    """A mobile number that shows its first three and last four digits: ``138****8000``."""
    return mobile.mask_mobile(str(number or ""))


@register.filter
def percent(share: Number | None) -> str:
    """A share of one as a percentage: 0.63 is ``63%``."""
    return "—" if share is None else f"{_trim(Decimal(str(share)) * 100, 0)}%"


@register.filter
def whole(value: Number | str | None) -> str:
    """A number without places, thousands apart; text from a component's attribute counts too."""
    return f"{Decimal(str(value or 0)):,.0f}"


@register.filter
def upto(value: Number | str | None, highest: int) -> str:
    """A number kept between zero and the highest, as SVG wants it."""
    kept = max(Decimal(0), min(Decimal(str(value or 0)), Decimal(highest)))
    return f"{kept:.2f}".rstrip("0").rstrip(".")


@register.filter
def year_percent(value: date | None) -> str:
    """How far into the year a day is, in percent, as SVG wants it."""
    return f"{year_fraction(value) * 100:.2f}" if value else ""


@register.filter
def under(path: str | None, prefix: str) -> bool:
    """Whether an address lies under another, for the current item of a navigation."""
    return bool(path and prefix) and str(path).startswith(prefix)


@register.filter
def drawing(crop_key: object) -> str:
    """The static path of a crop's drawing."""
    return drawings.drawing_for(str(crop_key))


@register.filter
def lit(crop_key: object) -> str:
    """The class of the lit paper a crop's drawing lies on."""
    return drawings.ground_for(str(crop_key)).lit


@register.filter
def hue(crop_key: object) -> str:
    """The class of a crop's hill."""
    return drawings.ground_for(str(crop_key)).hue


@register.filter
def blossom(crop_key: object) -> str:
    """The class of a crop's blossom."""
    return drawings.blossom_of(str(crop_key))


@register.filter
def origin_map(county: object) -> CountyMap:
    """The nine counties with one filled; a map that is ready already stays as it is."""
    return county if isinstance(county, CountyMap) else county_map([str(county)] if county else [])


@register.filter
def words(text: str) -> list[str]:
    """The words of a text, for a short fixed list in a template."""
    return text.split()


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Whether a field is a single tick box, whose label stands beside it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.simple_tag
def hill(window: YearWindow, height: float, base: float) -> str:
    """The path of a harvest window's hill."""
    return window_path(window, height=height, base=base)


@register.filter(name="local")
def local_text(chinese: object, english: str = "") -> str:
    """A Chinese text of a row with its English, in the reader's language."""
    return local(str(chinese or ""), english)


@register.filter
def own_words(text: object) -> SafeString | str:
    """What a person wrote, or is called, marked as Chinese on a page in another language."""
    said = str(text or "")
    if not in_english() or not has_chinese(said):
        return said
    return format_html('<span lang="zh-Hans">{}</span>', said)


@register.filter
def lang_of(text: object) -> SafeString | str:
    """The ``lang`` of an element whose attributes say what a person wrote: a photograph's alt."""
    if not in_english() or not has_chinese(str(text or "")):
        return ""
    return format_html(' lang="{}"', "zh-Hans")
