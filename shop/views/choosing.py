"""A backer chooses what happens after less harvest or a later day; the signed address is enough."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core import clock
from core.errors import PlatformError
from core.http import say_error
from shop.forms.setback import ChoiceForm
from shop.selectors.setbacks import choice_of, shown_choice
from shop.services.choosing import choose as choose_remedy
from shop.services.choosing import remedies_of
from shop.views.shown_pledges import remember_pledge


@never_cache
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """What happened, what can be done, and what is done when nothing is said."""
    row = choice_of(token)
    if row is None:
        raise Http404
    remember_pledge(request, row.pledge)
    typed = request.POST if request.method == "POST" else None
    form = ChoiceForm(typed, remedies=remedies_of(row.setback))
    if request.method == "POST" and form.is_valid():
        try:
            choose_remedy(
                setback_code=row.setback.code,
                pledge_code=row.pledge.code,
                remedy=form.cleaned_data["remedy"],
                at=clock.now(),
            )
            messages.success(request, _("照你选的办了。"))
        except PlatformError as error:
            say_error(request, error)
        return redirect("shop:pledge_choose", token=token)
    context = {
        "section": "campaigns",
        "shown": shown_choice(row, at=clock.now()),
        "choice": row,
        "setback": row.setback,
        "pledge": row.pledge,
        "campaign": row.pledge.campaign,
        "crop": row.pledge.campaign.listing.form.crop,
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "shop/presale/choose.html", context, status=status)
