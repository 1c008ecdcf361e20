"""Updates, questions and answers around a campaign."""

from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.codes import new_code
from core.errors import BadInput, NotAllowed
from core.uploads import Photo
from growers.models import User
from notices.services import Limit, NewNotice, send_notices, take
from notices.texts import language_now
from shop.models import Campaign, CampaignQuestion, CampaignState, CampaignUpdate
from shop.public_words import clean_words
from shop.voice_wording import QUESTION_ANSWERED

SMALL = 480  # pixels of the longer side
MOST_QUESTIONS, ASKED_IN = 5, timedelta(days=1)
MOST_UPDATES, UPDATED_IN = 3, timedelta(days=1)  # each is a message to every backer
WITH_TITLE = [
    f"campaign__listing__{part}" for part in ("product", "form__crop", "variety", "grade")
]
TELLABLE = frozenset({CampaignState.LIVE, CampaignState.SUCCEEDED})


@transaction.atomic
def post_update(
    *,
    campaign: Campaign,
    text: str,
    photo: Photo | None,
    image_says: str,
    by: User,
    at: datetime,
) -> CampaignUpdate:
    """Say how it goes; a job tells the backers.

    Raises
    ------
    NotAllowed
        The campaign has failed or was cancelled, or had its three updates of a day.
    BadInput
        There are no words, or a picture without a word about it.
    """
    if campaign.state not in TELLABLE:
        raise NotAllowed(_("这场预售已经散了，不用再发进展。"))
    words, says = clean_words(text), clean_words(image_says)
    if not words:
        raise BadInput(_("写上山上的情况。"), field="text")
    if photo is not None and not says:
        raise BadInput(_("传了照片，就写一句照片上是什么。"), field="image_says")
    take([Limit("shop.update", campaign.code, most=MOST_UPDATES, span=UPDATED_IN)], at=at)
    update = CampaignUpdate(code=new_code("UP"), campaign=campaign, text=words, by=by, at=at)
    if photo is not None:
        _show(update, photo, says)
    update.save()
    return update


def _show(update: CampaignUpdate, photo: Photo, says: str) -> None:
    small = photo.shrunk(SMALL)
    update.image.save(photo.file.name or "update.jpg", photo.file, save=False)
    update.small.save(f"s-{small.name}", ContentFile(small.read()), save=False)
    update.width, update.height, update.image_says = photo.width, photo.height, says


@transaction.atomic
def ask_question(
    *, campaign: Campaign, text: str, user: User | None, mobile: str, name: str, at: datetime
) -> CampaignQuestion:
    """Ask the shop something before everybody; whoever asks is known by account or mobile.

    The same words asked again in the same campaign are the same question.

    Raises
    ------
    NotAllowed
        Nobody is known to ask, or this person asked often today.
    BadInput
        There is nothing to read in it.
    """
    words = clean_words(text)
    if not words:
        raise BadInput(_("写上要问的话。"), field="text")
    if user is None and not mobile:
        raise NotAllowed(_("先登录，或验证手机号，再来问。"))
    asker = {"user": user} if user is not None else {"user": None, "mobile": mobile}
    before = CampaignQuestion.objects.filter(campaign=campaign, text=words, **asker).first()
    if before is not None:
        return before
    who = f"user:{user.pk}" if user is not None else mobile
    take([Limit("shop.question", who, most=MOST_QUESTIONS, span=ASKED_IN)], at=at)
    return CampaignQuestion.objects.create(
        code=new_code("QA"),
        campaign=campaign,
        user=user,
        mobile=mobile,
        name=name,
        language=language_now(),
        text=words,
        at=at,
    )


@transaction.atomic
def answer_question(*, code: str, text: str, by: User, at: datetime) -> CampaignQuestion:
    """The shop answers and the asker is told, once; answering again rewrites the answer.

    Raises
    ------
    NotAllowed
        A moderator has covered the question.
    BadInput
        There is nothing to read in it.
    """
    words = clean_words(text)
    if not words:
        raise BadInput(_("写上要回的话。"), field="text")
    rows = CampaignQuestion.objects.select_for_update(of=("self",))
    question = rows.select_related(*WITH_TITLE).get(code=code)
    if question.hidden_at is not None:
        raise NotAllowed(_("这个问题被隐藏了，不用再回。"))
    if question.answered_at is None:
        question.answered_at, question.answered_by = at, by
    elif question.answer != words:
        question.edited_at = at
    question.answer = words
    question.save(update_fields=["answer", "answered_at", "answered_by", "edited_at"])
    _tell_asker(question, at=at)
    return question


def _tell_asker(question: CampaignQuestion, *, at: datetime) -> None:
    if not question.mobile:
        return
    campaign, language = question.campaign, question.language
    with override(language):
        words = {
            "title": campaign.listing.title,
            "link": f"{reverse('shop:campaign', args=[campaign.code])}#{question.code}",
        }
    notice = NewNotice(
        f"answer:{question.code}", question.mobile, QUESTION_ANSWERED, words, language
    )
    send_notices([notice], at=at)
