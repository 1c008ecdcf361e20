"""The style guide: every component with made-up figures, in both themes.

The day is fixed, so that its pictures can be compared. A component is a file of
``templates/components``; its specimen is the partial of the same name in
``templates/core/specimens.html``; what it takes is said by its own first line.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django import forms
from django.conf import settings
from django.contrib.messages import ERROR, INFO, SUCCESS
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page, Paginator
from django.utils.translation import gettext_lazy as _

from core import charts
from core.counties import SILHOUETTES, county_map
from core.drawings import DRAWINGS

DAY = date(2026, 8, 28)
YEAR = 2026


class SampleForm(forms.Form):
    """One field of each kind, refused on purpose."""

    mobile = forms.CharField(label=_("手机号"), help_text=_("取货时只看后四位。"))
    net_kg = forms.DecimalField(label=_("净重"), max_value=Decimal(200))
    note = forms.CharField(label=_("备注"), required=False, widget=forms.Textarea)
    way = forms.ChoiceField(
        label=_("怎么拿"),
        choices=[("station", _("到村店自取")), ("delivery", _("寄到家"))],
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(label=_("樱桃鲜活易腐，下单后不能无理由退；坏了照赔。"))


def _window(
    start: tuple[int, int],
    peak: tuple[int, int],
    end: tuple[int, int],
    label: str = "",
    height: float = 1.0,
) -> charts.YearWindow:
    days = [date(YEAR, *start), date(YEAR, *peak), date(YEAR, *end)]
    days[2] = days[2] if days[2] >= days[1] else date(YEAR + 1, *end)
    return charts.year_window(*days, on=DAY, label=label, height=height)


def _pepper() -> list[charts.YearWindow]:
    return [
        _window((6, 25), (7, 8), (7, 20), "河谷", 0.72),
        _window((7, 5), (7, 20), (8, 10), "半坡", 0.84),
        _window((7, 25), (8, 15), (9, 5), "高坡"),
    ]


ROWS = [
    ("茶", "green_tea", (3, 24), (4, 5), (5, 20)),
    ("羊肚菌", "morel", (3, 4), (3, 24), (4, 24)),
    ("大樱桃", "sweet_cherry", (5, 1), (5, 20), (6, 20)),
    ("狼牙蜜", "langya_honey", (5, 2), (5, 21), (6, 14)),
    ("花椒", "huajiao_dahongpao", (6, 25), (8, 15), (9, 5)),
    ("鲜核桃", "walnut_fresh", (8, 17), (8, 29), (9, 18)),
    ("土蜂蜜", "mountain_honey", (8, 19), (9, 14), (10, 20)),
    ("苹果", "apple_delicious", (9, 8), (9, 27), (11, 7)),
    ("当归", "angelica", (10, 3), (10, 24), (11, 15)),
    ("油橄榄", "olive_fresh", (10, 5), (11, 9), (12, 30)),
    ("柑橘", "citrus", (11, 20), (12, 20), (1, 25)),
]

GUESSED = {"mountain_honey", "angelica", "citrus"}

GROUPS = [
    (
        "字和印",
        "季节的五种样子：形状、字、颜色都在说。",
        "mark icon seal mark_word price code peaks",
    ),
    (
        "按、选、填",
        "一屏一个红的；次要的描边；工作台用黛色。",
        "button pick field errors number_code search_box languages pager",
    ),
    (
        "说话",
        "先说结论，再画它；没有的、正在取的、出错的，各有各的话。",
        "head notice messages empty loading risk fact facts step steps table",
    ),
    (
        "山货",
        "照片没有的时候，图谱里那一张就是它。",
        "lit drawing tile campaign_row progress terrace",
    ),
    (
        "日子和地方",
        "山脚从哪天到哪天，就是采的日子；红线是今天。",
        "months season_strip season_zoom ridge year_range hill_row calendar "
        "origin_map county_picker",
    ),
    (
        "图",
        "字不跟着图放大缩小；每张图都有一句话说出结论。",
        "split_bar gap_bars fan curve water_level lorenz",
    ),
    ("长字和底子", "英文长四成，不能撑破；样式只有一份。", "long styles"),
]

CLASSES = [
    ("band / band mist / band first", "一段页面；雾色底；第一段"),
    ("wrap / wrap narrow", "正文宽度"),
    ("cols two / two even / two main / three", "宽屏分栏，手机一栏"),
    ("mt2…mt6 / mb2…mb5", "间距"),
    (
        "prose / lead / cap / num / nb / r / vh",
        "长文、引子、小字、等宽数字、不折行、右对齐、只读给人听",
    ),
    ("headline + mark", "先说结论的一句话，里面的数字"),
    ("kv / list / plain / line", "名和值、左右两头、素列表、篮子里的一行"),
    ("tabs / picks / opts / form / qty", "筛选、几选一、单选列表、表单、数量"),
    ("acts / marks / legend / multiples", "一排按钮、一排状态、图例、一排小图"),
    ("ok / warn / bad / plain-mark", "状态词"),
    ("prod / pic / buy / sub", "一件山货的页面"),
    ("dock / dock phone", "手机底下的主按钮"),
    ("today4 / draft / side", "工作台：今天几件事、草稿、右边一栏"),
    ("slip / sum", "种植户页：一张交货条、大数字"),
    ("only-wide / only-phone / no-print", "只在宽屏、只在手机、不打印"),
]


@dataclass(frozen=True)
class SampleRow:
    """A row as the calendar's selector gives it."""

    key: str
    name: str
    note: str
    state: str
    shapes: list[dict[str, str]]
    is_guess: bool = False
    spans: tuple[()] = ()


def _calendar() -> list[SampleRow]:
    rows = []
    for name, crop, start, peak, end in ROWS:
        window = _window(start, peak, end)
        note = {"done": "已采完", "now": "在采"}.get(window.state, f"{start[0]}月{start[1]}日起")
        state = "past" if window.state == "done" else window.state
        guess = crop in GUESSED
        look = f"{window.state} guess" if guess else window.state
        shape = {"look": look, "path": charts.row_path(window, height=56, base=60)}
        rows.append(SampleRow(crop, name, note, state, [shape], is_guess=guess))
    return rows


def _range() -> tuple[charts.RangeLayer, ...]:
    rows = [
        charts.RangeRow(crop, name, [_window(start, peak, end)])
        for name, crop, start, peak, end in ROWS
    ]
    return charts.year_range(rows)


def _ridge() -> charts.Ridge:
    rows = [(name, crop, _window(start, peak, end)) for name, crop, start, peak, end in ROWS[:10]]
    return charts.ridge(rows, on=DAY)


def _s_curve(top: float, middle: int, width: float, days: range) -> list[tuple[date, float]]:
    first = date(YEAR, 7, 1)
    return [(first + timedelta(days=d), top / (1 + math.exp(-(d - middle) / width))) for d in days]


def _fan() -> charts.Fan:
    now = (DAY - date(YEAR, 7, 1)).days
    past = _s_curve(5.9, 55, 14, range(0, now + 1, 2))
    ahead = _s_curve(5.9, 55, 14, range(now, 110, 3))
    reach = [(i / len(ahead)) ** 0.7 for i in range(len(ahead))]
    supply = _s_curve(4.4, 80, 8, range(now - 8, 110, 3))
    return charts.fan_chart(
        past=past,
        median=[past[-1], *ahead[1:]],
        inner=[(d, v - 0.5 * r, v + 0.6 * r) for (d, v), r in zip(ahead, reach, strict=True)],
        outer=[(d, v - 1.0 * r, v + 1.4 * r) for (d, v), r in zip(ahead, reach, strict=True)],
        supply=supply,
        supply_band=[(d, v * 0.87, v * 1.13) for d, v in supply],
        last_year=_s_curve(4.8, 62, 15, range(0, 110, 3)),
        on=DAY,
    )


def _curves() -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for title, top, goal, cap in (
        ("核桃 2.5 kg", 1260, 2000, 2600),
        ("苹果 5 kg", 5200, 5000, 6000),
    ):
        booked = _s_curve(top * 1.2, 40, 9, range(10, 59, 3))
        last = booked[-1][1]
        ahead = [
            (DAY + timedelta(days=d), last * (1 + d / 90), last * (1 + d / 25)) for d in (4, 9)
        ]
        chart = charts.pledge_curve(
            booked, goal=goal, cap=cap, closes_on=DAY + timedelta(days=9), ahead=ahead
        )
        found.append({"title": title, "chart": chart, "note": f"目标 {goal:,} kg，上限 {cap:,} kg"})
    return found


def _terraces() -> list[dict[str, object]]:
    prices = [(0, "¥92"), (2300, "¥88")]
    states = (("gathering", 1260), ("formed", 2150), ("full", 2600), ("failed", 700))
    return [
        {
            "state": state,
            "booked": f"已约 {booked:,} kg",
            "chart": charts.terrace(booked=booked, goal=2000, cap=2600, prices=prices),
        }
        for state, booked in states
    ]


def _sharing() -> dict[str, object]:
    households = [(0.25 + 1.5 * (i / 90) ** 1.6, 0.86) for i in range(90)]
    given = [(could, min(could, level)) for could, level in households]
    return {
        "water": charts.water_level(given, level=0.86),
        "lorenz": charts.lorenz([gives for _could, gives in given]),
    }


def _prices() -> list[charts.SplitPart]:
    shares = [("种植户", "52.00"), ("分拣包装", "5.60"), ("运输", "9.20"), ("村店", "8.00")]
    shares.append(("平台", "3.20"))
    return charts.split_parts([(name, Decimal(amount)) for name, amount in shares])


@dataclass(frozen=True)
class Component:
    """A component as the guide shows it: its tag, what it takes, where its specimen is."""

    name: str
    tag: str
    usage: str
    template: str


@dataclass(frozen=True)
class Group:
    """Components shown together."""

    title: str
    note: str
    components: list[Component]


def groups() -> list[Group]:
    """The components in the order of the guide."""
    return [
        Group(title, note, [_component(name) for name in names.split()])
        for title, note, names in GROUPS
    ]


def _component(name: str) -> Component:
    path = settings.BASE_DIR / f"templates/components/{name}.html"
    source = path.read_text(encoding="utf-8") if path.exists() else ""
    said = re.match(r"{# (.*?) #}", source, re.DOTALL)
    return Component(
        name=name,
        tag=f"<c-{name.replace('_', '-')}>" if said else name,
        usage=said.group(1) if said else "",
        template=f"core/specimens.html#{name}",
    )


class SampleCode(forms.Form):
    """The code sent to a number."""

    code = forms.CharField(label=_("验证码"))


@dataclass(frozen=True)
class SampleProof:
    """A way from a number to its proof, at one step."""

    step: str
    masked: str
    number_form: forms.Form
    code_form: forms.Form
    problem: str = ""


def _theme(name: str) -> dict[str, object]:
    """What differs between two specimens on one page: the ids of fields."""

    def form(part: str, data: dict[str, str] | None = None) -> SampleForm:
        return SampleForm(data, auto_id=f"{name}_{part}_%s")

    def proof(step: str) -> SampleProof:
        code = SampleCode(auto_id=f"{name}_code_%s")
        return SampleProof(step, "138****8000", form(f"proof_{step}"), code)

    return {
        "name": name,
        "rest": form("rest"),
        "refused": form("refused", {"mobile": "138", "net_kg": "五十"}),
        "proof": {"number": proof("number"), "code": proof("code")},
    }


def _page() -> Page[int]:
    return Paginator(range(60), 20).page(2)


def _month_links(chosen: int) -> Iterable[dict[str, object]]:
    return [
        {"number": n, "label": f"{n}月", "url": "#year_range", "current": n == chosen}
        for n in range(1, 13)
    ]


def samples() -> dict[str, object]:
    """Everything the style guide shows."""
    weeks = [("9月7日起", 0.6, 0.9), ("9月14日起", 1.0, 1.2), ("9月21日起", 1.5, 1.0)]
    weeks += [("9月28日起", 1.6, 0.8), ("10月5日起", 0.9, 0.5)]
    return {
        "day": DAY,
        "groups": groups(),
        "themes": [_theme("light"), _theme("dark")],
        "told": [
            Message(INFO, "存好了。"),
            Message(SUCCESS, "上架了。"),
            Message(ERROR, "没存上。"),
        ],
        "page": _page(),
        "range": _range(),
        "month_links": _month_links(DAY.month),
        "map": county_map(["621202", "621222"], later=["621224"]),
        "picker": county_map(["621222"], links={c.code: "#county_picker" for c in SILHOUETTES}),
        "icons": ["search", "person", "basket", "home", "box", "scale", "pay", "phone", "print"],
        "pepper": _pepper(),
        "walnut": [_window((8, 17), (8, 29), (9, 18))],
        "citrus": [_window((11, 20), (12, 20), (1, 25), "冬果")],
        "pepper_zoom": charts.zoom(_pepper(), on=DAY),
        "revised": [_window((8, 10), (8, 25), (9, 12))],
        "calendar": _calendar(),
        "ridge": _ridge(),
        "fan": _fan(),
        "curves": _curves(),
        "terraces": _terraces(),
        "gaps": charts.gap_rows(weeks),
        "split": _prices(),
        **_sharing(),
        "crops": sorted(DRAWINGS),
        "few": ["huajiao_dahongpao", "sweet_cherry", "rapeseed_oil", "morel"],
        "states": ["blossom", "ripe", "dried"],
        "seals": ["teaser", "presale", "in_season", "last_weeks", "dormant"],
        "classes": CLASSES,
        "today": DAY,
    }
