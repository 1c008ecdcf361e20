"""Signing in and out, and the way to one's first page."""

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from growers.forms import SignInForm
from growers.navigation import home_address

BACKEND = "growers.sign_in.MobileOrCardBackend"


@sensitive_post_parameters("password")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """One form for everybody."""
    if request.user.is_authenticated:
        return redirect("growers:home")
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid() and form.user is not None:
        login(request, form.user, backend=BACKEND)
        return redirect(_next(request))
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "growers/sign_in.html", context)


def _next(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    here = {request.get_host()}
    if url_has_allowed_host_and_scheme(asked, here, require_https=request.is_secure()):
        return asked
    return home_address(request)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Back to the storefront."""
    logout(request)
    return redirect("/")


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The first page of the person's role."""
    return redirect(home_address(request))
