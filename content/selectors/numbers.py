"""Public numbers as blocks show them; counted elsewhere, once a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from content.asks import Answers, NumbersAsk
from content.models import NumberName, PublicNumber
from core.templatetags.shanhuo import kg, tonnes, whole
from core.units import GRAMS_PER_KG

TONNE_KG = 1000


@dataclass(frozen=True)
class Figure:
    """One number with its words; ``text`` is empty where too few households are behind it."""

    name: str
    label: str
    text: str


def numbers(asks: Sequence[NumbersAsk]) -> Answers:
    """The figures of every ask, in the order an editor put them."""
    rows = {row.name: row.value for row in PublicNumber.objects.all()}
    return {ask: [_figure(name, rows[name]) for name in ask.names if name in rows] for ask in asks}


def _figure(name: str, value: int | None) -> Figure:
    label = str(NumberName(name).label)
    return Figure(name, label, "" if value is None else _said(name, value))


def _said(name: str, value: int) -> str:
    if name in (NumberName.SOLD, NumberName.TAKEN):
        return tonnes(value) if value >= TONNE_KG * GRAMS_PER_KG else kg(value)
    if name == NumberName.PAID:
        return _("%(yuan)s 元") % {"yuan": whole(Decimal(value))}
    if name == NumberName.GROWERS:
        return _("超过 %(n)d 户") % {"n": value}
    if name == NumberName.CROPS:
        return ngettext("%(n)d 种", "%(n)d 种", value) % {"n": value}
    if name == NumberName.CAMPAIGNS:
        return ngettext("%(n)d 个", "%(n)d 个", value) % {"n": value}
    return ngettext("%(n)d 样", "%(n)d 样", value) % {"n": value}
