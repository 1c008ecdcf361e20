"""Reasons as sentences a person understands; every number in them comes from the plan."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from contracts.models import PlanReason
from contracts.models.proposal import ReasonKind
from core.days import day_words
from core.units import GRAMS_PER_KG
from core.words import local

Facts = dict[str, Any]


def reason_sentence(reason: PlanReason) -> str:
    """Why an offer gets no more, in plain Chinese, true for the household and for a planner."""
    return _SENTENCES[ReasonKind(reason.reason)](reason.facts)


def _own_harvest(facts: Facts) -> str:
    return _("自家能交的都排上了，没有再多的可交。")


def _station_full(facts: Facts) -> str:
    text = _("%(station)s%(weeks)s收满了：一共能收 %(limit)s 公斤，再多收不下。")
    return text % _words(facts)


def _demand_full(facts: Facts) -> str:
    text = _(
        "%(weeks)s送往%(hubs)s的订单一共 %(limit)s 公斤，已经分完。"
        "大家按同一条水位分，这一户到了所需的 %(level)s。"
    )
    return text % _words(facts)


def _earlier_stage(facts: Facts) -> str:
    if facts["hubs"]:
        text = _("%(weeks)s送往%(hubs)s的订单一共 %(limit)s 公斤，前面一批先分完了，没有剩下。")
    else:
        text = _("%(station)s%(weeks)s一共能收 %(limit)s 公斤，前面一批先排满了，没有剩下。")
    return text % _words(facts)


def _draw(facts: Facts) -> str:
    words = {**_words(facts), **facts["draw"]}
    if not facts["draw"]["winners"]:
        text = _(
            "按比例分到的不够最小合同量 %(min_lot)s 公斤，几户合起来也凑不出一份，这一轮没签。"
        )
    elif facts["draw"]["won"]:
        text = _(
            "按比例分到的不够最小合同量 %(min_lot)s 公斤，%(of)s 户公开抽签，"
            "排第 %(place)s，抽中了，按最小合同量签。"
        )
    else:
        text = _(
            "按比例分到的不够最小合同量 %(min_lot)s 公斤，%(of)s 户公开抽签选 %(winners)s 户，"
            "排第 %(place)s，没抽中。"
        )
    return text % words + _carried(facts)


def _carried(facts: Facts) -> str:
    """That the missed income is made up first in the next round."""
    missed = facts.get("missed_fen", 0)
    if facts["draw"]["won"] or not missed:
        return ""
    return _("少的 %(missed)s 元记到下一轮先补。") % {"missed": f"{missed / 100:,.2f}"}


def _below_minimum(facts: Facts) -> str:
    text = _("预计能交的不到最小合同量 %(min_lot)s 公斤，这一轮没有排。")
    return text % _words(facts)


def _no_route(facts: Facts) -> str:
    return _("采收的那几周，%(station)s没有开收，或者没有要送的订单。") % _words(facts)


def _need_met(facts: Facts) -> str:
    text = _("已经签下的合同到了所需的 %(level)s，比这一轮的水位高，先让给还没到的户。")
    return text % _words(facts)


_SENTENCES = {
    ReasonKind.OWN_HARVEST: _own_harvest,
    ReasonKind.STATION_FULL: _station_full,
    ReasonKind.DEMAND_FULL: _demand_full,
    ReasonKind.EARLIER_STAGE: _earlier_stage,
    ReasonKind.DRAW: _draw,
    ReasonKind.BELOW_MINIMUM: _below_minimum,
    ReasonKind.NO_ROUTE: _no_route,
    ReasonKind.NEED_MET: _need_met,
}


def _words(facts: Facts) -> dict[str, str]:
    return {
        "station": local(facts["station"], facts.get("station_en", "")),
        "weeks": weeks_words([date.fromisoformat(day) for day in facts["mondays"]]),
        "hubs": _("、").join(
            local(*names)
            for names in zip_longest(facts["hubs"], facts.get("hubs_en", ()), fillvalue="")
        ),
        "limit": f"{facts['limit_g'] // GRAMS_PER_KG:,}",
        "level": f"{facts['level']:.0%}",
        "min_lot": f"{-(-facts['min_lot_g'] // GRAMS_PER_KG):,}",
    }


def _hubs(facts: Facts) -> Iterable[tuple[str, str]]:
    return zip_longest(facts["hubs"], facts.get("hubs_en", ()), fillvalue="")


def weeks_words(mondays: list[date]) -> str:
    """Weeks as days: ``9月21日那周``, or ``9月21日到10月18日这 4 周``."""
    if not mondays:
        return ""
    first, last = min(mondays), max(mondays) + timedelta(days=6)
    if len(mondays) == 1:
        return _("%(day)s那周") % {"day": day_words(first)}
    words = {"first": day_words(first), "last": day_words(last), "n": len(mondays)}
    return _("%(first)s到%(last)s这 %(n)s 周") % words
