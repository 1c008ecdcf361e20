"""What people said to a shop, as the shop answers it, and to the platform, as it looks it over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from growers.models import VillageShop
from shop.models import (
    Campaign,
    CampaignQuestion,
    CampaignState,
    CampaignUpdate,
    Review,
    ReviewReply,
)

TITLE = ["product", "form__crop", "variety", "grade"]
IN_LISTING = [f"listing__{part}" for part in TITLE]
IN_CAMPAIGN = [f"campaign__listing__{part}" for part in TITLE]
PRESSING = timedelta(days=30)


def questions_to(shop: VillageShop) -> QuerySet[CampaignQuestion]:
    """Questions on a shop's campaigns: what waits for an answer first, the longest wait first."""
    rows = CampaignQuestion.objects.filter(campaign__listing__shop=shop)
    waiting_first = F("answered_at").desc(nulls_first=True)
    return rows.select_related(*IN_CAMPAIGN).order_by(waiting_first, "at", "pk")


def reviews_to(shop: VillageShop) -> QuerySet[Review]:
    """Reviews of a shop's goods: those with words and no answer first, the newest first."""
    rows = Review.objects.filter(listing__shop=shop, withdrawn_at__isnull=True)
    rows = rows.select_related(*IN_LISTING, "purchase", "reply")
    waits = Q(reply__isnull=True, hidden_at__isnull=True) & ~Q(text="")
    order = Case(When(waits, then=Value(0)), default=Value(1))
    return rows.order_by(order, "-written_at", "-pk")


def campaigns_to_update(shop: VillageShop) -> QuerySet[Campaign]:
    """Campaigns whose backers can still be told something: running, or formed lately."""
    states = [CampaignState.LIVE, CampaignState.SUCCEEDED]
    rows = Campaign.objects.filter(listing__shop=shop, state__in=states)
    return rows.select_related(*IN_LISTING, "listing__shop").order_by("-deadline_at", "code")


@dataclass(frozen=True)
class Waiting:
    """How much waits for an answer at a shop."""

    questions: int
    reviews: int


def waiting_at(shop: VillageShop, *, at: datetime) -> Waiting:
    """Questions nobody answered and new reviews with words and no answer; one query.

    What is covered needs no answer, and a review of last season does not press.
    """
    asked = CampaignQuestion.objects.filter(
        campaign__listing__shop=shop, answered_at__isnull=True, hidden_at__isnull=True
    )
    said = Review.objects.filter(
        listing__shop=shop,
        written_at__gt=at - PRESSING,
        withdrawn_at__isnull=True,
        hidden_at__isnull=True,
        reply__isnull=True,
    )
    counts = VillageShop.objects.filter(pk=shop.pk).values_list(
        _count(asked, of="campaign__listing__shop"),
        _count(said.exclude(text=""), of="listing__shop"),
    )
    questions, reviews = counts.get()
    return Waiting(questions=questions, reviews=reviews)


def _count(rows: QuerySet[Any], *, of: str) -> Coalesce:
    """How many rows there are, as a part of another query."""
    counted = rows.order_by().values(of).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def presses(one: CampaignQuestion | Review, *, at: datetime) -> bool:
    """Whether somebody waits for an answer: counted by ``waiting_at``."""
    if one.hidden_at is not None:
        return False
    if isinstance(one, CampaignQuestion):
        return one.answered_at is None
    return bool(one.text) and not hasattr(one, "reply") and one.written_at > at - PRESSING


# What the platform's moderator looks over --------------------------------------------------
KINDS = {
    "reviews": _("评价"),
    "replies": _("村店的回复"),
    "questions": _("问答"),
    "updates": _("进展"),
}
Voice = Review | ReviewReply | CampaignQuestion | CampaignUpdate


def said_in_public(kind: str) -> QuerySet[Any]:
    """Everything of one kind that anybody reads, the newest first."""
    rows: dict[str, QuerySet[Any]] = {
        "reviews": Review.objects.filter(withdrawn_at__isnull=True).exclude(text=""),
        "replies": ReviewReply.objects.filter(review__withdrawn_at__isnull=True),
        "questions": CampaignQuestion.objects.all(),
        "updates": CampaignUpdate.objects.all(),
    }
    order = "-written_at" if kind == "reviews" else "-at"
    return rows[kind].select_related(*_facts(kind)).order_by(order, "-pk")


def _facts(kind: str) -> list[str]:
    if kind == "reviews":
        return IN_LISTING
    if kind == "replies":
        return [f"review__{part}" for part in IN_LISTING]
    return IN_CAMPAIGN


HEADS = {"RV": "reviews", "RE": "replies", "QA": "questions", "UP": "updates"}


@dataclass(frozen=True)
class Said:
    """Something said in public, and where; ``hidden`` is the reason it is covered."""

    code: str
    title: str
    address: str
    text: str
    answer: str
    at: datetime
    hidden: str


def as_said(voice: Voice) -> Said:
    """One row of ``said_in_public``; asks nothing of the database."""
    if isinstance(voice, CampaignQuestion | CampaignUpdate):
        listing = voice.campaign.listing
        address = reverse("shop:campaign", args=[voice.campaign.code])
    else:
        listing = voice.listing if isinstance(voice, Review) else voice.review.listing
        address = reverse("shop:listing_reviews", args=[listing.code])
    return Said(
        code=voice.code,
        title=listing.title,
        address=address,
        text=voice.text,
        answer=voice.answer if isinstance(voice, CampaignQuestion) else "",
        at=voice.written_at if isinstance(voice, Review) else voice.at,
        hidden=voice.hidden_reason,
    )


def voice_at(code: str) -> Said | None:
    """What was said under a code; its head says of which kind."""
    kind = HEADS.get(code[:2])
    found = said_in_public(kind).filter(code=code).first() if kind else None
    return as_said(found) if found else None
