"""Binding households and villages to the shop that takes their produce (一店带多户／一村／多村)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import BadInput, NotAllowed
from growers.models import (
    Binding,
    BindingKind,
    Household,
    Region,
    RegionLevel,
    User,
    VillageShop,
)
from growers.services.signing import save_signed


def _running_past(bindings: QuerySet[Binding], on: date) -> Binding | None:
    still = bindings.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    return still.select_related("shop").first()


def _refuse_bound(name: str, found: Binding | None) -> None:
    if found is not None:
        text = _("%(name)s 已经和%(shop)s绑定，先结束那一条。")
        raise NotAllowed(text % {"name": name, "shop": found.shop})


@transaction.atomic
def bind_household(
    *,
    shop: VillageShop,
    household: Household,
    on: date,
    by: User | None,
    at: datetime,
    weight_cap_g_per_week: int | None = None,
) -> Binding:
    """Let a shop take one household's produce from ``on``; this goes before its village's shop.

    Raises
    ------
    NotAllowed
        Another binding of the household runs on or after that day.
    """
    locked = Household.objects.select_for_update().get(pk=household.pk)
    _refuse_bound(locked.code, _running_past(locked.bindings.all(), on))
    binding = Binding(
        shop=shop,
        kind=BindingKind.MANY_HOUSEHOLDS,
        household=locked,
        valid_from=on,
        weight_cap_g_per_week=weight_cap_g_per_week,
    )
    return save_signed(binding, by=by, at=at)


@transaction.atomic
def bind_village(
    *,
    shop: VillageShop,
    village: Region,
    kind: str,
    on: date,
    by: User | None,
    at: datetime,
    weight_cap_g_per_week: int | None = None,
) -> Binding:
    """Let a shop take a whole village's produce from ``on``, as its only village or one of many.

    Raises
    ------
    BadInput
        The place is not a village, or the kind is not about villages.
    NotAllowed
        The village is bound on or after that day, or the shop's one-village binding is in the way.
    """
    if village.level != RegionLevel.VILLAGE:
        raise BadInput(_("“%s”不是村。") % village, field="village")
    if kind not in {BindingKind.ONE_VILLAGE, BindingKind.MANY_VILLAGES}:
        raise BadInput(_("按村绑定只能选“一店带一村”或“一店带多村”。"), field="kind")
    Region.objects.select_for_update().get(pk=village.pk)
    VillageShop.objects.select_for_update().get(pk=shop.pk)
    _refuse_bound(village.name, _running_past(village.bindings.all(), on))
    _check_one_village(shop, kind=kind, on=on)
    binding = Binding(
        shop=shop,
        kind=kind,
        village=village,
        valid_from=on,
        weight_cap_g_per_week=weight_cap_g_per_week,
    )
    return save_signed(binding, by=by, at=at)


def _check_one_village(shop: VillageShop, *, kind: str, on: date) -> None:
    others = shop.bindings.filter(village__isnull=False)
    if kind == BindingKind.MANY_VILLAGES:
        others = others.filter(kind=BindingKind.ONE_VILLAGE)
    if _running_past(others, on) is not None:
        raise NotAllowed(_("%s 是“一店带一村”，不能再带别的村。") % shop)


@transaction.atomic
def end_binding(
    *, binding: Binding, on: date, reason: str, by: User | None, at: datetime
) -> Binding:
    """Make ``on`` the last day of a binding.

    Raises
    ------
    NotAllowed
        The binding starts later, or ended already.
    """
    locked = Binding.objects.select_for_update().get(pk=binding.pk)
    if locked.valid_to is not None:
        raise NotAllowed(_("这一条绑定在 %s 就结束了。") % locked.valid_to)
    if on < locked.valid_from:
        raise NotAllowed(_("这一条绑定从 %s 才开始。") % locked.valid_from)
    locked.valid_to = on
    return save_signed(locked, by=by, at=at, reason=reason)
