"""Being told when a crop is for sale: asking, and ending it from the message."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core import clock
from core.errors import PlatformError
from core.mobile import mask_mobile
from growers.models import Region, RegionLevel
from harvest_calendar.models import Crop, SaleClass
from notices.flow import NumberProof
from notices.http import address_of, proven_number
from notices.texts import language_now
from shop.models import SeasonAlert
from shop.selectors.alerts import crop_coming, token_of
from shop.services import alerts as services

TOKEN_LENGTH = 22  # of secrets.token_urlsafe(16)


@never_cache
def tell_me(request: HttpRequest, crop_key: str) -> HttpResponse:
    """Ask to be told of a crop: at once for somebody signed in, else after a code."""
    crop = get_object_or_404(
        Crop.objects.exclude(sale_class=SaleClass.MEDICINAL_ONLY), key=crop_key
    )
    place = _county(request)
    proof = NumberProof(request, purpose="tell_me", at=clock.now())
    status = 200
    if request.method == "POST":
        mobile = _number(request, proof)
        if mobile:
            return _ask(request, crop, place, mobile)
        if proof.moved:
            return redirect(_address(crop, place))
        status = proof.status
    return _page(request, crop, place, proof, status=status)


def _number(request: HttpRequest, proof: NumberProof) -> str:
    """A number known to be this person's, or one that was just proved."""
    return _own(request) or proof.take()


def _own(request: HttpRequest) -> str:
    """The account's number, or the one proved in this browser a moment ago."""
    return getattr(request.user, "mobile", None) or proven_number(request, at=clock.now())


def _ask(request: HttpRequest, crop: Crop, place: Region | None, mobile: str) -> HttpResponse:
    try:
        services.ask_to_be_told(
            mobile=mobile,
            crop=crop,
            county=place,
            language=language_now(),
            address=address_of(request),
            at=clock.now(),
        )
    except PlatformError as error:
        messages.error(request, str(error))
    else:
        text = _("记下了，%(crop)s开卖时给 %(mobile)s 发一条短信。")
        facts = {"crop": crop.name, "mobile": mask_mobile(mobile)}
        messages.success(request, text % facts)
        return redirect(_address(crop, place, done="1"))
    return redirect(_address(crop, place))


def _county(request: HttpRequest) -> Region | None:
    """The county that was chosen; nothing, or something else, is anywhere."""
    code = request.POST.get("county") or request.GET.get("county", "")
    if not code.isascii() or not code.isdigit() or len(code) > 12:
        return None
    return Region.objects.filter(level=RegionLevel.COUNTY, code=code).first()


def _address(crop: Crop, place: Region | None, **more: str) -> str:
    query = urlencode({**({"county": place.code} if place else {}), **more})
    return reverse("shop:tell_me", args=[crop.key]) + (f"?{query}" if query else "")


def _page(
    request: HttpRequest, crop: Crop, place: Region | None, proof: NumberProof, *, status: int
) -> HttpResponse:
    own = _own(request)
    context: dict[str, Any] = {
        "crop": crop,
        "place": place,
        "coming": crop_coming(crop, place=place, on=clock.today()),
        "proof": proof,
        "own": mask_mobile(own) if own else "",
        "token": token_of(own, crop=crop, place=place),
        "done": "done" in request.GET,
        "here": _address(crop, place),
    }
    return render(request, "shop/alerts/tell_me.html", context, status=status)


@never_cache
def stop_telling(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a message: a page with one button, which ends the wish."""
    alert = SeasonAlert.objects.filter(token=token).select_related("crop", "county").first()
    if request.method == "POST" and alert is not None:
        services.stop_telling(token=token)
        return render(request, "shop/alerts/stopped.html", {"crop": alert.crop})
    if alert is None and len(token) != TOKEN_LENGTH:
        raise Http404
    return render(request, "shop/alerts/stop.html", {"alert": alert})
