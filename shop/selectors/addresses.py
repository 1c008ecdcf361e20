"""Addresses a person keeps."""

from typing import Any

from django.db.models import QuerySet

from shop.models import SavedAddress


def addresses_of(user: Any) -> QuerySet[SavedAddress]:
    """A person's own, the default first; none for a visitor."""
    if not user.is_authenticated:
        return SavedAddress.objects.none()
    return SavedAddress.objects.filter(user=user)


def address_of(user: Any, *, code: str) -> SavedAddress | None:
    """One of a person's own addresses; anybody else's is not found."""
    return addresses_of(user).filter(code=code.strip().upper()[:16]).first()
