"""The platform's moderator reads what is said and covers what breaks the law, with a reason."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core import clock
from core.errors import PlatformError
from core.http import MemberRequest, asked, page_of, say_error
from shop.forms.voices import CoverForm
from shop.selectors.voices import KINDS, as_said, said_in_public, voice_at
from shop.services.moderation import MODERATE, cover, uncover

PAGE_SIZE = 30


def moderator(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open a page to who may moderate; others find nothing."""

    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        if not request.user.has_perm(MODERATE):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@moderator
@never_cache
def moderation(request: MemberRequest) -> HttpResponse:
    """Everything said in public, the newest first."""
    kind = asked(request, "kind")
    kind = kind if kind in KINDS else next(iter(KINDS))
    page = page_of(request, said_in_public(kind), size=PAGE_SIZE)
    context = {
        "kind": kind,
        "kinds": KINDS.items(),
        "page": page,
        "rows": [as_said(one) for one in page],
    }
    return render(request, "shop/workspace/moderation.html", context)


@moderator
@never_cache
def moderate(request: MemberRequest, code: str) -> HttpResponse:
    """Cover one thing with a reason, or uncover it."""
    found = voice_at(code.upper())
    if found is None:
        raise Http404
    form = CoverForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and found.hidden:
        return _uncovered(request, found.code)
    if request.method == "POST" and form.is_valid():
        try:
            cover(code=found.code, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("遮住了，原因写在原处。"))
            return redirect("shop:moderation")
        except PlatformError as error:
            form.add_error(getattr(error, "field", "") or None, str(error))
    status = 422 if form.errors else 200
    context = {"said": found, "form": form}
    return render(request, "shop/workspace/moderate.html", context, status=status)


def _uncovered(request: MemberRequest, code: str) -> HttpResponse:
    try:
        uncover(code=code, by=request.user, at=clock.now())
        messages.success(request, _("放回去了。"))
    except PlatformError as error:
        say_error(request, error)
    return redirect("shop:moderation")
