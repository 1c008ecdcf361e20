"""Registering households and giving them dated status."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.codes import new_code
from core.errors import BadInput, NotAllowed
from growers.models import (
    Cooperative,
    Household,
    HouseholdIdentity,
    HouseholdMember,
    HouseholdStatus,
    Region,
    RegionLevel,
    TierRule,
    User,
)
from growers.models.scope import valid_on
from growers.services.signing import save_signed


@dataclass(frozen=True)
class NewMember:
    """A person of a household to be registered; the relation is to its head."""

    name: str
    relation: str


@transaction.atomic
def register_household(
    *,
    village: Region,
    head_name: str,
    members: Sequence[NewMember],
    cooperative: Cooperative | None,
    on: date,
    by: User | None,
    at: datetime,
    phone: str = "",
    address: str = "",
    account: str = "",
) -> Household:
    """Put a household with its people on the register from ``on``; its code is drawn.

    Raises
    ------
    BadInput
        The place is not a village, the head has no name, or nobody lives there.
    """
    _check_registration(village=village, head_name=head_name, members=members)
    household = Household(
        code=new_code("HH"), village=village, cooperative=cooperative, registered_on=on
    )
    save_signed(household, by=by, at=at, reason=gettext_noop("登记"))
    HouseholdIdentity.objects.create(
        household=household,
        head_name=head_name.strip(),
        phone=phone.strip(),
        address=address.strip(),
        account=account.strip(),
    )
    HouseholdMember.objects.bulk_create(
        HouseholdMember(
            household=household, name=person.name.strip(), relation=person.relation, joined_on=on
        )
        for person in members
    )
    return household


def _check_registration(*, village: Region, head_name: str, members: Sequence[NewMember]) -> None:
    if village.level != RegionLevel.VILLAGE:
        raise BadInput(_("“%s”不是村，种植户要登记在村里。") % village, field="village")
    if not head_name.strip():
        raise BadInput(_("户主的姓名不能空着。"), field="head_name")
    if not members or not all(person.name.strip() for person in members):
        raise BadInput(_("至少登记一位家庭成员，姓名不能空着。"), field="members")


@transaction.atomic
def set_status(
    *,
    household: Household,
    scheme: str,
    category: str,
    on: date,
    source: str,
    reason: str,
    by: User | None,
    at: datetime,
) -> HouseholdStatus:
    """Let a household count as a category from ``on``; the status open so far ends the day before.

    Raises
    ------
    BadInput
        The scheme has no such category on that day, or source or reason is missing.
    NotAllowed
        The household already has a status that starts on or runs past that day.
    """
    _check_status(scheme=scheme, category=category, on=on, source=source, reason=reason)
    Household.objects.select_for_update().get(pk=household.pk)
    _close_open_status(household, on=on, reason=reason, by=by, at=at)
    status = HouseholdStatus(
        household=household, scheme=scheme, category=category, valid_from=on, source=source.strip()
    )
    return save_signed(status, by=by, at=at, reason=reason)


def _check_status(*, scheme: str, category: str, on: date, source: str, reason: str) -> None:
    rules = TierRule.objects.filter(valid_on(on), scheme=scheme, category=category)
    if not rules.exists():
        raise BadInput(_("%(on)s 的办法里没有这一类，先看看日期。") % {"on": on}, field="category")
    if not source.strip():
        raise BadInput(_("写明依据哪份文件或名单。"), field="source")
    if not reason.strip():
        raise BadInput(_("写明为什么改。"), field="reason")


def _close_open_status(
    household: Household, *, on: date, reason: str, by: User | None, at: datetime
) -> None:
    last = household.statuses.order_by("valid_from").last()
    if last is None:
        return
    if last.valid_from >= on or (last.valid_to is not None and last.valid_to >= on):
        until = last.valid_to or last.valid_from
        text = _("%(code)s 到 %(until)s 已有记录，新的要从更晚的一天起。")
        raise NotAllowed(text % {"code": household.code, "until": until})
    if last.valid_to is None:
        last.valid_to = on - timedelta(days=1)
        save_signed(last, by=by, at=at, reason=reason)
