"""People who sign in, their roles, and households' cards."""

import re
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.errors import BadInput, NotAllowed
from core.mobile import plain_mobile
from growers.models import (
    AccessKind,
    Cooperative,
    Household,
    Membership,
    Region,
    Role,
    Station,
    User,
    VillageShop,
)
from growers.models.scope import valid_on
from growers.services.identity import log_access
from growers.services.signing import save_signed

PIN = re.compile(r"[0-9]{6}")
SCOPE_FIELDS = {
    Household: "household",
    VillageShop: "shop",
    Station: "station",
    Cooperative: "cooperative",
    Region: "region",
}
Thing = Household | VillageShop | Station | Cooperative | Region


def create_person(*, mobile: str, password: str, name: str, at: datetime | None = None) -> User:
    """A person who signs in with a mobile number; ``at`` is when they joined.

    Raises
    ------
    BadInput
        The number is not one of a mobile phone, or somebody has it already.
    """
    number = plain_mobile(mobile)
    person = User(username=number, mobile=number, display_name=name.strip())
    person.set_password(password)
    if at is not None:
        person.date_joined = at
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise BadInput(_("这个手机号已经有人用了。"), field="mobile") from None
    return person


@transaction.atomic
def give_role(
    *, user: User, role: str, thing: Thing, on: date, by: User | None, at: datetime
) -> Membership:
    """Let a person hold a role for one household, shop, station, cooperative or region.

    Raises
    ------
    NotAllowed
        The person holds that role for it already.
    BadInput
        The role is not for a thing of that kind.
    """
    scope = {SCOPE_FIELDS[type(thing)]: thing}
    held = Membership.objects.filter(valid_on(on), user=user, role=role, **scope)
    if held.exists():
        raise NotAllowed(_("%s 已经有这个身份了。") % user)
    membership = Membership(user=user, role=role, valid_from=on, **scope)
    try:
        with transaction.atomic():
            return save_signed(membership, by=by, at=at)
    except IntegrityError:
        raise BadInput(_("这个身份不能用在这里。"), field="role") from None


@transaction.atomic
def end_role(
    *, membership: Membership, on: date, reason: str, by: User | None, at: datetime
) -> Membership:
    """Take a role away from ``on``; the day before is its last.

    Raises
    ------
    NotAllowed
        The role has ended already.
    """
    locked = Membership.objects.select_for_update().get(pk=membership.pk)
    if locked.valid_to is not None and locked.valid_to < on:
        raise NotAllowed(_("这个身份在 %s 就结束了。") % locked.valid_to)
    locked.valid_to = on - timedelta(days=1)
    return save_signed(locked, by=by, at=at, reason=reason)


@transaction.atomic
def issue_card(*, household: Household, pin: str, at: datetime, by: User | None) -> User:
    """Let a household sign in with its card code and this PIN; a new PIN replaces the old.

    Raises
    ------
    BadInput
        The PIN is not six digits.
    """
    if not PIN.fullmatch(pin):
        raise BadInput(_("密码要 6 位数字。"), field="pin")
    person = _card_person(household, at=at)
    person.set_password(pin)
    person.save()
    held = Membership.objects.filter(user=person, role=Role.HOUSEHOLD, household=household)
    if not held.exists():
        membership = Membership(
            user=person,
            role=Role.HOUSEHOLD,
            household=household,
            valid_from=household.registered_on,
        )
        save_signed(membership, by=by, at=at, reason=gettext_noop("发卡"))
    log_access(
        households=[household], what=AccessKind.CARD, purpose=gettext_noop("发卡"), by=by, at=at
    )
    return person


def _card_person(household: Household, *, at: datetime) -> User:
    found = User.objects.select_for_update().filter(username=household.code).first()
    return found or User(
        username=household.code,
        display_name=gettext_noop("种植户 %s") % household.code,
        date_joined=at,
    )
