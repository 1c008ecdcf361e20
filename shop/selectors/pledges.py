"""Reservations, and who may see them."""

from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from growers.models import User
from shop.models import Pledge, PledgeState

# Waiting for the deadline, become an order, come to nothing.
PLEDGE_GROUPS: dict[str, tuple[PledgeState, ...]] = {
    "active": (PledgeState.PENDING, PledgeState.ACTIVE, PledgeState.DUE),
    "ordered": (PledgeState.ORDERED,),
    "ended": (
        PledgeState.CANCELLED,
        PledgeState.EXPIRED,
        PledgeState.LAPSED,
        PledgeState.TO_RELEASE,
        PledgeState.RELEASED,
        PledgeState.REFUNDING,
        PledgeState.REFUNDED,
        PledgeState.CREDITED,
    ),
}


def _with_facts() -> QuerySet[Pledge]:
    return Pledge.objects.select_related(
        "campaign__listing__product",
        "campaign__listing__form__crop",
        "campaign__listing__variety",
        "campaign__listing__grade",
        "campaign__listing__shop",
        "station",
        "order_link__order__purchase",
    )


def pledges_of(user: User, *, group: str = "") -> QuerySet[Pledge]:
    """A person's own reservations, the newest first; all, or one of ``PLEDGE_GROUPS``."""
    own = _with_facts().filter(user=user).order_by("-created_at", "-pk")
    return own.filter(state__in=PLEDGE_GROUPS[group]) if group in PLEDGE_GROUPS else own


def pledge_counts(user: User) -> dict[str, int]:
    """How many reservations a person has in each group, and in all under ``""``. One query."""
    rows = Pledge.objects.filter(user=user).order_by().values("state")
    by_state = {row["state"]: row["n"] for row in rows.annotate(n=Count("pk"))}
    counts = {key: sum(by_state.get(one, 0) for one in ones) for key, ones in PLEDGE_GROUPS.items()}
    return {"": sum(by_state.values()), **counts}


def pledges_seen_by(*, user: User | None, shown_codes: Collection[str]) -> QuerySet[Pledge]:
    """What a visitor may see: own reservations, and those whose code and mobile he gave.

    ``shown_codes`` are the codes his session holds.
    """
    mine = Q(code__in=list(shown_codes))
    if user is not None:
        mine |= Q(user=user)
    return _with_facts().filter(mine)


def pledge_by_mobile(*, code: str, mobile: str) -> Pledge | None:
    """The reservation with this code, if it was made with this mobile number."""
    return Pledge.objects.filter(code=code.strip().upper(), mobile=mobile).first()
