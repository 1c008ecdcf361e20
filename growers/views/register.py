"""The register as helpers and officials see it; every look at a household is logged."""

import secrets
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import clock
from core.clock import day_of
from core.errors import BadInput, NotAllowed
from core.http import page_of
from growers import selectors, services
from growers.access import role_required
from growers.forms import HouseholdFilterForm, PurposeForm
from growers.models import AccessKind, Household, User
from growers.services.identity import mask_name

LAST_LOOKS = 50
PIN_DIGITS = 6


@never_cache
@role_required("helper", "official", "auditor")
def households(request: HttpRequest) -> HttpResponse:
    """The households of the person's region, by township or code."""
    at, user = clock.now(), _person(request)
    on = day_of(at)
    form = HouseholdFilterForm(request.GET or None, townships=selectors.watched_townships(user, on))
    page = page_of(request, _found(form, selectors.watched_households(user, on)))
    shown = list(page.object_list)
    names = services.read_masked_names(
        households=shown, by=user, purpose=gettext_noop("查看名单"), at=at
    )
    rows = [(row, names.get(row.household.pk, "")) for row in selectors.register_rows(shown, on)]
    query = request.GET.copy()
    query.pop("page", None)
    context = {"form": form, "page": page, "rows": rows, "query": query.urlencode()}
    return render(request, "growers/households.html", context)


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _found(form: HouseholdFilterForm, seen: QuerySet[Household]) -> QuerySet[Household]:
    if not form.is_bound or not form.is_valid():
        return seen
    township, code = form.cleaned_data["township"], form.cleaned_data["code"]
    if township is not None:
        seen = seen.filter(village__parent=township)
    return seen.filter(code__icontains=code.strip()) if code else seen


@never_cache
@role_required("helper", "official", "auditor")
def household(request: HttpRequest, code: str) -> HttpResponse:
    """One household; its identity opens only after saying why."""
    at, user = clock.now(), _person(request)
    seen = get_object_or_404(selectors.watched_households(user, day_of(at)), code=code)
    may_read = bool(selectors.roles_of(user, day_of(at)) & {"helper", "official"})
    form, identity = _opened(request, seen, user=user, may_read=may_read, at=at)
    services.log_access(
        households=[seen],
        what=AccessKind.RECORD,
        purpose=gettext_noop("查看档案"),
        by=user,
        at=at,
        once_a_day=True,
    )
    context = {
        "household": seen,
        "form": form,
        "identity": identity,
        "head_name": mask_name(seen.identity.head_name),
        "may_read": may_read,
        "members": _members(seen, clear=identity is not None),
        "statuses": selectors.status_history(seen),
        "plots": seen.plots.select_related("village"),
        "bindings": selectors.bindings_of(seen),
        "looks": selectors.looks_at(seen, most=LAST_LOOKS),
    }
    return render(request, "growers/household.html", context)


@never_cache
@require_POST
@role_required("helper", "official")
def card(request: HttpRequest, code: str) -> HttpResponse:
    """A new card with a drawn PIN, shown this once; the old PIN stops working."""
    at, user = clock.now(), _person(request)
    seen = get_object_or_404(selectors.watched_households(user, day_of(at)), code=code)
    pin = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"
    services.issue_card(household=seen, pin=pin, at=at, by=user)
    return render(request, "growers/card.html", {"household": seen, "pin": pin})


def _opened(
    request: HttpRequest, household: Household, *, user: User, may_read: bool, at: datetime
) -> tuple[PurposeForm, services.Identity | None]:
    form = PurposeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return form, None
    if not may_read:
        raise Http404
    try:
        purpose = form.cleaned_data["purpose"]
        return form, services.read_identity(household=household, by=user, purpose=purpose, at=at)
    except (BadInput, NotAllowed) as error:
        form.add_error("purpose", str(error))
        return form, None


def _members(household: Household, *, clear: bool) -> list[tuple[str, str, object, object]]:
    people = household.members.order_by("joined_on", "pk")
    return [
        (
            person.name if clear else mask_name(person.name),
            person.relation,
            person.joined_on,
            person.left_on,
        )
        for person in people
    ]
