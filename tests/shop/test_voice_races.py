"""Many at once: one review for each thing bought, one question, one telling."""

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import NotAllowed
from notices.models import Notice
from shop.models import Review, ReviewReply, ReviewVersion
from shop.services.reviews import answer_review, write_review
from shop.services.voice_notices import ask_how_it_was, tell_backers
from tests.factories.growers import UserFactory
from tests.factories.presale import NOON, CampaignFactory, pledged
from tests.factories.shop import ListingFactory
from tests.factories.voices import DELIVERED_AT, delivered, posted, reviewed
from tests.shop.test_presale_races import all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def test_two_reviews_of_one_thing_at_once_are_one() -> None:
    listing = ListingFactory()
    purchase = delivered(listing)

    def say(score: int) -> Callable[[], Any]:
        return lambda: write_review(
            purchase=purchase,
            listing=listing,
            score=score,
            text=f"{score} 分",
            names_buyer=True,
            at=NOON,
        )

    results = all_at_once([say(score) for score in (1, 2, 3, 4, 5, 5)])

    assert sum(isinstance(result, Review) for result in results) == 1
    assert sum(isinstance(result, NotAllowed) for result in results) == 5
    assert Review.objects.count() == ReviewVersion.objects.count() == 1


def test_two_answers_at_once_are_one_rewritten() -> None:
    review, keeper = reviewed(ListingFactory()), UserFactory()

    def answer(n: int) -> Callable[[], Any]:
        return lambda: answer_review(code=review.code, text=f"第{n}次", by=keeper, at=NOON)

    results = all_at_once([answer(n) for n in range(4)])

    assert all(isinstance(result, ReviewReply) for result in results)
    assert ReviewReply.objects.count() == 1


def test_ticks_at_once_tell_every_backer_once() -> None:
    campaign = CampaignFactory()
    for _ in range(5):
        pledged(campaign, 1)
    posted(campaign)
    Notice.objects.all().delete()

    results = all_at_once([lambda: tell_backers(at=NOON)] * 4)

    assert sorted(results) == [0, 0, 0, 5]
    assert Notice.objects.filter(template="shop.campaign_update").count() == 5


def test_ticks_at_once_ask_every_buyer_once() -> None:
    delivered(ListingFactory(), at=DELIVERED_AT)
    later = DELIVERED_AT.replace(month=9, day=3)

    all_at_once([lambda: ask_how_it_was(at=later)] * 4)

    assert Notice.objects.filter(template="shop.how_was_it").count() == 1
