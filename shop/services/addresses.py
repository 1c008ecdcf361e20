"""Keeping, changing and forgetting addresses; one of a person's is the default."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.codes import new_code
from core.errors import NotAllowed
from growers.models import User
from shop.contact import Contact, Fulfilment
from shop.models import SavedAddress

MOST_ADDRESSES = 20


def _facts(contact: Contact, place: Fulfilment) -> dict[str, str]:
    return {
        "name": contact.name,
        "mobile": contact.mobile,
        "province_code": place.province_code,
        "county_code": place.county_code,
        "city": place.city,
        "address": place.address,
    }


def _mine(user: User) -> list[SavedAddress]:
    """A person's addresses, the person locked so that two tabs agree on the default."""
    User.objects.select_for_update().get(pk=user.pk)
    return list(SavedAddress.objects.filter(user=user))


@transaction.atomic
def keep_address(
    *, user: User, contact: Contact, place: Fulfilment, is_default: bool = False, at: datetime
) -> SavedAddress:
    """Keep an address; the same one again is the one there is. The first becomes the default.

    Raises
    ------
    NotAllowed
        When a person would keep more than twenty.
    """
    mine = _mine(user)
    facts = _facts(contact, place)
    kept = next((one for one in mine if _same(one, facts)), None)
    if kept is None:
        if len(mine) >= MOST_ADDRESSES:
            raise NotAllowed(_("最多记 %(most)d 个地址，先删掉不用的。") % {"most": MOST_ADDRESSES})
        kept = SavedAddress(code=new_code("AD"), user=user, **facts)
    kept.used_at = at
    kept.save()
    if is_default or not mine:
        _make_default(kept)
    return kept


def _same(kept: SavedAddress, facts: dict[str, str]) -> bool:
    return all(getattr(kept, name) == value for name, value in facts.items() if name != "city")


@transaction.atomic
def change_address(
    *, kept: SavedAddress, contact: Contact, place: Fulfilment, is_default: bool, at: datetime
) -> SavedAddress:
    """Write an address anew; changed into another that is kept, the two become one."""
    facts = _facts(contact, place)
    twins = [one for one in _mine(kept.user) if one.pk != kept.pk and _same(one, facts)]
    is_default = is_default or kept.is_default or any(one.is_default for one in twins)
    SavedAddress.objects.filter(pk__in=[one.pk for one in twins]).delete()
    for name, value in facts.items():
        setattr(kept, name, value)
    kept.used_at = at
    kept.save()
    if is_default:
        _make_default(kept)
    return kept


@transaction.atomic
def forget_address(*, kept: SavedAddress) -> None:
    """Delete an address; the one used last takes over as the default."""
    mine = _mine(kept.user)
    SavedAddress.objects.filter(pk=kept.pk).delete()
    left = [one for one in mine if one.pk != kept.pk]
    if left and not any(one.is_default for one in left):
        _make_default(max(left, key=lambda one: (one.used_at, one.pk)))


@transaction.atomic
def prefer_address(*, kept: SavedAddress) -> None:
    """Make an address the default."""
    _mine(kept.user)
    _make_default(kept)


def _make_default(kept: SavedAddress) -> None:
    SavedAddress.objects.filter(user=kept.user, is_default=True).exclude(pk=kept.pk).update(
        is_default=False
    )
    SavedAddress.objects.filter(pk=kept.pk).update(is_default=True)
    kept.is_default = True
