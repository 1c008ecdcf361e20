"""What the demand page says first: whether there will be enough, by when, and how likely."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from core.days import day_words, short_month
from core.units import GRAMS_PER_KG
from core.words import local
from forecasting.engine.gap import chance_short
from forecasting.selectors.weeks import DEMAND_LEVELS, SUPPLY_LEVELS, Week

TONNE_G = 1000 * GRAMS_PER_KG
FEW_TONNES_G = TONNE_G // 2
TENTHS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")


@dataclass(frozen=True)
class Finding:
    """A sentence in three parts (the middle one is marked) and a line under it."""

    before: str
    mark: str
    after: str
    note: str

    @property
    def text(self) -> str:
        """The sentence read aloud."""
        return f"{self.before}{self.mark}{self.after}{self.note}"


def amount(weight_g: int) -> str:
    """Tonnes from half a tonne on, else whole kilograms: ``1.2 吨``, ``320 kg``.

    >>> amount(1_200_000), amount(320_400)
    ('1.2 吨', '320 kg')
    """
    if weight_g >= FEW_TONNES_G:
        return _("%(tonnes)s 吨") % {"tonnes": f"{weight_g / TONNE_G:,.1f}"}
    return f"{weight_g / GRAMS_PER_KG:,.0f} kg"


def part_of_month(day: date) -> str:
    """A third of a month, as people speak of dates that are not exact: ``10月中旬``.

    >>> part_of_month(date(2026, 10, 11))
    '10月中旬'
    """
    words = (_("%(month)s上旬"), _("%(month)s中旬"), _("%(month)s下旬"))
    return words[min((day.day - 1) // 10, 2)] % {"month": short_month(day.month)}


def tenths(chance: float) -> str:
    """A probability in tenths: ``七成``.

    >>> tenths(0.72), tenths(0.02), tenths(0.99)
    ('七成', '不到一成', '九成以上')
    """
    rounded = round(chance * 10)
    if rounded < 1:
        return _("不到一成")
    return (
        _("九成以上")
        if rounded > 9
        else _("%(tenth)s成") % {"tenth": local(TENTHS[rounded], str(rounded))}
    )


def find(weeks: list[Week], *, name: str) -> Finding | None:
    """Say where the running sum of demand runs furthest ahead of the harvest."""
    if not weeks:
        return None
    worst = min(weeks, key=lambda week: week.to_left_g)
    if worst.to_supply is None:
        return _demand_only(weeks[-1], name=name)
    chance = tenths(chance_short(worst.to_demand, DEMAND_LEVELS, worst.to_supply, SUPPLY_LEVELS))
    if worst.to_left_g >= 0:
        return _enough(weeks[-1], name=name, chance=chance)
    tight = min(weeks, key=lambda week: week.left_g).monday
    return Finding(
        before=_("到%(when)s，%(name)s大约") % {"when": _until(worst), "name": name},
        mark=_("缺 %(amount)s") % {"amount": amount(-worst.to_left_g)},
        after=_("。"),
        note=_("缺货的可能：%(chance)s；最紧的是%(day)s那一周。")
        % {"chance": chance, "day": day_words(tight)},
    )


def _enough(last: Week, *, name: str, chance: str) -> Finding:
    facts = {"when": _until(last), "name": name, "amount": amount(last.to_left_g)}
    return Finding(
        before=_("到%(when)s，%(name)s够了，大约余 %(amount)s") % facts,
        mark="",
        after=_("。"),
        note=_("缺货的可能：%(chance)s。") % {"chance": chance},
    )


def _demand_only(last: Week, *, name: str) -> Finding:
    facts = {"when": _until(last), "name": name, "amount": amount(last.to_demand[2])}
    band = {"low": amount(last.to_demand[0]), "high": amount(last.to_demand[4])}
    return Finding(
        before=_("到%(when)s，%(name)s大约要 %(amount)s") % facts,
        mark="",
        after=_("。"),
        note=_("八成把握在 %(low)s到 %(high)s之间。") % band,
    )


def _until(week: Week) -> str:
    return part_of_month(week.monday + timedelta(days=6))
