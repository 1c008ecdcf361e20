"""Questions and reviews at a shop's desk, and telling backers how it goes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import clock
from core.errors import PlatformError
from core.http import page_of
from shop.forms.voices import ReplyForm, UpdateForm
from shop.models import Campaign, CampaignQuestion, Review
from shop.selectors.talk import updates_on
from shop.selectors.voices import (
    campaigns_to_update,
    presses,
    questions_to,
    reviews_to,
    waiting_at,
)
from shop.services.reviews import answer_review
from shop.services.talk import answer_question, post_update
from shop.views.desk import DeskRequest, desk

PAGE_SIZE = 12
CAMPAIGNS_SHOWN = 6


@desk
@never_cache
def voices(request: DeskRequest) -> HttpResponse:
    """What people asked and said, unanswered first."""
    return _page(request)


def _page(
    request: DeskRequest, *, asked: Any = None, form: ReplyForm | None = None, status: int = 200
) -> HttpResponse:
    """``asked`` is the question or review whose answer was refused, with its ``form``."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in {"questions", "reviews"} else "questions"
    kind = "reviews" if isinstance(asked, Review) else kind
    rows: Any = reviews_to(request.shop) if kind == "reviews" else questions_to(request.shop)
    page = page_of(request, rows, size=PAGE_SIZE)
    context = {
        "shop": request.shop,
        "kind": kind,
        "waiting": waiting_at(request.shop, at=clock.now()),
        "page": page,
        "rows": [_row(one, asked, form) for one in page],
        "campaigns": campaigns_to_update(request.shop)[:CAMPAIGNS_SHOWN],
    }
    return render(request, "shop/workspace/voices.html", context, status=status)


def _row(one: Any, asked: Any, refused: ReplyForm | None) -> tuple[Any, ReplyForm, bool]:
    """A question or review, its form, and whether the form stands open."""
    form = _form_for(one, asked, refused)
    return one, form, form.is_bound or presses(one, at=clock.now())


def _form_for(one: Any, asked: Any, refused: ReplyForm | None) -> ReplyForm:
    """A form of its own for each row; the refused one keeps what was typed."""
    if asked is not None and refused is not None and one.pk == asked.pk:
        return refused
    reply = getattr(one, "reply", None) if isinstance(one, Review) else None
    text = reply.text if reply else getattr(one, "answer", "")
    return ReplyForm(initial={"text": text}, prefix=one.code)


@desk
@require_POST
def answer(request: DeskRequest, code: str) -> HttpResponse:
    """Answer a question."""
    question = get_object_or_404(questions_to(request.shop), code=code.upper())
    return _answer(request, question, kind="questions")


@desk
@require_POST
def reply(request: DeskRequest, code: str) -> HttpResponse:
    """Answer a review."""
    review = get_object_or_404(reviews_to(request.shop), code=code.upper())
    return _answer(request, review, kind="reviews")


def _answer(request: DeskRequest, one: CampaignQuestion | Review, *, kind: str) -> HttpResponse:
    form = ReplyForm(request.POST, prefix=one.code)
    if form.is_valid():
        said = {"text": form.cleaned_data["text"], "by": request.user, "at": clock.now()}
        try:
            if isinstance(one, Review):
                answer_review(code=one.code, **said)
            else:
                answer_question(code=one.code, **said)
            messages.success(request, _("回好了，大家都看得见。"))
            return redirect(f"{reverse('shop:work_voices')}?kind={kind}")
        except PlatformError as error:
            form.add_error(getattr(error, "field", "") or None, str(error))
    return _page(request, asked=one, form=form, status=422)


@desk
@never_cache
def update(request: DeskRequest, code: str) -> HttpResponse:
    """Tell the backers of one campaign how it goes."""
    rows = campaigns_to_update(request.shop)
    campaign: Campaign = get_object_or_404(rows, code=code.upper())
    form = UpdateForm(request.POST, request.FILES) if request.method == "POST" else UpdateForm()
    if request.method == "POST" and form.is_valid():
        try:
            post_update(campaign=campaign, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("发出去了，约过的人会收到一条消息。"))
            return redirect("shop:work_update", code=campaign.code)
        except PlatformError as error:
            form.add_error(getattr(error, "field", "") or None, str(error))
    context = {
        "shop": request.shop,
        "campaign": campaign,
        "form": form,
        "updates": updates_on(campaign),
    }
    status = 422 if form.errors else 200
    return render(request, "shop/workspace/update.html", context, status=status)
