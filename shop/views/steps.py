"""Buttons inside a form that only help filling it: nothing is checked or sent by them.

They work without script: the page comes back with everything that was typed, and what the button
asked for.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shop.forms.address import PlaceForm, read_into
from shop.selectors.addresses import address_of

STEP = "step"
READ, PLACES, SUM, USE = "read", "places", "sum", "use:"
NOT_TYPED = {"csrfmiddlewaretoken", STEP}


@dataclass(frozen=True)
class Step:
    """The form as it is shown again, and a sentence about what was done."""

    initial: dict[str, Any]
    said: str


def typed(request: HttpRequest) -> dict[str, Any]:
    """Everything that was typed, as a form's starting values."""
    return {
        name: value.replace("\x00", "")
        for name, value in request.POST.items()
        if name not in NOT_TYPED and isinstance(value, str)
    }


def step_of(request: HttpRequest) -> Step | None:
    """What a helping button asked for; ``None`` when the form itself was sent."""
    asked = request.POST.get(STEP, "").replace("\x00", "")
    if asked == READ:
        return Step(*read_into(typed(request)))
    if asked in (PLACES, SUM):
        return Step(typed(request), "")
    if asked.startswith(USE):
        return _use(request, asked.removeprefix(USE))
    return None


def _use(request: HttpRequest, code: str) -> Step:
    kept = address_of(request.user, code=code)
    if kept is None:
        return Step(typed(request), _("这个地址已经删了，换一个。"))
    values = {**typed(request), **address_values(kept), "fulfilment": "delivery", "paste": ""}
    return Step(values, _("换好了：%(name)s，%(place)s。") % _words(kept))


def _words(kept: Any) -> dict[str, str]:
    return {"name": kept.name, "place": f"{kept.city} {kept.address}"}


def address_values(kept: Any) -> dict[str, str]:
    """A kept address as the starting values of a form."""
    return {
        "name": kept.name,
        "mobile": kept.mobile,
        "province_code": kept.province_code,
        "city_code": kept.county_code[:4],
        "county_code": kept.county_code,
        "address": kept.address,
    }


def unread_paste(form: PlaceForm, request: HttpRequest) -> Step | None:
    """An address pasted and sent off at once is read first, so that its owner sees it."""
    if request.POST.get("fulfilment", "delivery") != "delivery" or not form.has_unread_paste:
        return None
    return Step(*read_into(typed(request)))
