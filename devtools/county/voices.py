"""Reviews of past orders, and the talk on the campaigns of this day, written in bulk.

The rows are those the services would have left behind: every review has its version, only goods
that were handed over have one, and each update was told when it was posted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.contrib.auth.models import Permission
from oscar.core.loading import get_model

from core.codes import new_code
from devtools.county import names, sayings
from devtools.county.world import World
from notices.models import Notice, NoticeState
from shop.models import (
    Campaign,
    CampaignQuestion,
    CampaignState,
    CampaignUpdate,
    Moderation,
    PurchaseState,
    Review,
    ReviewReply,
    ReviewVersion,
)
from shop.services.voice_notices import ASKED, to_ask
from shop.voice_wording import HOW_WAS_IT

SHARE_REVIEWED = 0.16
MOST_REVIEWS = 700
SCORES = (5, 4, 3, 2, 1)
CHANCES = (0.58, 0.26, 0.1, 0.04, 0.02)
SHARE_SILENT = 0.18  # a score without a word
SHARE_ANSWERED = 0.22
RUDE = "骂人的话"


@dataclass(frozen=True)
class Bought:
    """One thing of an order that was handed over."""

    purchase_id: int
    listing_id: int
    category: str
    at: datetime


def build_voices(world: World) -> None:
    """Let people talk; a stream of chance of its own leaves everything else as it was."""
    rng = world.rng.spawn(1)[0]
    _reviews(world, rng)
    _asked_before(world)
    _talk(world, rng)
    _let_the_editor_moderate(world)


def _bought(world: World, rng: np.random.Generator) -> list[Bought]:
    lines = get_model("order", "Line").objects.filter(
        order__purchase__state=PurchaseState.DELIVERED,
        order__purchase__delivered_at__lt=world.now - timedelta(days=2),
        order__purchase__user__isnull=True,
    )
    rows = lines.order_by("order__purchase__pk").values_list(
        "order__purchase__pk",
        "product__listing__pk",
        "product__listing__form__crop__category",
        "order__purchase__delivered_at",
    )
    found = [Bought(*row) for row in rows]
    count = min(MOST_REVIEWS, int(len(found) * SHARE_REVIEWED))
    chosen = rng.permutation(len(found))[:count]
    return [found[int(index)] for index in sorted(chosen)]


def _reviews(world: World, rng: np.random.Generator) -> None:
    reviews = [_review(one, world, rng) for one in _bought(world, rng)]
    Review.objects.bulk_create(reviews, batch_size=300)
    ReviewVersion.objects.bulk_create(
        [
            ReviewVersion(review=one, score=one.score, text=one.text, at=one.written_at)
            for one in reviews
        ],
        batch_size=500,
    )
    replies = [_reply(one, world, rng) for one in reviews if _is_answered(one, rng)]
    ReviewReply.objects.bulk_create(replies, batch_size=300)
    _cover_one(world, reviews)


def _review(one: Bought, world: World, rng: np.random.Generator) -> Review:
    score = int(rng.choice(SCORES, p=CHANCES))
    written = one.at + timedelta(days=int(rng.integers(1, 12)), minutes=int(rng.integers(900)))
    return Review(
        code=new_code("RV"),
        purchase_id=one.purchase_id,
        listing_id=one.listing_id,
        score=score,
        text="" if rng.random() < SHARE_SILENT else _words(score, one.category, rng),
        names_buyer=bool(rng.random() < 0.8),
        written_at=min(written, world.now - timedelta(hours=3)),
    )


def _words(score: int, category: str, rng: np.random.Generator) -> str:
    """One to three sentences that go with the score and the crop."""
    own = sayings.GOOD.get(category, ())
    if score <= 2:
        return _some(rng, sayings.PLAIN_POOR, 1)
    if score == 3:
        return _some(rng, sayings.PLAIN_FAIR, 1)
    more = 1 if rng.random() < 0.55 else 0
    if not own:
        return _some(rng, sayings.PLAIN_GOOD, 1 + more)
    return _some(rng, own, 1) + _some(rng, sayings.PLAIN_GOOD, more)


def _some(rng: np.random.Generator, words: Sequence[str], count: int) -> str:
    chosen = rng.choice(len(words), size=count, replace=False)
    return "".join(words[int(index)] for index in chosen)


def _is_answered(one: Review, rng: np.random.Generator) -> bool:
    """A shop answers the unhappy nearly always."""
    return bool(rng.random() < (0.85 if one.score <= 3 else SHARE_ANSWERED))


def _reply(one: Review, world: World, rng: np.random.Generator) -> ReviewReply:
    words = sayings.SORRY if one.score <= 3 else sayings.THANKS
    at = one.written_at + timedelta(hours=int(rng.integers(2, 60)))
    return ReviewReply(
        code=new_code("RE"),
        review=one,
        text=_some(rng, words, 1),
        by=world.people["shop_operator"],
        at=min(at, world.now - timedelta(hours=1)),
    )


def _cover_one(world: World, reviews: Sequence[Review]) -> None:
    """One review was covered by the moderator, so that a page shows how that looks."""
    bad = next((one for one in reversed(reviews) if one.score == 1), None)
    if bad is None:
        return
    at = world.now - timedelta(days=1)
    Review.objects.filter(pk=bad.pk).update(hidden_at=at, hidden_reason=RUDE)
    editor = world.people["editor"]
    Moderation.objects.create(code=bad.code, covered=True, reason=RUDE, by=editor, at=at)


def _asked_before(world: World) -> None:
    """The tick of the days before today has asked the buyers of that time."""
    Notice.objects.bulk_create(
        [
            Notice(
                key=f"{ASKED}{purchase.code}",
                template=HOW_WAS_IT,
                language=purchase.language,
                state=NoticeState.SENT,
                next_try_at=world.now,
                created_at=world.now,
                sent_at=world.now,
            )
            for purchase in to_ask(at=world.now)
        ],
        batch_size=300,
    )


def _talk(world: World, rng: np.random.Generator) -> None:
    """Updates and questions on the campaigns that run now; some questions wait at the walk's."""
    live = Campaign.objects.filter(state__in=[CampaignState.LIVE, CampaignState.SUCCEEDED])
    running = live.filter(deadline_at__gt=world.now - timedelta(days=3)).select_related("listing")
    updates: list[CampaignUpdate] = []
    questions: list[CampaignQuestion] = []
    for campaign in running.order_by("pk"):
        updates += _updates(campaign, world, rng)
        questions += _questions(campaign, world, rng)
    CampaignUpdate.objects.bulk_create(updates, batch_size=200)
    CampaignQuestion.objects.bulk_create(questions, batch_size=200)


def _moments(
    campaign: Campaign, world: World, rng: np.random.Generator, *, count: int
) -> list[datetime]:
    """Moments between the opening and now, in order."""
    last = min(world.now, campaign.deadline_at) - timedelta(hours=20)
    minutes = max(60, int((last - campaign.opens_at).total_seconds() // 60))
    return sorted(
        campaign.opens_at + timedelta(minutes=int(m)) for m in rng.integers(30, minutes, size=count)
    )


def _updates(campaign: Campaign, world: World, rng: np.random.Generator) -> list[CampaignUpdate]:
    count = int(rng.integers(1, 4))
    chosen = rng.choice(len(sayings.UPDATES), size=count, replace=False)
    moments = _moments(campaign, world, rng, count=count)
    return [
        CampaignUpdate(
            code=new_code("UP"),
            campaign=campaign,
            text=sayings.UPDATES[int(index)],
            by=world.people["shop_operator"],
            at=at,
            told_at=at,
        )
        for index, at in zip(chosen, moments, strict=True)
    ]


def _questions(
    campaign: Campaign, world: World, rng: np.random.Generator
) -> list[CampaignQuestion]:
    count = int(rng.integers(2, 5))
    chosen = rng.choice(len(sayings.QUESTIONS), size=count, replace=False)
    moments = _moments(campaign, world, rng, count=count)
    rows = [
        _question(campaign, *sayings.QUESTIONS[int(index)], at=at, world=world, rng=rng)
        for index, at in zip(chosen, moments, strict=True)
    ]
    if campaign.listing.shop_id == world.shops[0].pk:
        for hours, text in zip((26, 4), sayings.WAITING_QUESTIONS, strict=True):
            asked = world.now - timedelta(hours=hours)
            rows.append(_question(campaign, text, "", at=asked, world=world, rng=rng))
    return rows


def _question(
    campaign: Campaign,
    text: str,
    answer: str,
    *,
    at: datetime,
    world: World,
    rng: np.random.Generator,
) -> CampaignQuestion:
    told: dict[str, Any] = {}
    if answer:
        told = {
            "answer": answer,
            "answered_at": min(at + timedelta(hours=int(rng.integers(1, 18))), world.now),
            "answered_by": world.people["shop_operator"],
        }
    return CampaignQuestion(
        code=new_code("QA"),
        campaign=campaign,
        name=names.person(rng),
        mobile=names.mobile(90_000 + int(rng.integers(9_000))),
        text=text,
        at=at,
        **told,
    )


def _let_the_editor_moderate(world: World) -> None:
    """The platform's editor looks after what is said in public."""
    right = Permission.objects.filter(codename="moderate_voices", content_type__app_label="shop")
    world.people["editor"].user_permissions.add(*right)
