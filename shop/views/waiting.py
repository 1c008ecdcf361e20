"""Standing in the queue of a full campaign, and leaving it; the signed address is enough."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import clock
from core.errors import PlatformError
from core.http import say_error
from shop.forms.pledge import QueueForm
from shop.selectors.campaign_page import shown_campaigns
from shop.selectors.waiting import ahead_of, entry_of, waiting_path
from shop.services.pledges import most_packs
from shop.services.waiting import join_queue, leave_queue
from shop.views.asker import asker_of
from shop.views.reserving import OFFERS


@require_POST
def join(request: HttpRequest, code: str) -> HttpResponse:
    """A place in the queue; refused, the campaign's page says why."""
    one = get_object_or_404(shown_campaigns(), code=code.upper())
    form = QueueForm(request.POST, most=most_packs(one))
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(str(error) for error in errors))
        return redirect("shop:campaign", code=one.code)
    asker = asker_of(request)
    if asker is None or not asker.mobile:
        messages.error(request, _("先登录，再来排队：轮到了要发消息给你。"))
        return redirect("shop:campaign", code=one.code)
    try:
        entry = join_queue(
            campaign_code=one.code,
            packs=form.cleaned_data["packs"],
            mobile=asker.mobile,
            user=asker.user,
            at=clock.now(),
        )
    except PlatformError as error:
        say_error(request, error)
        return redirect("shop:campaign", code=one.code)
    messages.success(request, _("排上了。轮到了发消息给你。"))
    return redirect(waiting_path(entry.code))


@never_cache
def waiting(request: HttpRequest, token: str) -> HttpResponse:
    """One place: how many are before it, the offer, and leaving."""
    entry = entry_of(token)
    if entry is None:
        raise Http404
    if request.method == "POST":
        leave_queue(code=entry.code, at=clock.now())
        messages.success(request, _("不排了。"))
        return redirect("shop:campaign", code=entry.campaign.code)
    if entry.state == "offered":
        kept = request.session.get(OFFERS, {})
        request.session[OFFERS] = {**kept, entry.campaign.code: entry.code}
    context = {
        "section": "campaigns",
        "entry": entry,
        "campaign": entry.campaign,
        "crop": entry.campaign.listing.form.crop,
        "ahead": ahead_of(entry) if entry.state == "waiting" else 0,
    }
    return render(request, "shop/presale/waiting.html", context)
