"""Signing in and out, and the way to one's first page."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from core import clock
from core.errors import NotAllowed
from core.language import front_path
from growers.forms import SignInForm
from growers.models import User
from growers.navigation import home_address
from growers.services import person_of_number
from notices.flow import NumberProof

BACKEND = "growers.sign_in.MobileOrCardBackend"
BY_NUMBER, BY_PASSWORD = "number", "password"


@sensitive_post_parameters("password", "code")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """One page, two ways: a code sent to one's number, or a password or PIN."""
    if request.user.is_authenticated:
        return redirect("growers:home")
    proof = NumberProof(request, purpose="sign_in", at=clock.now())
    if "step" in request.POST:
        return _by_number(request, proof)
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid() and form.user is not None:
        return _enter(request, form.user)
    by_password = request.method == "POST" or request.GET.get("way") == BY_PASSWORD
    way = BY_PASSWORD if by_password else BY_NUMBER
    return _page(request, proof=proof, form=form, way=way)


def _by_number(request: HttpRequest, proof: NumberProof) -> HttpResponse:
    mobile = proof.take()
    if mobile:
        try:
            return _enter(request, person_of_number(mobile=mobile, at=proof.at))
        except NotAllowed as error:
            messages.error(request, str(error))
            return redirect(_address(request, way=BY_PASSWORD))
    if proof.moved:
        return redirect(_address(request))
    form = SignInForm(request=request)
    return _page(request, proof=proof, form=form, way=BY_NUMBER, status=proof.status)


def _page(
    request: HttpRequest, *, proof: NumberProof, form: SignInForm, way: str, status: int = 200
) -> HttpResponse:
    context = {"proof": proof, "form": form, "way": way, "next": _asked(request)}
    context["number_url"] = _address(request)
    context["password_url"] = _address(request, way=BY_PASSWORD)
    return render(request, "growers/sign_in.html", context, status=status)


def _asked(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next", "")


def _address(request: HttpRequest, **more: str) -> str:
    """This page again, still knowing where its visitor wants to go."""
    asked = _asked(request)
    query = urlencode({**more, **({"next": asked} if asked else {})})
    return reverse("growers:sign_in") + (f"?{query}" if query else "")


def _enter(request: HttpRequest, person: User) -> HttpResponse:
    login(request, person, backend=BACKEND)
    return redirect(_next(request))


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
    return redirect(front_path())


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The first page of the person's role."""
    return redirect(home_address(request))
