"""The photographs of a shop's listing: add, put first, remove."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import clock
from core.errors import PlatformError
from shop.forms.listing import PictureForm
from shop.services.pictures import add_picture, put_first, remove_picture
from shop.views.desk import DeskRequest, desk
from shop.views.work_listings import listing_page, own_listing

STEPS = {"first": put_first, "remove": remove_picture}


@desk
@require_POST
def add(request: DeskRequest, code: str) -> HttpResponse:
    """Add a photograph; what cannot be used is said beside the field."""
    one = own_listing(request, code)
    form = PictureForm(request.POST, request.FILES, prefix="picture")
    if form.is_valid():
        try:
            add_picture(listing=one, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("照片放上去了。"))
            return redirect("shop:work_listing", code=one.code)
        except PlatformError as error:
            form.add_error("photo", str(error))
    return listing_page(request, one, picture_form=form, status=422)


@desk
@require_POST
def change(request: DeskRequest, code: str, number: str) -> HttpResponse:
    """Put a photograph first, or take it away."""
    one = own_listing(request, code)
    picture = next((found for found in one.pictures.all() if str(found.pk) == number), None)
    if picture is None:
        raise Http404
    step = STEPS.get(request.POST.get("step", ""))
    if step is not None:
        step(picture=picture)
        messages.success(request, _("改好了。"))
    return redirect("shop:work_listing", code=one.code)
