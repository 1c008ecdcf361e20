"""Setbacks as backers and the shop see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core import signing
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from core.units import from_fen
from payments.models import Payment
from shop.models import (
    SENT_IN_PART,
    Campaign,
    Listing,
    ListingState,
    Pledge,
    Purchase,
    Remedy,
    SeasonState,
    Setback,
    SetbackChoice,
    SetbackKind,
)

SALT = "shop.setback"
# What happens to those who choose nothing.
DEFAULTS: dict[str, Remedy] = {
    SetbackKind.PARTIAL: Remedy.PARTIAL,
    SetbackKind.DELAY: Remedy.WAIT,
    SetbackKind.FAILED: Remedy.REFUND,
}


def choose_path(setback_code: str, pledge_code: str) -> str:
    """A path of ours, told to one backer only: whoever has it may choose."""
    token = signing.Signer(salt=SALT).sign(f"{setback_code}.{pledge_code}")
    return reverse("shop:pledge_choose", args=[token])


def choice_of(token: str) -> SetbackChoice | None:
    """What the signed address is for; None when the signature is not ours."""
    try:
        setback, _dot, pledge = signing.Signer(salt=SALT).unsign(token).partition(".")
    except signing.BadSignature:
        return None
    return _choices().filter(setback__code=setback, pledge__code=pledge).first()


def _choices() -> QuerySet[SetbackChoice]:
    return SetbackChoice.objects.select_related(
        "setback__substitute__product",
        "pledge__campaign__listing__product",
        "pledge__campaign__listing__form__crop",
        "pledge__campaign__listing__variety",
        "pledge__campaign__listing__grade",
        "pledge__campaign__listing__shop",
        "pledge__order_link__order__purchase",
    )


@dataclass(frozen=True)
class ChoiceShown:
    """What one backer may choose, in figures."""

    row: SetbackChoice
    url: str
    is_open: bool
    keep: Decimal  # of the goods, when a part is sent
    back: Decimal  # then
    all: Decimal  # when everything is given back
    paid: Decimal
    refunded: Decimal
    credited: Decimal
    default: str

    @property
    def has_partial(self) -> bool:
        """Whether a part can be sent."""
        return self.row.setback.kind == SetbackKind.PARTIAL


def shown_choice(row: SetbackChoice, *, at: datetime) -> ChoiceShown:
    """What went back before does not go back again. One query."""
    left = _left_of(row.pledge)
    return ChoiceShown(
        row=row,
        url=choose_path(row.setback.code, row.pledge.code),
        is_open=not row.remedy and at < row.setback.choose_by,
        keep=from_fen(row.keep_fen),
        back=from_fen(min(row.goods_fen - row.keep_fen, left)),
        all=from_fen(min(row.goods_fen + row.carriage_fen, left)),
        paid=from_fen(row.goods_fen + row.carriage_fen),
        refunded=from_fen(row.refund_fen or 0),
        credited=from_fen(row.credit_fen),
        default=str(DEFAULTS[row.setback.kind].label),
    )


def _left_of(pledge: Pledge) -> int:
    """Fen that were paid for a pledge and are not given back."""
    codes = [pledge.payment_code, pledge.deposit_code]
    rows = Payment.objects.filter(code__in=[code for code in codes if code])
    return sum(row.left for row in rows)


def open_choice_of(pledge: Pledge, *, at: datetime) -> ChoiceShown | None:
    """The latest setback of a pledge, chosen or not; two queries, none where none can be."""
    if not pledge.way:
        return None
    row = _choices().filter(pledge=pledge).order_by("-pk").first()
    return shown_choice(row, at=at) if row is not None else None


def setbacks_of(campaign: Campaign) -> QuerySet[Setback]:
    """What was declared, the latest first, with how many chose what."""
    counted = {
        name: Count("choices", filter=Q(choices__remedy=value))
        for name, value in {
            "silent": "",
            "partial": Remedy.PARTIAL,
            "refund": Remedy.REFUND,
            "waiting": Remedy.WAIT,
            "credit": Remedy.CREDIT,
            "credit_all": Remedy.CREDIT_ALL,
        }.items()
    }
    rows: QuerySet[Setback] = Setback.objects.filter(campaign=campaign).annotate(**counted)
    return rows.select_related("declared_by")


def substitutes_for(campaign: Campaign) -> QuerySet[Listing]:
    """Other goods that the shop sells now, which may be given instead."""
    rows = Listing.objects.filter(shop=campaign.listing.shop_id, state=ListingState.PUBLISHED)
    sold_now = [SeasonState.IN_SEASON, SeasonState.LAST_WEEKS]
    return (
        rows.exclude(pk=campaign.listing_id)
        .filter(season_state__in=sold_now)
        .select_related("product", "form__crop", "variety", "grade")
    )


def sent_in_part(orders: Iterable[Purchase]) -> dict[int, int]:
    """Grams by order of those that are sent in part after a short harvest. One query."""
    link = "pledge__order_link__order__purchase"
    rows = SetbackChoice.objects.filter(remedy__in=SENT_IN_PART, **{f"{link}__in": list(orders)})
    return dict(rows.order_by("pk").values_list(f"{link}__pk", "keep_g"))


def weight_to_send(pledge: Pledge) -> int | None:
    """Grams of a pledge's order where only a part is sent; None where all is."""
    partly = SetbackChoice.objects.filter(pledge=pledge, remedy__in=SENT_IN_PART)
    return partly.order_by("-pk").values_list("keep_g", flat=True).first()
