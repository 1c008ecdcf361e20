"""Which shop takes whose produce on a day."""

from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from growers.models import Binding, Household, VillageShop
from growers.models.scope import valid_on
from growers.selectors.policy import HouseholdIds


def bound_shop_at(household_ids: HouseholdIds, on: date) -> dict[int, int]:
    """Household → shop: the household's own binding first, then its village's."""
    newest = Binding.objects.filter(valid_on(on)).order_by("-valid_from", "pk")
    own = newest.filter(household=OuterRef("pk")).values("shop_id")[:1]
    village = newest.filter(village=OuterRef("village_id")).values("shop_id")[:1]
    shop = Coalesce(Subquery(own), Subquery(village))
    found = Household.objects.filter(pk__in=household_ids).annotate(bound_shop_id=shop)
    bound = found.filter(bound_shop_id__isnull=False).order_by()
    return dict(bound.values_list("pk", "bound_shop_id"))


def bound_households(shop: VillageShop, on: date) -> QuerySet[Household]:
    """Households whose produce the shop takes on a day, by code."""
    return Household.objects.bound_to(VillageShop.objects.filter(pk=shop.pk), on)
