"""Reviews, questions and updates for tests, made by the shop's own services."""

import json
from datetime import datetime, timedelta
from typing import Any

from growers.models import User
from notices.models import Notice
from shop.models import (
    Campaign,
    CampaignQuestion,
    CampaignUpdate,
    Listing,
    Purchase,
    PurchaseState,
    Review,
)
from shop.services.reviews import write_review
from shop.services.talk import ask_question, post_update
from tests.factories.growers import UserFactory
from tests.factories.shop import NOON, PurchaseFactory

DELIVERED_AT = NOON - timedelta(days=2)


def delivered(listing: Listing, **facts: Any) -> Purchase:
    """Two packs, handed over two days before noon."""
    asked = {"state": PurchaseState.DELIVERED, "at": DELIVERED_AT, **facts}
    purchase: Purchase = PurchaseFactory(listing=listing, **asked)
    return purchase


def reviewed(
    listing: Listing,
    *,
    score: int = 5,
    text: str = "麻得正。",
    names_buyer: bool = True,
    at: datetime = NOON,
    **facts: Any,
) -> Review:
    """A review of an order of its own."""
    return write_review(
        purchase=delivered(listing, **facts),
        listing=listing,
        score=score,
        text=text,
        names_buyer=names_buyer,
        at=at,
    )


def asked(
    campaign: Campaign, text: str = "打药吗？采前多久停的？", *, at: datetime = NOON
) -> CampaignQuestion:
    """A question of somebody who is told by mobile."""
    return ask_question(
        campaign=campaign, text=text, user=None, mobile="13900000009", name="王测试", at=at
    )


def posted(
    campaign: Campaign,
    text: str = "这两天晴，上色快。",
    *,
    at: datetime = NOON,
    by: User | None = None,
) -> CampaignUpdate:
    """An update without a picture."""
    who = by or UserFactory()
    return post_update(campaign=campaign, text=text, photo=None, image_says="", by=who, at=at)


def told() -> list[dict[str, Any]]:
    """What was written to whom, by key."""
    rows = Notice.objects.order_by("key")
    return [{"key": row.key, "template": row.template, **json.loads(row.sealed)} for row in rows]
