"""Reviews through HTTP: who may write, what is refused and kept, what everybody sees."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from growers.models import Role, User
from shop.models import Purchase, Review, ReviewReply
from shop.services.reviews import MAY_CHANGE, answer_review, withdraw_review
from tests.factories.growers import MembershipFactory, UserFactory
from tests.factories.shop import NOON, ListingFactory, PurchaseFactory
from tests.factories.voices import delivered, reviewed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="growers.sign_in.MobileOrCardBackend")
    return client


def address(purchase: Purchase, *, name: str = "shop:review") -> str:
    listing = purchase.order.lines.get().product.listing
    return reverse(name, args=[purchase.code, listing.code])


def text(response: Any) -> str:
    return str(response.content.decode())


def keeper_of(shop: Any) -> Client:
    person = UserFactory()
    MembershipFactory(user=person, role=Role.SHOP_OPERATOR, shop=shop)
    return signed_in(person)


def test_the_order_page_leads_to_the_review() -> None:
    buyer = UserFactory()
    purchase = delivered(ListingFactory(), user=buyer)
    client = signed_in(buyer)

    page = text(client.get(reverse("shop:order", args=[purchase.code])))

    assert address(purchase) in page
    assert client.get(address(purchase)).status_code == 200


def test_a_guest_who_proved_the_order_writes_too(client: Client) -> None:
    purchase = delivered(ListingFactory())
    session = client.session
    session["orders"] = [purchase.code]
    session.save()

    answer = client.post(address(purchase), {"score": "5", "text": "麻得正。", "names_buyer": "on"})

    assert answer.status_code == 302
    assert answer["Location"] == reverse("shop:order", args=[purchase.code])
    assert Review.objects.get().text == "麻得正。"
    assert "你 8月28日写的：很好" in text(client.get(answer["Location"]))


@pytest.mark.parametrize("who", ["visitor", "stranger", "seller"])
def test_nobody_else_finds_the_form(who: str) -> None:
    listing = ListingFactory()
    purchase = delivered(listing, user=UserFactory())
    browser = {
        "visitor": Client(),
        "stranger": signed_in(UserFactory()),
        "seller": keeper_of(listing.shop),
    }[who]

    assert browser.get(address(purchase)).status_code == 404
    assert browser.post(address(purchase), {"score": "5"}).status_code == 404
    assert browser.post(address(purchase, name="shop:review_withdraw")).status_code == 404
    assert not Review.objects.exists()


def test_a_thing_of_another_order_is_not_found() -> None:
    buyer = UserFactory()
    purchase, other = delivered(ListingFactory(), user=buyer), ListingFactory()

    answer = signed_in(buyer).get(reverse("shop:review", args=[purchase.code, other.code]))

    assert answer.status_code == 404


def test_before_the_goods_are_there_the_form_says_so() -> None:
    buyer = UserFactory()
    purchase = PurchaseFactory(user=buyer)

    page = signed_in(buyer).get(address(purchase), follow=True)

    assert "收到货以后才能评价。" in text(page)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": "很香"}, "选一个：很好、好、一般、不好或很差。"),
        ({"score": "9", "text": "很香"}, "选一个：很好、好、一般、不好或很差。"),
        ({"score": "5", "text": "打我电话 13800138000"}, "别把电话写在这里"),
        ({"score": "5", "text": "身份证 11010519491231002X"}, "别把身份证号写在这里"),
        ({"score": "5", "text": "长" * 501}, "最多 500 字，现在有 501 字。"),
    ],
)
def test_what_is_refused_is_kept_in_its_field(typed: dict[str, str], said: str) -> None:
    buyer = UserFactory()
    purchase = delivered(ListingFactory(), user=buyer)

    answer = signed_in(buyer).post(address(purchase), typed)

    assert answer.status_code == 422
    assert said in text(answer)
    assert typed["text"] in text(answer)
    assert not Review.objects.exists()


def test_script_and_turned_writing_are_harmless_words(client: Client) -> None:
    listing = ListingFactory()
    reviewed(listing, text="<script>alert(1)</script>\u202e好\u200b吃")

    page = text(client.get(reverse("shop:listing_reviews", args=[listing.code])))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;好吃" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_changing_shows_what_was_said_and_saves_anew() -> None:
    buyer = UserFactory()
    purchase = delivered(ListingFactory(), user=buyer)
    client = signed_in(buyer)
    client.post(address(purchase), {"score": "5", "text": "好吃。"})

    form = text(client.get(address(purchase)))
    client.post(address(purchase), {"score": "3", "text": "放了几天软了。"})

    assert "好吃。</textarea>" in form
    review = Review.objects.get()
    assert (review.score, review.text, review.versions.count()) == (3, "放了几天软了。", 2)


def test_after_thirty_days_there_is_no_form() -> None:
    buyer = UserFactory()
    listing = ListingFactory()
    review = reviewed(listing, user=buyer, text="好吃。")

    with time_machine.travel(NOON + MAY_CHANGE + timedelta(days=1), tick=False):
        client = signed_in(buyer)
        page = text(client.get(address(review.purchase)))
        answer = client.post(address(review.purchase), {"score": "1", "text": "变了"})

    assert "写了超过 30 天，不能再改。" in page
    assert "<textarea" not in page
    assert answer.status_code == 422
    assert Review.objects.get().text == "好吃。"


def test_an_old_token_writes_nothing_and_loses_nothing() -> None:
    buyer = UserFactory()
    purchase = delivered(ListingFactory(), user=buyer)
    client = Client(enforce_csrf_checks=True)
    client.force_login(buyer, backend="growers.sign_in.MobileOrCardBackend")

    answer = client.post(
        address(purchase), {"score": "5", "text": "很香。"}, headers={"origin": "http://testserver"}
    )

    assert answer.status_code == 403
    assert "很香。</textarea>" in text(answer)
    assert "还没有记下" in text(answer)
    assert not Review.objects.exists()


def test_withdrawing_takes_it_off_the_page(client: Client) -> None:
    buyer = UserFactory()
    listing = ListingFactory()
    review = reviewed(listing, user=buyer, text="好吃。")

    signed_in(buyer).post(address(review.purchase, name="shop:review_withdraw"))

    page = text(client.get(reverse("shop:listing_reviews", args=[listing.code])))
    assert "好吃。" not in page
    assert "还没有人评价" in page


def test_everybody_reads_reviews_and_answers(client: Client) -> None:
    listing = ListingFactory()
    review = reviewed(listing, score=2, text="有点潮。")
    answer_review(code=review.code, text="晒的日子不够，已退差价。", by=UserFactory(), at=NOON)

    page = text(client.get(reverse("shop:listing_reviews", args=[listing.code])))

    for said in (
        "有点潮。",
        "晒的日子不够，已退差价。",
        "买过",
        "不好",
        "测**",
        "站点自取",
        "2026年8月",
    ):
        assert said in page
    assert "测试买家" not in page
    assert "13800138000" not in page


def test_a_covered_review_shows_the_reason_and_is_counted(client: Client) -> None:
    listing = ListingFactory()
    review = reviewed(listing, text="难听的话")
    Review.objects.filter(pk=review.pk).update(hidden_at=NOON, hidden_reason="骂人的话")

    page = text(client.get(reverse("shop:listing_reviews", args=[listing.code])))

    assert "此条因“骂人的话”隐藏" in page
    assert "平台隐藏了 1 条" in page
    assert "难听的话" not in page


def test_reviews_outlive_the_shelf_but_a_draft_has_no_page(client: Client) -> None:
    draft, sold = ListingFactory(state="draft"), ListingFactory()
    reviewed(sold, text="好吃。")
    type(sold).objects.filter(pk=sold.pk).update(state="withdrawn")

    page = client.get(reverse("shop:listing_reviews", args=[sold.code]))

    assert "好吃。" in text(page)
    assert client.get(reverse("shop:listing_reviews", args=[draft.code])).status_code == 404


def test_the_reviews_page_turns(client: Client, django_assert_max_num_queries: Any) -> None:
    listing = ListingFactory(packs=100)
    for n in range(23):
        reviewed(listing, text=f"第{n}条", at=NOON + timedelta(minutes=n))

    with django_assert_max_num_queries(4):
        first = text(client.get(reverse("shop:listing_reviews", args=[listing.code])))
    second = text(client.get(reverse("shop:listing_reviews", args=[listing.code]) + "?page=2"))

    assert "第22条" in first
    assert "第2条<" not in first
    assert "第2条<" in second
    assert "第22条" not in second


def test_the_product_page_shows_the_newest(client: Client) -> None:
    listing = ListingFactory(packs=40)
    for n in range(6):
        reviewed(listing, text=f"第{n}条", at=NOON + timedelta(minutes=n))

    page = text(client.get(reverse("shop:listing", args=[listing.code])))

    assert "第5条" in page
    assert "第0条" not in page
    assert "全部 6 条" in page


# The desk ----------------------------------------------------------------------------------


def test_a_keeper_answers_a_review_of_the_own_shop() -> None:
    listing = ListingFactory()
    review = reviewed(listing, text="有点潮。")
    client = keeper_of(listing.shop)
    desk = reverse("shop:work_voices") + "?kind=reviews"
    assert "有点潮。" in text(client.get(desk))

    answer = client.post(
        reverse("shop:work_reply", args=[review.code]), {f"{review.code}-text": "已退差价。"}
    )

    assert (answer.status_code, answer["Location"]) == (302, desk)
    assert ReviewReply.objects.get().text == "已退差价。"
    assert "已退差价。" in text(client.get(desk))


def test_a_refused_answer_stands_in_its_own_row() -> None:
    listing = ListingFactory(packs=40)
    review, other = reviewed(listing), reviewed(listing)

    answer = keeper_of(listing.shop).post(
        reverse("shop:work_reply", args=[review.code]),
        {f"{review.code}-text": "打我 13800138000"},
    )

    assert answer.status_code == 422
    forms = {one.code: form for one, form, _open in answer.context["rows"]}
    assert forms[review.code].errors == {"text": ["别把电话写在这里，谁都看得见。"]}
    assert forms[review.code]["text"].value() == "打我 13800138000"
    assert not forms[other.code].errors
    assert not ReviewReply.objects.exists()


def test_another_shops_review_is_not_found() -> None:
    review = reviewed(ListingFactory())
    client = keeper_of(ListingFactory().shop)

    answer = client.post(
        reverse("shop:work_reply", args=[review.code]), {f"{review.code}-text": "谢谢。"}
    )

    assert answer.status_code == 404
    assert review.code not in text(client.get(reverse("shop:work_voices") + "?kind=reviews"))
    assert not ReviewReply.objects.exists()


def test_withdrawn_reviews_do_not_wait_at_the_desk() -> None:
    listing = ListingFactory()
    review = reviewed(listing, text="有点潮。")
    withdraw_review(code=review.code, at=NOON)

    page = text(keeper_of(listing.shop).get(reverse("shop:work_voices") + "?kind=reviews"))

    assert "有点潮。" not in page


# The moderator -----------------------------------------------------------------------------


def test_the_moderator_covers_and_uncovers() -> None:
    person = UserFactory()
    person.user_permissions.add(Permission.objects.get(codename="moderate_voices"))
    listing = ListingFactory()
    review = reviewed(listing, text="难听的话")
    client, form = signed_in(person), reverse("shop:moderate", args=[review.code])
    assert "难听的话" in text(client.get(reverse("shop:moderation")))

    empty = client.post(form, {"reason": ""})
    client.post(form, {"reason": "骂人的话"})
    covered = Review.objects.get().hidden_reason
    client.post(form, {})

    assert empty.status_code == 422
    assert "写明原因，谁都看得见。" in text(empty)
    assert covered == "骂人的话"
    assert Review.objects.get().hidden_at is None


def test_moderating_is_for_moderators() -> None:
    listing = ListingFactory()
    review = reviewed(listing)
    form = reverse("shop:moderate", args=[review.code])

    assert keeper_of(listing.shop).post(form, {"reason": "不好听"}).status_code == 404
    assert keeper_of(listing.shop).get(reverse("shop:moderation")).status_code == 404
    assert Client().post(form, {"reason": "不好听"}).status_code == 302
    assert Review.objects.get().hidden_at is None
