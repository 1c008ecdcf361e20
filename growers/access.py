"""Who may open a page: strangers are sent to sign in, people without the role find nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from core import clock
from growers.selectors import roles_of

View = Callable[..., HttpResponseBase]


def _gate(request: HttpRequest, roles: frozenset[str]) -> HttpResponse | None:
    """Where to send a person without one of the roles; None lets them in."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
    if not roles & roles_of(request.user, clock.today()):
        raise Http404
    return None


def role_required(*roles: str) -> Callable[[View], View]:
    """Open a view to people who hold one of these roles today.

    A stranger who is signed in gets 404, so that nobody learns which pages there are.
    """
    wanted = frozenset(roles)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _gate(request, wanted) or view(request, *args, **kwargs)

        return guarded

    return decorate


class RoleRequiredMixin:
    """``role_required`` for view classes: name the roles in ``roles``."""

    roles: tuple[str, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        sent = _gate(request, frozenset(self.roles))
        if sent is not None:
            return sent
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # the view class follows in the order of bases
        return answer
