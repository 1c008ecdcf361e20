"""How figures, days and produce are shown. Filters take what models hold and never query."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django import template
from django.forms import BoundField, CheckboxInput
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import drawings
from core.charts import YearWindow, window_path, year_fraction
from core.clock import SHANGHAI
from core.units import GRAMS_PER_JIN, GRAMS_PER_KG, from_fen
from core.units import yuan as round_yuan

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
    """Grams as a household reads them: ``120 斤``."""
    if weight_g is None:
        return "—"
    return _("%(amount)s 斤") % {"amount": _trim(Decimal(weight_g) / GRAMS_PER_JIN, 1)}


@register.filter
def gongjin(weight_g: int | None) -> str:
    """Grams in the words a household hears beside 斤: ``60 公斤``."""
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


def _local_day(value: date | datetime) -> date:
    return value.astimezone(SHANGHAI).date() if isinstance(value, datetime) else value


@register.filter
def day(value: date | datetime | None) -> str:
    """A day without its year: ``9月20日``."""
    if not value:
        return "—"
    local = _local_day(value)
    return _("%(month)s月%(day)s日") % {"month": local.month, "day": local.day}


@register.filter
def day_full(value: date | datetime | None) -> str:
    """A day with its year: ``2026年9月20日``."""
    if not value:
        return "—"
    local = _local_day(value)
    parts = {"year": local.year, "month": local.month, "day": local.day}
    return _("%(year)s年%(month)s月%(day)s日") % parts


@register.filter
def day_range(start: date | datetime | None, end: date | datetime | None) -> str:
    """Two days as one span: ``9月20日—10月10日``; one day when they are the same."""
    if not start or not end or _local_day(start) == _local_day(end):
        return day(start or end)
    return f"{day(start)}—{day(end)}"


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
    return names[_local_day(value).weekday()]


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
    left = (_local_day(until) - on) // timedelta(days=1)
    if left == 0:
        return _("今天")
    if left < 0:
        return _("已过 %(days)s 天") % {"days": -left}
    return _("还有 %(days)s 天") % {"days": left}


@register.filter
def mask_mobile(number: object) -> str:
    """A mobile number that shows its first three and last four digits: ``138****8000``."""
    digits = "".join(c for c in str(number or "") if c.isdigit())
    if len(digits) == 13 and digits.startswith("86"):  # country code in front
        digits = digits[2:]
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****"


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
