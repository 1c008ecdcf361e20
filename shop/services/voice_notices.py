"""Telling people about what is said: how was it, and how is it going. Each message once.

A job reads what is due and writes the messages in one go; their keys make repeating harmless.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import override

from notices.models import Notice
from notices.services import NewNotice, send_notices
from shop.models import CampaignUpdate, Pledge, Purchase, PurchaseState, Review
from shop.services.telling import order_address
from shop.states import STANDING_PLEDGE
from shop.voice_wording import CAMPAIGN_UPDATE, HOW_WAS_IT

ASK_AFTER = timedelta(days=5)
ASK_BEFORE = timedelta(days=15)  # later nobody remembers
ASK_AT_ONCE = 2000
STANDING = list(STANDING_PLEDGE)
FEW_WORDS = 40
ASKED = "how_was_it:"


@transaction.atomic
def ask_how_it_was(*, at: datetime) -> int:
    """Ask the buyers of orders handed over some days ago, once each; return how many now."""
    return send_notices([_how_was_it(one) for one in to_ask(at=at)[:ASK_AT_ONCE]], at=at)


def to_ask(*, at: datetime) -> QuerySet[Purchase]:
    """Orders handed over some days ago whose buyer said nothing and was not asked."""
    said = Review.objects.filter(purchase=OuterRef("pk"))
    asked = Notice.objects.filter(key=Concat(Value(ASKED), OuterRef("code")))
    handed_over = Purchase.objects.filter(
        state=PurchaseState.DELIVERED,
        delivered_at__gt=at - ASK_BEFORE,
        delivered_at__lte=at - ASK_AFTER,
    )
    due = handed_over.exclude(Exists(said)).exclude(Exists(asked))
    return due.select_related("shop").order_by("delivered_at", "pk")


def _how_was_it(purchase: Purchase) -> NewNotice:
    with override(purchase.language):
        words = {
            "shop": purchase.shop.name,
            "code": purchase.code,
            "link": order_address(purchase.code),
        }
    key = f"{ASKED}{purchase.code}"
    return NewNotice(key, purchase.mobile, HOW_WAS_IT, words, purchase.language)


def tell_backers(*, at: datetime) -> int:
    """Tell the backers of each new update; return how many messages were written."""
    waiting = CampaignUpdate.objects.filter(told_at__isnull=True, at__lte=at).order_by("at", "pk")
    return sum(_tell_of(pk, at=at) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def _tell_of(pk: int, *, at: datetime) -> int:
    """Whoever marks the update first writes its messages; a covered one is told to nobody."""
    mine = CampaignUpdate.objects.filter(pk=pk, told_at__isnull=True)
    if not mine.update(told_at=at):
        return 0
    update = CampaignUpdate.objects.select_related(
        "campaign__listing__product",
        "campaign__listing__form__crop",
        "campaign__listing__variety",
        "campaign__listing__grade",
    ).get(pk=pk)
    if update.hidden_at is not None:
        return 0
    backers = Pledge.objects.filter(campaign=update.campaign, state__in=STANDING)
    by_number = {pledge.mobile: pledge for pledge in backers.order_by("-created_at", "-pk")}
    return send_notices([_went(update, pledge) for pledge in by_number.values()], at=at)


def _went(update: CampaignUpdate, pledge: Pledge) -> NewNotice:
    campaign = update.campaign
    with override(pledge.language):
        words = {
            "title": campaign.listing.title,
            "words": _short(update.text),
            "link": f"{reverse('shop:campaign', args=[campaign.code])}#updates",
        }
    key = f"update:{update.code}:{pledge.code}"  # a key is no place for a number
    return NewNotice(key, pledge.mobile, CAMPAIGN_UPDATE, words, pledge.language)


def _short(text: str) -> str:
    """The first words, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= FEW_WORDS else f"{line[:FEW_WORDS]}…"
