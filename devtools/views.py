"""The demo's pages: the walk, the date control and one-press sign-in. Never in production."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import clock
from core.http import asked
from devtools.guide import PEOPLE
from devtools.inbox import received
from devtools.travel import travel_to
from devtools.walk import jumps, steps, walk_campaign
from growers.models import User
from notices.forms import NumberForm

View = Callable[..., HttpResponse]
MESSAGES_SHOWN = 50


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
        messages.error(request, _("日子只能往前拨，一次最多 200 天。"))
    else:
        said = ngettext(
            "过去了 %(n)d 天，中间每天该办的事都办了。",
            "过去了 %(n)d 天，中间每天该办的事都办了。",
            moved,
        )
        messages.success(request, said % {"n": moved})
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


@_demo_only
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """Every message the demo sent, newest first, or those of one number."""
    form = NumberForm(request.GET if "mobile" in request.GET else None)
    form.fields["mobile"].help_text = ""
    form.fields["mobile"].required = False
    mobile = form.cleaned_data["mobile"] if form.is_valid() else ""
    target = asked(request, "next", most=500)
    context = {
        "page": Paginator(received(mobile=mobile), MESSAGES_SHOWN).get_page(
            request.GET.get("page")
        ),
        "query": urlencode({"mobile": mobile}) if mobile else "",
        "form": form,
        "next": target if url_has_allowed_host_and_scheme(target, None) else "",
    }
    return render(request, "devtools/messages.html", context)
