"""Who is told what is said, and how often: backers of updates, buyers of how it was."""

from datetime import timedelta
from typing import Any

import pytest

from notices.models import Notice
from shop.models import CampaignUpdate, PurchaseState
from shop.services.pledges import cancel_pledge
from shop.services.voice_notices import ask_how_it_was, tell_backers
from tests.factories.presale import NOON, CampaignFactory, pledged
from tests.factories.shop import ListingFactory, PurchaseFactory
from tests.factories.voices import posted, reviewed, told

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_each_backer_is_told_once_however_often_the_job_runs() -> None:
    campaign = CampaignFactory()
    stays = pledged(campaign, 2, mobile="13700000001")
    pledged(campaign, 1, mobile="13700000001")  # the same person again
    pledged(campaign, 3, mobile="13700000002", language="en")
    gone = pledged(campaign, 1, mobile="13700000003")
    cancel_pledge(code=gone.code, at=NOON)
    Notice.objects.all().delete()
    pledged(CampaignFactory(), 1, mobile="13700000004")
    update = posted(campaign, "这两天晴，上色快。" * 6)

    first = tell_backers(at=NOON)
    again = tell_backers(at=NOON + timedelta(minutes=5))

    assert (first, again) == (2, 0)
    notices = {row["mobile"]: row for row in told()}
    assert set(notices) == {"13700000001", "13700000002"}
    assert notices["13700000001"]["key"] == f"update:{update.code}:{stays.code}"
    assert notices["13700000001"]["context"]["words"].endswith("…")
    assert notices["13700000002"]["context"]["link"].startswith("/en/presale/")


def test_telling_asks_no_more_for_more_backers(django_assert_num_queries: Any) -> None:
    counts = []
    for backers in (1, 6):
        campaign = CampaignFactory()
        for _ in range(backers):
            pledged(campaign, 1)
        Notice.objects.all().delete()
        posted(campaign)
        with django_assert_num_queries(counts[0] if counts else 99, exact=False) as asked_for:
            tell_backers(at=NOON)
        counts.append(len(asked_for))

    assert counts[0] == counts[1]


def test_a_covered_update_is_told_to_nobody() -> None:
    campaign = CampaignFactory()
    pledged(campaign, 1)
    Notice.objects.all().delete()
    posted(campaign)
    CampaignUpdate.objects.update(hidden_at=NOON, hidden_reason="谣言")

    assert tell_backers(at=NOON) == 0
    assert told() == []


# How was it --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "count"), [(4, 0), (5, 1), (14, 1), (15, 0), (400, 0)], ids=lambda value: f"{value}"
)
def test_a_buyer_is_asked_some_days_after_the_goods_came(days: int, count: int) -> None:
    PurchaseFactory(state=PurchaseState.DELIVERED, at=NOON - days * DAY)
    Notice.objects.all().delete()

    assert ask_how_it_was(at=NOON) == count


def test_a_buyer_is_asked_once() -> None:
    purchase = PurchaseFactory(state=PurchaseState.DELIVERED, at=NOON - 6 * DAY)
    Notice.objects.all().delete()

    counts = [ask_how_it_was(at=NOON), ask_how_it_was(at=NOON), ask_how_it_was(at=NOON + DAY)]

    assert counts == [1, 0, 0]
    [notice] = told()
    assert (notice["template"], notice["mobile"]) == ("shop.how_was_it", purchase.mobile)
    assert notice["context"]["link"] == f"/shop/find-order/?code={purchase.code}"


def test_who_has_spoken_is_not_asked() -> None:
    reviewed(ListingFactory(), at=NOON - 5 * DAY)
    Notice.objects.all().delete()

    assert ask_how_it_was(at=NOON + 4 * DAY) == 0
