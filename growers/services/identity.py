"""Reading who a household is; every reading leaves a line that the household can see."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.clock import day_of, start_of
from core.errors import BadInput, NotAllowed
from growers.models import AccessEvent, AccessKind, Household, HouseholdIdentity, User
from growers.models.scope import scope_of

# A shop operator and a station keeper work with codes; an auditor reads records, not people.
IDENTITY_ROLES = frozenset({"household", "helper", "official", "planner", "approver"})
PAYING_ROLES = frozenset({"approver"})
MASKED_ROLES = frozenset({"helper", "official", "auditor"})


@dataclass(frozen=True)
class Identity:
    """Who a household is, in clear."""

    head_name: str
    phone: str
    address: str
    account: str


@dataclass(frozen=True)
class Payee:
    """Whom a bank pays, in clear."""

    head_name: str
    account: str


def mask_name(name: str) -> str:
    """A name that shows its first character only.

    >>> mask_name("王建国")
    '王**'
    """
    return name[:1] + "*" * max(1, len(name) - 1)


@transaction.atomic
def read_identity(*, household: Household, by: User, purpose: str, at: datetime) -> Identity:
    """Open a household's sealed identity for a stated purpose; logged unless it is one's own.

    Raises
    ------
    BadInput
        No purpose is given.
    NotAllowed
        This person has no role that may read it.
    """
    if not purpose.strip():
        raise BadInput(_("写明为什么要看。"), field="purpose")
    _require(by, [household], roles=IDENTITY_ROLES, at=at)
    sealed = HouseholdIdentity.objects.get(household=household)
    own = scope_of(by, day_of(at), roles=frozenset({"household"})).households
    if household.pk not in own:
        log_access(households=[household], what=AccessKind.IDENTITY, purpose=purpose, by=by, at=at)
    return Identity(
        head_name=sealed.head_name,
        phone=sealed.phone,
        address=sealed.address,
        account=sealed.account,
    )


@transaction.atomic
def read_payees(
    *, households: Collection[Household], by: User, purpose: str, at: datetime
) -> dict[int, Payee]:
    """Household → who is paid and on which account, for a bank; every household's log says so.

    Raises
    ------
    NotAllowed
        One of the households is not this person's to read.
    """
    _require(by, households, roles=PAYING_ROLES, at=at)
    log_access(households=households, what=AccessKind.EXPORT, purpose=purpose, by=by, at=at)
    sealed = HouseholdIdentity.objects.filter(household__in=households)
    return {row.household_id: Payee(row.head_name, row.account) for row in sealed}


@transaction.atomic
def read_masked_names(
    *, households: Collection[Household], by: User, purpose: str, at: datetime
) -> dict[int, str]:
    """Household → masked name of its head; logged once a day for each household and reader.

    Raises
    ------
    NotAllowed
        One of the households is not this person's to read.
    """
    _require(by, households, roles=MASKED_ROLES, at=at)
    log_access(
        households=households,
        what=AccessKind.LIST,
        purpose=purpose,
        by=by,
        at=at,
        once_a_day=True,
    )
    sealed = HouseholdIdentity.objects.filter(household__in=households)
    return {row.household_id: mask_name(row.head_name) for row in sealed}


def log_access(
    *,
    households: Collection[Household],
    what: str,
    purpose: str,
    by: User | None,
    at: datetime,
    once_a_day: bool = False,
) -> None:
    """Write that somebody read or exported these households' data."""
    known: set[int] = set()
    if once_a_day:
        today = AccessEvent.objects.filter(
            household__in=households, user=by, what=what, at__gte=start_of(day_of(at))
        )
        known = set(today.order_by().values_list("household_id", flat=True))
    AccessEvent.objects.bulk_create(
        AccessEvent(household=household, user=by, what=what, purpose=purpose.strip()[:120], at=at)
        for household in households
        if household.pk not in known
    )


def _require(
    by: User, households: Collection[Household], *, roles: frozenset[str], at: datetime
) -> None:
    on = day_of(at)
    keys = {household.pk for household in households}
    scope = scope_of(by, on, roles=roles)
    seen = Household.objects.filter(Household.objects.all().visible_to(scope, on), pk__in=keys)
    if seen.count() != len(keys):
        raise NotAllowed(_("您没有查看这户资料的权限。"))
