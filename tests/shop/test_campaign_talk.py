"""Updates, questions and answers: who may speak, who is told and how often."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from core.clock import day_of
from core.errors import BadInput, NotAllowed
from growers.models import Role, User
from notices.errors import TooOften
from notices.http import PROOF, remember_number
from shop.models import CampaignQuestion, CampaignState, CampaignUpdate, PledgeState
from shop.selectors.talk import curve_of, questions_on, related_campaigns
from shop.services.pledges import cancel_pledge
from shop.services.talk import MOST_QUESTIONS, MOST_UPDATES, answer_question, ask_question
from tests.factories.growers import MembershipFactory, UserFactory
from tests.factories.presale import NOON, OPENED, CampaignFactory, pledged, with_terms
from tests.factories.shop import ListingFactory
from tests.factories.voices import asked, posted, told

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="growers.sign_in.MobileOrCardBackend")
    return client


def keeper_of(shop: Any) -> Client:
    person = UserFactory()
    MembershipFactory(user=person, role=Role.SHOP_OPERATOR, shop=shop)
    return signed_in(person)


def text(response: Any) -> str:
    return str(response.content.decode())


# Questions ---------------------------------------------------------------------------------


def test_somebody_signed_in_asks_and_everybody_reads_it(client: Client) -> None:
    campaign = CampaignFactory()
    person = UserFactory(display_name="王测试", mobile="13900000009")

    answer = signed_in(person).post(
        reverse("shop:campaign_ask", args=[campaign.code]), {"text": "打药吗？采前多久停？"}
    )

    page = text(client.get(reverse("shop:campaign", args=[campaign.code])))
    assert answer.status_code == 302
    assert "打药吗？采前多久停？" in page
    assert "王**" in page
    assert "王测试" not in page
    assert "13900000009" not in page
    assert "村店还没回。" in page


def test_a_proved_number_asks_without_an_account(client: Client) -> None:
    campaign = CampaignFactory()
    request: Any = client
    session = request.session
    holder = type("Request", (), {"session": session})()
    remember_number(holder, "13900000009", at=NOON)
    assert PROOF in session
    session.save()

    client.post(reverse("shop:campaign_ask", args=[campaign.code]), {"text": "一份多少个？大概"})

    question = CampaignQuestion.objects.get()
    assert (question.user, question.mobile) == (None, "13900000009")


def test_a_stranger_is_asked_to_sign_in_and_keeps_what_was_typed(client: Client) -> None:
    campaign = CampaignFactory()

    answer = client.post(
        reverse("shop:campaign_ask", args=[campaign.code]), {"text": "打药吗？采前多久停？"}
    )

    assert answer.status_code == 422
    assert "先登录，再来问。" in text(answer)
    assert "打药吗？采前多久停？</textarea>" in text(answer)
    assert not CampaignQuestion.objects.exists()


@pytest.mark.parametrize("typed", ["", "吗", "打我 13800138000 说", "长" * 201])
def test_a_refused_question_is_kept_in_its_field(typed: str) -> None:
    campaign = CampaignFactory()

    answer = signed_in(UserFactory()).post(
        reverse("shop:campaign_ask", args=[campaign.code]), {"text": typed}
    )

    assert answer.status_code == 422
    assert answer.context["question_form"].errors["text"]
    assert answer.context["question_form"]["text"].value() == typed
    assert not CampaignQuestion.objects.exists()


def test_an_old_token_sends_no_question_and_loses_nothing() -> None:
    campaign = CampaignFactory()
    client = Client(enforce_csrf_checks=True)

    answer = client.post(
        reverse("shop:campaign_ask", args=[campaign.code]),
        {"text": "打药吗？采前多久停？"},
        headers={"origin": "http://testserver"},
    )

    assert answer.status_code == 403
    assert "打药吗？采前多久停？</textarea>" in text(answer)
    assert not CampaignQuestion.objects.exists()


def test_a_households_card_is_not_named(client: Client) -> None:
    campaign = CampaignFactory()
    card = UserFactory(display_name="HH-000001", mobile=None)

    signed_in(card).post(
        reverse("shop:campaign_ask", args=[campaign.code]), {"text": "打药吗？采前多久停？"}
    )

    page = text(client.get(reverse("shop:campaign", args=[campaign.code])))
    assert "买家·8月28日" in page
    assert "HH-000001" not in page


def test_the_same_words_twice_are_one_question() -> None:
    campaign = CampaignFactory()

    first, second = asked(campaign), asked(campaign)

    assert first == second
    assert CampaignQuestion.objects.count() == 1


def test_nobody_asks_all_day() -> None:
    campaign = CampaignFactory()
    for n in range(MOST_QUESTIONS):
        asked(campaign, f"第 {n} 个问题是什么？")

    with pytest.raises(TooOften):
        asked(campaign, "还有一个问题？")
    asked(campaign, "第二天的问题？", at=NOON + DAY + timedelta(minutes=1))

    assert CampaignQuestion.objects.count() == MOST_QUESTIONS + 1


def test_who_is_not_known_asks_nothing() -> None:
    with pytest.raises(NotAllowed):
        ask_question(
            campaign=CampaignFactory(), text="打药吗？", user=None, mobile="", name="", at=NOON
        )


def test_the_answer_is_told_once_and_rewritten_in_the_open(client: Client) -> None:
    campaign = CampaignFactory()
    question, keeper = asked(campaign), UserFactory()
    later = NOON + timedelta(hours=1)

    answer_question(code=question.code, text="不打。", by=keeper, at=NOON)
    answer_question(code=question.code, text="采前一个月停了。", by=keeper, at=later)

    question.refresh_from_db()
    assert (question.answered_at, question.edited_at) == (NOON, later)
    [notice] = told()
    assert (notice["template"], notice["mobile"]) == ("shop.question_answered", "13900000009")
    assert notice["context"]["link"] == f"/presale/{campaign.code}/#{question.code}"
    page = text(client.get(reverse("shop:campaign", args=[campaign.code])))
    assert "采前一个月停了。" in page
    assert "8月28日改过" in page


def test_an_answer_has_its_time() -> None:
    question = asked(CampaignFactory())

    with pytest.raises(IntegrityError), transaction.atomic():
        CampaignQuestion.objects.filter(pk=question.pk).update(answer="不打。")


def test_a_covered_question_shows_the_reason_alone(client: Client) -> None:
    campaign = CampaignFactory()
    question = asked(campaign, "难听的话难听的话")
    answer_question(code=question.code, text="这样说不好。", by=UserFactory(), at=NOON)
    CampaignQuestion.objects.update(hidden_at=NOON, hidden_reason="骂人的话")

    page = text(client.get(reverse("shop:campaign", args=[campaign.code])))

    assert "此条因“骂人的话”隐藏。" in page
    assert "难听的话" not in page
    assert "这样说不好。" not in page
    with pytest.raises(NotAllowed):
        answer_question(code=question.code, text="再说一次", by=UserFactory(), at=NOON)


def test_a_keeper_answers_on_the_desk_and_another_shop_finds_nothing() -> None:
    campaign = CampaignFactory()
    question = asked(campaign)
    url = reverse("shop:work_answer", args=[question.code])
    typed = {f"{question.code}-text": "采前一个月停了。"}
    own, other = keeper_of(campaign.listing.shop), keeper_of(ListingFactory().shop)
    assert "1 条问题没回" in text(own.get(reverse("shop:workspace")))
    assert "条问题没回" not in text(other.get(reverse("shop:workspace")))

    stranger, answer = other.post(url, typed), own.post(url, typed)

    assert (stranger.status_code, answer.status_code) == (404, 302)
    assert CampaignQuestion.objects.get().answer == "采前一个月停了。"
    assert "条问题没回" not in text(own.get(reverse("shop:workspace")))


def test_unanswered_questions_stand_first_the_longest_wait_on_top() -> None:
    campaign = CampaignFactory()
    first = asked(campaign, "最早的问题？", at=NOON - 3 * DAY)
    done = asked(campaign, "答过的问题？", at=NOON - 2 * DAY)
    last = asked(campaign, "最新的问题？", at=NOON - DAY)
    answer_question(code=done.code, text="答了。", by=UserFactory(), at=NOON)

    page = keeper_of(campaign.listing.shop).get(reverse("shop:work_voices"))

    assert [one.code for one, _form, _open in page.context["rows"]] == [
        first.code,
        last.code,
        done.code,
    ]
    assert [one.code for one in questions_on(campaign)] == [last.code, done.code, first.code]


# Updates -----------------------------------------------------------------------------------


def photo() -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", (640, 480), "green").save(made, "JPEG")
    return SimpleUploadedFile("a.jpg", made.getvalue(), content_type="image/jpeg")


def test_a_keeper_posts_an_update_with_a_picture(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    campaign = CampaignFactory()
    typed = {"text": "这两天晴。", "photo": photo(), "image_says": "晒场上的核桃"}

    answer = keeper_of(campaign.listing.shop).post(
        reverse("shop:work_update", args=[campaign.code]), typed
    )

    update = CampaignUpdate.objects.get()
    page = text(client.get(reverse("shop:campaign", args=[campaign.code])))
    assert answer.status_code == 302
    assert (update.width, update.height) == (640, 480)
    assert "这两天晴。" in page
    assert 'alt="晒场上的核桃"' in page
    assert update.small.url in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "长" * 1001}, "text"),
        ({"text": "这两天晴。", "photo": "picture"}, "image_says"),
        ({"text": "这两天晴。", "photo": "text", "image_says": "x"}, "photo"),
    ],
)
def test_a_refused_update_is_kept_and_tells_nobody(typed: dict[str, Any], field: str) -> None:
    campaign = CampaignFactory()
    files = {"picture": photo(), "text": SimpleUploadedFile("a.jpg", b"<script>")}
    sent = {**typed, "photo": files[typed["photo"]]} if "photo" in typed else typed

    answer = keeper_of(campaign.listing.shop).post(
        reverse("shop:work_update", args=[campaign.code]), sent
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert answer.context["form"]["text"].value() == typed["text"]
    assert not CampaignUpdate.objects.exists()


def test_another_shops_campaign_is_not_found() -> None:
    campaign = CampaignFactory()

    answer = keeper_of(ListingFactory().shop).post(
        reverse("shop:work_update", args=[campaign.code]), {"text": "这两天晴。"}
    )

    assert answer.status_code == 404
    assert not CampaignUpdate.objects.exists()


@pytest.mark.parametrize("state", [CampaignState.FAILED, CampaignState.CANCELLED])
def test_a_campaign_that_came_to_nothing_gets_no_update(state: str) -> None:
    with pytest.raises(NotAllowed):
        posted(CampaignFactory(state=state, closed_at=NOON))


def test_three_updates_a_day_are_enough() -> None:
    campaign = CampaignFactory()
    for n in range(MOST_UPDATES):
        posted(campaign, f"第 {n} 条")

    with pytest.raises(TooOften):
        posted(campaign, "第四条")


def test_an_update_has_words() -> None:
    with pytest.raises(BadInput):
        posted(CampaignFactory(), "\u200b")


# The curve and the season ------------------------------------------------------------------


def test_the_curve_counts_what_stands_at_the_end_of_each_day() -> None:
    campaign = CampaignFactory()
    gone = pledged(campaign, 4, at=OPENED + 2 * DAY)
    pledged(campaign, 3, at=NOON - DAY)
    cancel_pledge(code=gone.code, at=NOON)

    curve = curve_of(campaign, on=day_of(NOON))

    assert curve is not None
    by_day = dict(curve.by_day)
    assert by_day[day_of(OPENED)] == 0
    assert by_day[day_of(OPENED + 2 * DAY)] == 4
    assert by_day[day_of(NOON - DAY)] == 7
    assert (curve.total, curve.lately) == (3, -1)


def test_a_campaign_nobody_reserved_in_has_no_curve() -> None:
    assert curve_of(CampaignFactory(), on=day_of(NOON)) is None


def test_related_campaigns_are_of_the_season_the_same_crop_first() -> None:
    campaign = CampaignFactory()
    other = CampaignFactory()
    same = CampaignFactory(listing__form=campaign.listing.form)
    CampaignFactory(
        promised_from_on=campaign.promised_to_on + 50 * DAY,
        promised_to_on=campaign.promised_to_on + 60 * DAY,
    )

    assert related_campaigns(campaign, at=NOON) == [same, other]


def test_reserved_is_counted_after_a_failure_too(client: Client) -> None:
    campaign = CampaignFactory(goal_packs=50)
    pledge = pledged(campaign, 5)
    type(pledge).objects.update(state=PledgeState.RELEASED)
    with_terms(campaign, state="failed", closed_at=NOON, deadline_at=NOON)

    page = text(client.get(reverse("shop:campaign", args=[campaign.code])))

    assert "没有成团，差 22.5 kg" in page
    assert "一分没收" in page
    assert "<dd>1<small> 位</small>" in page
