"""Buyers hear what happens to what they bought or reserved: once, in their language."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils.translation import override

from core.clock import start_of
from harvest_calendar.models import SeasonDate
from harvest_calendar.services import revise_season
from notices.models import Notice
from shop.contact import Contact, Fulfilment
from shop.models import Campaign, Pledge, Purchase, PurchaseState
from shop.services.campaigns import cancel_campaign, close_campaign, close_due_campaigns
from shop.services.moving import cancel_order, move_order
from shop.services.pledges import cancel_pledge, change_pledge, reserve
from tests.factories.presale import (
    DEADLINE,
    NOON,
    CampaignFactory,
    make_ripening_listing,
    pledged,
)
from tests.factories.shop import (
    PurchaseFactory,
    delivery_to_gansu,
    make_collection_station,
)
from tests.notices.inbox import messages_to, texts_to

pytestmark = pytest.mark.django_db
BUYER = "13900000001"
AFTER = DEADLINE + timedelta(minutes=1)
HOME = Fulfilment.deliver_to(province_code="62", city="兰州市", address="测试路 1 号")


def bought(**facts: Any) -> Purchase:
    purchase: Purchase = PurchaseFactory(contact=Contact("李测试", BUYER), **facts)
    return purchase


def templates_to(mobile: str) -> list[str]:
    return [message.template.removeprefix("shop.") for message in messages_to(mobile)]


def test_order_for_collection_is_told_when_placed_and_when_sent() -> None:
    station = make_collection_station(name_zh="云台站点")
    purchase = bought(fulfilment=Fulfilment.collect_at(station), state=PurchaseState.DELIVERED)

    placed, sent = texts_to(BUYER)

    assert templates_to(BUYER) == ["order_placed_collect", "order_sent_collect"]
    for text in (placed, sent):
        assert purchase.code in text
        assert "云台站点" in text
        assert f"¥{purchase.order.total_incl_tax}" in text
        assert f"/shop/find-order/?code={purchase.code}" in text
        assert f"{purchase.order.lines.get().title} × 2" in text


def test_order_by_post_is_told_in_other_words() -> None:
    bought(fulfilment=delivery_to_gansu(), state=PurchaseState.SENT)

    assert templates_to(BUYER) == ["order_placed_delivery", "order_sent_delivery"]


def test_cancelled_order_is_told_once() -> None:
    purchase = bought(state=PurchaseState.CANCELLED)
    with pytest.raises(Exception, match="不能改成"):
        cancel_order(code=purchase.code, by=None, at=NOON)

    assert templates_to(BUYER) == ["order_placed_collect", "order_cancelled"]


def test_what_is_undone_is_not_told() -> None:
    purchase = bought()
    with transaction.atomic():
        move_order(code=purchase.code, to="packed", by=None, at=NOON)
        move_order(code=purchase.code, to="sent", by=None, at=NOON)
        transaction.set_rollback(True)

    assert templates_to(BUYER) == ["order_placed_collect"]


def test_same_checkout_sent_twice_is_told_once() -> None:
    first = bought(checkout_key="one")
    again = bought(checkout_key="one", listing=first.order.lines.get().product.listing)

    assert first == again
    assert templates_to(BUYER) == ["order_placed_collect"]


def test_buyer_is_told_in_the_language_of_the_order() -> None:
    with override("en"):
        purchase = bought()
    with override("zh-hans"):
        move_order(code=purchase.code, to="packed", by=None, at=NOON)
        move_order(code=purchase.code, to="sent", by=None, at=NOON)

    assert purchase.language == "en"
    assert {message.language for message in messages_to(BUYER)} == {"en"}
    assert all(f"/en/shop/find-order/?code={purchase.code}" in t for t in texts_to(BUYER))


def reserve_in(campaign: Campaign, **facts: Any) -> Pledge:
    asked: dict[str, Any] = {
        "packs": 2,
        "contact": Contact("李测试", BUYER),
        "fulfilment": HOME,
        "submit_key": "form-1",
        "user": None,
        "at": NOON,
    }
    return reserve(campaign_code=campaign.code, **{**asked, **facts})


def test_reservation_is_told_when_made_and_when_given_back() -> None:
    campaign = CampaignFactory()
    pledge = reserve_in(campaign)
    reserve_in(campaign)
    change_pledge(code=pledge.code, packs=3, at=NOON)
    cancel_pledge(code=pledge.code, at=NOON)

    made, cancelled = texts_to(BUYER)

    assert templates_to(BUYER) == ["pledge_made", "pledge_cancelled"]
    assert "9月6日 20:00 截止" in made
    assert f"/presale/pledges/?code={pledge.code}" in made
    assert pledge.code in cancelled


def test_backers_of_a_campaign_that_succeeded_hear_of_their_order_and_nothing_else() -> None:
    campaign = CampaignFactory(goal_packs=2)
    station = make_collection_station()
    pledge = pledged(
        campaign, 2, mobile=BUYER, fulfilment="collect", station=station, province_code=""
    )

    for _run in range(3):
        close_campaign(code=campaign.code, at=AFTER)
    close_due_campaigns(at=AFTER)

    order = Purchase.objects.get()
    assert templates_to(BUYER) == ["campaign_succeeded"]
    text = texts_to(BUYER)[0]
    assert pledge.code in text
    assert order.code in text
    assert "9月20日—10月10日" in text
    assert f"/shop/find-order/?code={order.code}" in text


def test_backers_of_a_campaign_that_failed_hear_it_once() -> None:
    campaign = CampaignFactory(goal_packs=50)
    pledged(campaign, 2, mobile=BUYER)
    gone = pledged(campaign, 2, mobile="13900000002")
    cancel_pledge(code=gone.code, at=NOON)

    for _run in range(2):
        close_campaign(code=campaign.code, at=AFTER)

    assert templates_to(BUYER) == ["campaign_failed"]
    assert templates_to("13900000002") == ["pledge_cancelled"]


def test_backers_of_a_cancelled_campaign_hear_it() -> None:
    campaign = CampaignFactory()
    pledged(campaign, 2, mobile=BUYER)

    cancel_campaign(code=campaign.code, by=None, at=NOON, reason="雹子打了")

    assert templates_to(BUYER) == ["campaign_cancelled"]


def test_backers_hear_of_a_moved_promise_with_both_windows() -> None:
    listing = make_ripening_listing()
    campaign = CampaignFactory(listing=listing)
    pledged(campaign, 2, mobile=BUYER)
    season = SeasonDate.objects.get(crop=listing.form.raw_crop)

    def move(days: int) -> None:
        revise_season(
            season=season,
            start_on=date(2026, 9, 7) + timedelta(days=days),
            peak_on=date(2026, 9, 17) + timedelta(days=days),
            end_on=date(2026, 9, 27) + timedelta(days=days),
            reason="雨多",
            by=None,
            at=start_of(date(2026, 8, 28)) + timedelta(minutes=days),
        )
        season.refresh_from_db()

    move(5)

    assert templates_to(BUYER) == ["promise_moved"]
    assert "原来 9月20日—10月10日，现在 9月25日—10月15日" in texts_to(BUYER)[0]
    move(0)
    assert templates_to(BUYER) == ["promise_moved"] * 2


def test_closing_asks_no_more_for_more_backers(django_assert_max_num_queries: Any) -> None:
    few, many = CampaignFactory(goal_packs=90), CampaignFactory(goal_packs=90)
    pledged(few, 1)
    for _n in range(20):
        pledged(many, 1)
    with django_assert_max_num_queries(100) as one:
        close_campaign(code=few.code, at=AFTER)

    with django_assert_max_num_queries(len(one)):
        close_campaign(code=many.code, at=AFTER)

    assert Notice.objects.count() == 21
