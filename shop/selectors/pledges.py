"""Reservations, and who may see them."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from growers.models import User
from shop.models import Pledge


def _with_facts() -> QuerySet[Pledge]:
    return Pledge.objects.select_related(
        "campaign__listing__product",
        "campaign__listing__form__crop",
        "campaign__listing__shop",
        "station",
        "order_link__order__purchase",
    )


def pledges_of(user: User) -> QuerySet[Pledge]:
    """A person's own reservations, the newest first."""
    return _with_facts().filter(user=user).order_by("-created_at", "-pk")


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
