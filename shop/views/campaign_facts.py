"""What a link to a campaign shows elsewhere, and its facts for search engines."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from core.clock import day_of
from core.drawings import drawing_for
from core.templatetags.shanhuo import day_range, yuan
from shop import structured
from shop.selectors.campaign_page import CampaignPage
from shop.structured import Card, Rating


def facts_of(request: HttpRequest, page: CampaignPage) -> dict[str, Any]:
    """``card`` and ``structured`` for the page's head."""
    card = _card(request, page)
    average = page.reviews.average
    rating = Rating(average, page.reviews.count) if average is not None else None
    facts = [
        structured.product(page.listing, card=card, offer=_offer(page, card), rating=rating),
        structured.crumbs(
            [
                (_("预售"), request.build_absolute_uri(reverse("shop:campaigns"))),
                (card.title, card.url),
            ]
        ),
    ]
    return {"card": card, "structured": structured.as_script(facts)}


def _card(request: HttpRequest, page: CampaignPage) -> Card:
    one = page.campaign
    first = page.pictures[0].image.url if page.pictures else static(drawing_for(page.crop.key))
    about = _("%(place)s，%(price)s，%(days)s发货。约够了才成团，没成团一分不收。") % {
        "place": page.place,
        "price": yuan(one.price),
        "days": day_range(one.promised_from_on, one.promised_to_on),
    }
    return Card(
        url=request.build_absolute_uri(reverse("shop:campaign", args=[one.code])),
        title=_("%(title)s 预售") % {"title": page.listing.title},
        description=about,
        image=request.build_absolute_uri(first),
        price=one.price,
    )


def _offer(page: CampaignPage, card: Card) -> structured.Facts:
    can_reserve = page.is_open and page.progress.packs_left > 0
    return structured.offer(
        page.listing,
        url=card.url,
        price=page.campaign.price,
        availability="PreOrder" if can_reserve else "SoldOut",
        starts_on=page.campaign.promised_from_on,
        until=day_of(page.campaign.deadline_at),
    )
