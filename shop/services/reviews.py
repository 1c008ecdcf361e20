"""Writing, changing and withdrawing a review, and the shop's answer. Nothing deletes one."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.codes import new_code
from core.errors import BadInput, NotAllowed
from growers.models import User
from shop.models import Listing, Purchase, PurchaseState, Review, ReviewReply, ReviewVersion, Score
from shop.public_words import clean_words

MAY_CHANGE = timedelta(days=30)


def write_review(
    *,
    purchase: Purchase,
    listing: Listing,
    score: int,
    text: str,
    names_buyer: bool,
    at: datetime,
) -> Review:
    """Say how one thing of an order was, once it is handed over.

    Raises
    ------
    NotAllowed
        It is not handed over, was not in this order, or has its review already.
    BadInput
        The score is none of the five.
    """
    if purchase.state != PurchaseState.DELIVERED:
        raise NotAllowed(_("收到货以后才能评价。"))
    bought = purchase.order.lines.filter(allocation_cancelled=False)
    if not bought.filter(product=listing.product_id).exists():
        raise NotAllowed(_("这一单里没有这件货。"))
    review = Review(
        code=new_code("RV"),
        purchase=purchase,
        listing=listing,
        score=_sound(score),
        text=clean_words(text),
        names_buyer=names_buyer,
        written_at=at,
    )
    try:
        with transaction.atomic():
            review.save(force_insert=True)
            _keep(review, at=at)
    except IntegrityError:
        raise NotAllowed(_("这件货已经评价过了，在订单里能改。")) from None
    return review


def _sound(score: int) -> int:
    if score not in Score.values:
        raise BadInput(_("选一个：很好、好、一般、不好或很差。"), field="score")
    return score


def _keep(review: Review, *, at: datetime) -> None:
    ReviewVersion.objects.create(review=review, score=review.score, text=review.text, at=at)


@transaction.atomic
def change_review(*, code: str, score: int, text: str, names_buyer: bool, at: datetime) -> Review:
    """Say it differently within thirty days; what it said before is kept.

    Raises
    ------
    NotAllowed
        It is withdrawn, covered, or older than that.
    BadInput
        The score is none of the five.
    """
    review = Review.objects.select_for_update().get(code=code)
    why = why_not_changed(review, at=at)
    if why:
        raise NotAllowed(why)
    said_anew = (_sound(score), clean_words(text)) != (review.score, review.text)
    review.score, review.text, review.names_buyer = score, clean_words(text), names_buyer
    if said_anew:
        review.edited_at = at
        _keep(review, at=at)
    review.save(update_fields=["score", "text", "names_buyer", "edited_at"])
    return review


def why_not_changed(review: Review, *, at: datetime) -> str:
    """The sentence for who may not change a review any more; empty when it may be changed."""
    if review.withdrawn_at is not None:
        return _("这条评价已经撤回。")
    if review.hidden_at is not None:
        return _("这条评价被隐藏了，不能再改。")
    if at - review.written_at > MAY_CHANGE:
        return _("写了超过 30 天，不能再改。")
    return ""


@transaction.atomic
def withdraw_review(*, code: str, at: datetime) -> Review:
    """The buyer takes it back, for good; it no longer counts. Asking again changes nothing."""
    review = Review.objects.select_for_update().get(code=code)
    if review.withdrawn_at is None:
        review.withdrawn_at = at
        review.save(update_fields=["withdrawn_at"])
    return review


@transaction.atomic
def answer_review(*, code: str, text: str, by: User, at: datetime) -> ReviewReply:
    """The shop answers once; answering again rewrites the answer and says when.

    Raises
    ------
    NotAllowed
        The buyer has withdrawn the review, or the answer was covered.
    BadInput
        There is nothing to read in it.
    """
    words = clean_words(text)
    if not words:
        raise BadInput(_("写上要回的话。"), field="text")
    review = Review.objects.select_for_update().get(code=code)
    if review.withdrawn_at is not None:
        raise NotAllowed(_("买家已经撤回这条评价。"))
    reply = ReviewReply.objects.filter(review=review).first()
    if reply is None:
        made = {"code": new_code("RE"), "text": words, "by": by, "at": at}
        return ReviewReply.objects.create(review=review, **made)
    if reply.hidden_at is not None:
        raise NotAllowed(_("这条回复被隐藏了，不能再改。"))
    if reply.text != words:
        reply.text, reply.by, reply.edited_at = words, by, at
        reply.save(update_fields=["text", "by", "edited_at"])
    return reply
