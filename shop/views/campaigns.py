"""Pre-sale for everyone: the list, one campaign, and reserving in it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

import payments
from core import clock
from core.errors import PlatformError
from core.http import asked, page_of
from shop.forms.pledge import PledgeForm, QueueForm
from shop.forms.voices import QuestionForm
from shop.models import Campaign, CampaignState, TermsChange
from shop.selectors.campaign_list import (
    CampaignQuery,
    asked_campaigns,
    campaign_choices,
    campaign_tiles,
)
from shop.selectors.campaign_page import campaign_page, shown_campaigns
from shop.selectors.campaigns import (
    ended_campaigns,
    is_open,
)
from shop.selectors.terms_changes import applied_changes, steps_of
from shop.services.pledges import most_packs
from shop.services.talk import ask_question
from shop.services.waiting_offers import STAGES_TO_JOIN, has_queue, packs_left
from shop.views.asker import asker_of
from shop.views.campaign_facts import facts_of
from shop.views.reserving import offer_of, reserve_form, retyped, submit

ENDED_SHOWN = 6
PAGE_SIZE = 24


def campaign_list(request: HttpRequest) -> HttpResponse:
    """What one can reserve in now, by county and kind, and what closed lately."""
    at = clock.now()
    query = CampaignQuery(county=asked(request, "county"), category=asked(request, "category"))
    page = page_of(request, asked_campaigns(query, at=at), size=PAGE_SIZE)
    choices = campaign_choices(at=at)
    context = {
        "section": "campaigns",
        "page": page,
        "rows": campaign_tiles(page, at=at),
        "ended": campaign_tiles(ended_campaigns(at=at)[:ENDED_SHOWN], at=at),
        "asked": query,
        "counties": choices.counties,
        "categories": choices.categories,
        "pays_online": payments.enabled(),
        "query": urlencode({k: v for k, v in vars(query).items() if v}),
    }
    return render(request, "shop/presale/list.html", context)


@never_cache
def campaign(request: HttpRequest, code: str) -> HttpResponse:
    """One campaign; a reservation is sent to the same address."""
    one = get_object_or_404(shown_campaigns(), code=code.upper())
    if request.method == "POST":
        return _reserve(request, one)
    form = reserve_form(request, one) if _takes(one) else None
    return _page(request, one, form)


@require_POST
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the shop something before everybody; who asks is signed in or proved a mobile."""
    one = get_object_or_404(shown_campaigns(), code=code.upper())
    form = QuestionForm(request.POST)
    asker = asker_of(request)
    if asker is None:
        form.add_error(None, _("先登录，再来问。写下的话还在框里。"))
    elif form.is_valid():
        try:
            ask_question(
                campaign=one, text=form.cleaned_data["text"], at=clock.now(), **asker.facts
            )
            messages.success(request, _("问题发出去了，村店回了会写在下面。"))
            return redirect(f"{reverse('shop:campaign', args=[one.code])}#talk")
        except PlatformError as error:
            form.add_error(getattr(error, "field", "") or None, str(error))
    shown = reserve_form(request, one) if _takes(one) else None
    return _page(request, one, shown, question_form=form, status=422)


def ask_expired(request: HttpRequest, code: str) -> HttpResponse:
    """The question came with an old token: it is not sent and not lost."""
    one = get_object_or_404(shown_campaigns(), code=code.upper())
    messages.warning(request, _("这一页放久了，问题还没有发出去。写的都在，再按一次“问村店”。"))
    shown = reserve_form(request, one) if _takes(one) else None
    return _page(request, one, shown, question_form=QuestionForm(request.POST), status=403)


def _takes(one: Campaign) -> bool:
    """Whether one can reserve now, or join late where packs came free and money goes through us."""
    late = one.state == CampaignState.SUCCEEDED and one.stage in STAGES_TO_JOIN
    return is_open(one, at=clock.now()) or (late and payments.enabled())


def _reserve(request: HttpRequest, one: Campaign) -> HttpResponse:
    answer = submit(request, one)
    if isinstance(answer, HttpResponse):
        return answer
    shown = answer if _takes(one) else None
    return _page(request, one, shown, status=422 if answer.errors else 200)


def _queue_form(request: HttpRequest, one: Campaign) -> QueueForm | None:
    """Where one may wait for packs: the campaign is full, and money goes through us."""
    full = not packs_left(one) and not offer_of(request, one)
    if not full or not payments.enabled() or not has_queue(one, at=clock.now()):
        return None
    return QueueForm(most=most_packs(one))


def expired(request: HttpRequest, code: str) -> HttpResponse:
    """The form came with an old token: nothing is reserved, nothing typed is lost."""
    one = get_object_or_404(shown_campaigns(), code=code.upper())
    messages.warning(request, _("这一页放久了，还没有约上。填的都在，看一眼再按一次“约下”。"))
    shown = retyped(request, one) if _takes(one) else None
    return _page(request, one, shown, status=403)


def _page(
    request: HttpRequest,
    one: Campaign,
    form: PledgeForm | None,
    *,
    question_form: QuestionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = campaign_page(one, at=clock.now(), on=clock.today())
    context = {
        "section": "campaigns",
        "page": page,
        "campaign": one,
        "listing": page.listing,
        "crop": page.crop,
        "is_open": page.is_open,
        "form": form if packs_left(one) or offer_of(request, one) else None,
        "queue_form": _queue_form(request, one),
        "question_form": question_form or QuestionForm(),
        "may_ask": asker_of(request) is not None,
        "pays_online": payments.enabled(),
        "terms_changes": _terms_changes(one),
        "packs_left": packs_left(one),
        "stretch_goals": one.stretch_goals.all() if getattr(one, "has_goals", True) else [],
        **facts_of(request, page),
    }
    return render(request, "shop/presale/campaign.html", context, status=status)


def _terms_changes(one: Campaign) -> list[tuple[TermsChange, list[tuple[str, str, str]]]]:
    if not getattr(one, "has_changes", True):
        return []
    return [(row, steps_of(row)) for row in applied_changes(one)]
