"""The demo's pages: the walk, the date control and one-press sign-in. Never in production."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core import clock
from devtools.guide import PEOPLE
from devtools.travel import travel_to
from devtools.walk import jumps, steps, walk_campaign
from growers.models import User

View = Callable[..., HttpResponse]


def _demo_only(view: View) -> View:
    @wraps(view)
    def checked(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return checked


def walk_code() -> str:
    """The code of the walk's campaign, written when the world was built."""
    try:
        return (Path(settings.VAR_DIR) / "walk").read_text().strip()
    except FileNotFoundError:
        return ""


@_demo_only
def walk(request: HttpRequest) -> HttpResponse:
    campaign = walk_campaign(walk_code())
    context = {
        "campaign": campaign,
        "steps": steps(campaign, today=clock.today()),
        "jumps": jumps(campaign, today=clock.today()),
        "people": PEOPLE,
    }
    return render(request, "devtools/walk.html", context)


@_demo_only
@require_POST
def jump(request: HttpRequest) -> HttpResponse:
    try:
        moved = travel_to(date.fromisoformat(request.POST.get("day", "")))
    except ValueError:
        messages.error(request, "日子只能往前拨，一次最多 200 天。")
    else:
        messages.success(request, f"过去了 {moved} 天，中间每天该办的事都办了。")
    return redirect("devtools:walk")


@_demo_only
@require_POST
def sign_in_as(request: HttpRequest, key: str) -> HttpResponse:
    someone = next((person for person in PEOPLE if person.key == key), None)
    if someone is None:
        raise Http404
    name = someone.sign_in if someone.key == "household" else someone.key
    user = get_object_or_404(User, username=name)
    login(request, user, backend="growers.sign_in.MobileOrCardBackend")
    target = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(target, None)
    return redirect(target if inside else "growers:home")
