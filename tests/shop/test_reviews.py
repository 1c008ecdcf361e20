"""Reviews: by buyers only, one for each thing bought, and nobody who sells can take one away."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.urls import NoReverseMatch, reverse
from oscar.core.loading import get_model

from core.errors import BadInput, NotAllowed
from growers.models import User
from shop.contact import Contact
from shop.models import Moderation, PurchaseState, Review, ReviewReply, ReviewVersion
from shop.selectors.reviews import reviews_of
from shop.services.moderation import MODERATE, cover, uncover
from shop.services.reviews import (
    MAY_CHANGE,
    answer_review,
    change_review,
    withdraw_review,
    write_review,
)
from tests.factories.growers import UserFactory
from tests.factories.shop import NOON, ListingFactory, PurchaseFactory, delivery_to_gansu
from tests.factories.voices import delivered, reviewed

pytestmark = pytest.mark.django_db
SAID: dict[str, Any] = {"score": 4, "text": "还行。", "names_buyer": True}


def moderator() -> User:
    person = UserFactory()
    person.user_permissions.add(Permission.objects.get(codename="moderate_voices"))
    found: User = User.objects.get(pk=person.pk)  # permissions are kept on the row that was asked
    return found


def test_a_buyer_says_how_it_was_once_it_is_handed_over() -> None:
    listing = ListingFactory()

    review = write_review(purchase=delivered(listing), listing=listing, at=NOON, **SAID)

    assert (review.score, review.text, review.written_at) == (4, "还行。", NOON)
    kept = ReviewVersion.objects.get(review=review)
    assert (kept.score, kept.text, kept.at) == (4, "还行。", NOON)


@pytest.mark.parametrize("state", sorted(set(PurchaseState) - {PurchaseState.DELIVERED}))
def test_nothing_is_said_before_the_goods_are_handed_over(state: PurchaseState) -> None:
    listing = ListingFactory()
    purchase = PurchaseFactory(listing=listing, state=state)

    with pytest.raises(NotAllowed, match="收到货以后才能评价"):
        write_review(purchase=purchase, listing=listing, at=NOON, **SAID)


def test_only_what_was_in_the_order_is_reviewed() -> None:
    other = ListingFactory()

    with pytest.raises(NotAllowed, match="这一单里没有这件货"):
        write_review(purchase=delivered(ListingFactory()), listing=other, at=NOON, **SAID)


def test_one_review_for_each_thing_of_an_order() -> None:
    review = reviewed(ListingFactory())

    with pytest.raises(NotAllowed, match="已经评价过了"):
        write_review(purchase=review.purchase, listing=review.listing, at=NOON, **SAID)

    assert Review.objects.count() == ReviewVersion.objects.count() == 1


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_is_one_of_five(score: int) -> None:
    listing = ListingFactory()

    with pytest.raises(BadInput):
        write_review(
            purchase=delivered(listing), listing=listing, at=NOON, **{**SAID, "score": score}
        )


def test_the_database_holds_the_scores_too() -> None:
    review = reviewed(ListingFactory())

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(score=6)


# Changing and withdrawing -----------------------------------------------------------------


def test_a_change_within_thirty_days_keeps_what_was_said_before() -> None:
    review = reviewed(ListingFactory(), text="好。")
    at = NOON + MAY_CHANGE

    changed = change_review(code=review.code, score=2, text="放坏了。", names_buyer=False, at=at)

    assert (changed.score, changed.text, changed.edited_at) == (2, "放坏了。", at)
    kept = list(review.versions.values_list("score", "text", "at"))
    assert kept == [(5, "好。", NOON), (2, "放坏了。", at)]


def test_only_hiding_the_name_is_not_another_version() -> None:
    review = reviewed(ListingFactory(), text="好。")

    changed = change_review(
        code=review.code, score=5, text="好。", names_buyer=False, at=NOON + timedelta(days=1)
    )

    assert (changed.edited_at, changed.names_buyer, review.versions.count()) == (None, False, 1)


def test_after_thirty_days_it_stays() -> None:
    review = reviewed(ListingFactory())
    late = NOON + MAY_CHANGE + timedelta(seconds=1)

    with pytest.raises(NotAllowed, match="超过 30 天"):
        change_review(code=review.code, at=late, **SAID)


def test_a_withdrawn_review_counts_no_more_and_is_not_written_again() -> None:
    listing = ListingFactory()
    review = reviewed(listing, score=1)
    reviewed(listing, score=5)

    withdraw_review(code=review.code, at=NOON)

    page = reviews_of(listing)
    assert (page.count, page.average) == (1, Decimal("5.0"))
    with pytest.raises(NotAllowed, match="已经撤回"):
        change_review(code=review.code, at=NOON, **SAID)
    with pytest.raises(NotAllowed, match="已经评价过了"):
        write_review(purchase=review.purchase, listing=listing, at=NOON, **SAID)


# Nobody deletes ----------------------------------------------------------------------------


def test_a_review_cannot_be_deleted_by_the_models() -> None:
    review = reviewed(ListingFactory())

    with pytest.raises(ProtectedError):
        review.delete()
    with pytest.raises(ProtectedError):
        Review.objects.all().delete()


def test_a_review_cannot_be_deleted_by_sql() -> None:
    review = reviewed(ListingFactory())

    with pytest.raises(IntegrityError), transaction.atomic():
        _delete_by_sql(review.pk)


def _delete_by_sql(pk: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM shop_review WHERE id = %s", [pk])
    connection.check_constraints()


@pytest.mark.parametrize("kept_by", ["purchase", "listing"])
def test_what_a_review_is_of_cannot_be_deleted_under_it(kept_by: str) -> None:
    review = reviewed(ListingFactory())

    with pytest.raises(ProtectedError):
        getattr(review, kept_by).delete()


def test_there_is_no_right_to_change_or_delete_a_review() -> None:
    rights = Permission.objects.filter(content_type__app_label="shop")
    voices = ["review", "reviewversion", "reviewreply", "campaignupdate", "campaignquestion"]

    given = rights.filter(content_type__model__in=[*voices, "moderation"])

    assert set(given.values_list("codename", flat=True)) == {
        *(f"view_{name}" for name in voices),
        "view_moderation",
        "moderate_voices",
    }


@pytest.mark.parametrize("model", ["Review", "ReviewReply", "CampaignUpdate", "CampaignQuestion"])
def test_the_admin_only_looks(model: str, rf: Any, admin_user: Any) -> None:
    request = rf.get("/admin/")
    request.user = admin_user
    page = admin.site._registry[apps.get_model("shop", model)]

    assert page.has_view_permission(request)
    assert not page.has_change_permission(request)
    assert not page.has_delete_permission(request)
    assert "delete_selected" not in page.get_actions(request)


def test_oscars_reviews_offer_no_other_way_in(client: Any, admin_client: Any) -> None:
    review = get_model("reviews", "ProductReview")

    assert not admin.site.is_registered(review)
    with pytest.raises(NoReverseMatch):
        reverse("catalogue:reviews:reviews-add", args=["x", 1])
    assert client.get("/shop/catalogue/x_1/reviews/add/").status_code in {302, 404}
    answer = admin_client.get("/shop/dashboard/reviews/")
    assert (answer.status_code, answer["Location"]) == (302, reverse("shop:moderation"))


# The shop answers --------------------------------------------------------------------------


def test_the_shop_answers_once_and_rewrites_it_in_the_open() -> None:
    review, keeper = reviewed(ListingFactory(), score=2), UserFactory()
    answer_review(code=review.code, text="对不住。", by=keeper, at=NOON)
    later = NOON + timedelta(hours=2)

    answer_review(code=review.code, text="对不住，坏的照赔。", by=keeper, at=later)

    reply = ReviewReply.objects.get()
    assert (reply.text, reply.at, reply.edited_at) == ("对不住，坏的照赔。", NOON, later)


def test_a_withdrawn_review_gets_no_answer() -> None:
    review = reviewed(ListingFactory())
    withdraw_review(code=review.code, at=NOON)

    with pytest.raises(NotAllowed, match="已经撤回"):
        answer_review(code=review.code, text="谢谢。", by=UserFactory(), at=NOON)


# Covering ----------------------------------------------------------------------------------


def test_a_moderator_covers_the_words_with_a_reason_and_the_score_counts_on() -> None:
    listing = ListingFactory()
    review, person = reviewed(listing, score=1, text="难听的话"), moderator()

    cover(code=review.code, reason="骂人的话", by=person, at=NOON)

    page = reviews_of(listing)
    assert (page.count, page.average, page.hidden) == (1, Decimal("1.0"), 1)
    assert (page.rows[0].text, page.rows[0].hidden) == ("", "骂人的话")
    noted = Moderation.objects.get()
    assert (noted.code, noted.covered, noted.by) == (review.code, True, person)


def test_uncovering_brings_the_words_back_and_is_noted() -> None:
    listing = ListingFactory()
    review, person = reviewed(listing, text="好。"), moderator()
    cover(code=review.code, reason="看错了", by=person, at=NOON)

    uncover(code=review.code, by=person, at=NOON)

    assert (reviews_of(listing).hidden, reviews_of(listing).rows[0].text) == (0, "好。")
    assert list(Moderation.objects.values_list("covered", flat=True)) == [False, True]


def test_covering_again_is_not_noted_twice() -> None:
    review, person = reviewed(ListingFactory()), moderator()
    cover(code=review.code, reason="骂人的话", by=person, at=NOON)

    cover(code=review.code, reason="别的", by=person, at=NOON)

    review.refresh_from_db()
    assert (review.hidden_reason, Moderation.objects.count()) == ("骂人的话", 1)


@pytest.mark.parametrize("reason", ["", "  ", "\u200b"])
def test_nothing_is_covered_without_a_reason(reason: str) -> None:
    review = reviewed(ListingFactory())

    with pytest.raises(BadInput):
        cover(code=review.code, reason=reason, by=moderator(), at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(hidden_at=NOON)


def test_who_sells_covers_nothing() -> None:
    review, keeper = reviewed(ListingFactory()), UserFactory()
    assert not keeper.has_perm(MODERATE)

    with pytest.raises(NotAllowed):
        cover(code=review.code, reason="不好听", by=keeper, at=NOON)


def test_a_covered_review_is_not_rewritten() -> None:
    review = reviewed(ListingFactory())
    cover(code=review.code, reason="骂人的话", by=moderator(), at=NOON)

    with pytest.raises(NotAllowed, match="被隐藏"):
        change_review(code=review.code, at=NOON, **SAID)


# What everybody reads ----------------------------------------------------------------------


def test_figures_of_a_listing() -> None:
    listing = ListingFactory(packs=40)
    for score in (5, 5, 4, 1):
        reviewed(listing, score=score)
    reviewed(ListingFactory(), score=1)

    page = reviews_of(listing, most=2)

    assert (page.count, page.average) == (4, Decimal("3.8"))
    assert [(bar.score, bar.count, bar.percent) for bar in page.bars] == [
        (5, 2, 50),
        (4, 1, 25),
        (3, 0, 0),
        (2, 0, 0),
        (1, 1, 25),
    ]
    assert len(page.rows) == 2


def test_no_reviews_are_no_average() -> None:
    page = reviews_of(ListingFactory())

    assert (page.count, page.average, page.rows) == (0, None, [])


def test_a_buyer_is_a_surname_and_a_province_at_most() -> None:
    listing = ListingFactory()
    contact = Contact(name="欧阳测试", mobile="13800138000")
    reviewed(listing, contact=contact, fulfilment=delivery_to_gansu())
    reviewed(listing, contact=contact, names_buyer=False, at=NOON + timedelta(hours=1))

    unnamed, named = reviews_of(listing).rows

    assert (named.surname, named.place, named.at_station) == ("欧", "甘肃省", False)
    assert (unnamed.surname, unnamed.place, unnamed.at_station) == ("", "", True)


def test_reviews_ask_no_more_for_more(django_assert_num_queries: Any) -> None:
    listing = ListingFactory(packs=60)
    for count in (1, 3):
        while Review.objects.count() < count:
            reviewed(listing)
        with django_assert_num_queries(2):
            assert len(reviews_of(listing).rows) == count
