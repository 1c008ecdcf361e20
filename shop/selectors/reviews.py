"""What buyers said, as everybody reads it, and what a buyer may still say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.core.paginator import Paginator
from django.db.models import Avg, Count, Prefetch, Q, QuerySet
from django.utils.functional import cached_property

from shop.divisions import shown_name
from shop.models import (
    FulfilmentKind,
    Listing,
    ListingState,
    Purchase,
    PurchaseState,
    Review,
    ReviewReply,
    Score,
)

FEW = 4
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Reply:
    """The shop's answer; ``hidden`` is the reason it is covered."""

    code: str
    text: str
    at: datetime
    edited_at: datetime | None
    hidden: str


@dataclass(frozen=True)
class ReviewRow:
    """One review; ``surname`` is empty where it is kept back, ``hidden`` is why it is covered."""

    code: str
    score: int
    word: str
    text: str
    surname: str
    place: str
    at_station: bool
    at: datetime
    edited_at: datetime | None
    hidden: str
    reply: Reply | None


@dataclass(frozen=True)
class Bar:
    """How many gave one score."""

    score: int
    word: str
    count: int
    percent: int


@dataclass(frozen=True)
class ReviewPage:
    """A listing's reviews: the figures of all, the rows of some."""

    count: int
    average: Decimal | None
    bars: Sequence[Bar]
    hidden: int
    rows: Sequence[ReviewRow]


def reviewed_listings() -> QuerySet[Listing]:
    """Listings whose reviews everybody may read; what is taken off the shelf keeps them."""
    rows = Listing.objects.exclude(state=ListingState.DRAFT)
    return rows.select_related("product", "form__crop", "variety", "grade", "origin", "shop")


def public_reviews(listing: Listing) -> QuerySet[Review]:
    """Reviews that count, covered ones too, the newest first."""
    rows = Review.objects.filter(listing=listing, withdrawn_at__isnull=True)
    return rows.select_related("purchase", "reply").order_by("-written_at", "-pk")


def reviews_of(listing: Listing, *, most: int = FEW) -> ReviewPage:
    """The figures and the newest few; two queries, one where there is none yet."""
    figures = figures_of(listing)
    rows = shown(public_reviews(listing)[:most]) if figures.count else []
    return ReviewPage(figures.count, figures.average, figures.bars, figures.hidden, rows)


def figures_of(listing: Listing) -> ReviewPage:
    """How many gave which score, and how many are covered; one query."""
    tally = {f"n{score}": Count("pk", filter=Q(score=score)) for score in Score.values}
    found = Review.objects.filter(listing=listing, withdrawn_at__isnull=True).aggregate(
        count=Count("pk"),
        average=Avg("score"),
        hidden=Count("pk", filter=Q(hidden_at__isnull=False)),
        **tally,
    )
    count = found["count"]
    bars = [
        Bar(score, str(label), found[f"n{score}"], _share(found[f"n{score}"], count))
        for score, label in Score.choices
    ]
    return ReviewPage(count, _tenths(found["average"]), bars, found["hidden"], [])


def _share(part: int, whole: int) -> int:
    return round(part * 100 / whole) if whole else 0


def _tenths(average: float | None) -> Decimal | None:
    if average is None:
        return None
    return Decimal(str(average)).quantize(TENTH, rounding=ROUND_HALF_UP)


class CountedPages(Paginator[Review]):
    """Pages of rows whose number is known already."""

    def __init__(self, rows: QuerySet[Review], per_page: int, *, count: int) -> None:
        super().__init__(rows, per_page)
        self.known = count

    @cached_property
    def count(self) -> int:
        return self.known


def shown(reviews: Iterable[Review]) -> list[ReviewRow]:
    """Rows of reviews that came with purchase and reply; asks nothing more."""
    return [_row(review) for review in reviews]


def _row(review: Review) -> ReviewRow:
    bought = review.purchase
    at_station = bought.fulfilment == FulfilmentKind.COLLECT
    return ReviewRow(
        code=review.code,
        score=review.score,
        word=str(Score(review.score).label),
        text="" if review.hidden_at else review.text,
        surname=bought.name.strip()[:1] if review.names_buyer else "",
        place="" if at_station else shown_name(bought.province_code),
        at_station=at_station,
        at=review.written_at,
        edited_at=review.edited_at,
        hidden=review.hidden_reason,
        reply=_reply(getattr(review, "reply", None)),
    )


def _reply(reply: ReviewReply | None) -> Reply | None:
    if reply is None:
        return None
    text = "" if reply.hidden_at else reply.text
    return Reply(reply.code, text, reply.at, reply.edited_at, reply.hidden_reason)


# What a buyer may still say ---------------------------------------------------------------


@dataclass(frozen=True)
class ReviewLink:
    """One thing of an order and its review, if it was written."""

    listing: Listing
    review: Review | None

    @property
    def state(self) -> str:
        """write, written or withdrawn."""
        if self.review is None:
            return "write"
        return "withdrawn" if self.review.withdrawn_at else "written"


def review_links(purchase: Purchase) -> list[ReviewLink]:
    """What can be reviewed in an order; nothing before it is handed over. Two queries."""
    if purchase.state != PurchaseState.DELIVERED:
        return []
    mine = Review.objects.filter(purchase=purchase).select_related("reply")
    rows = listings_in(purchase).prefetch_related(Prefetch("reviews", mine, to_attr="mine"))
    return [ReviewLink(one, next(iter(one.mine), None)) for one in rows]


def listings_in(purchase: Purchase) -> QuerySet[Listing]:
    """What was bought in an order, in its order."""
    rows = Listing.objects.filter(product__line__order=purchase.order_id)
    facts = rows.select_related("product", "form__crop", "variety", "grade", "shop")
    return facts.order_by("product__line__pk")
