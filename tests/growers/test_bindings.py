"""Which shop takes whose produce, and binding and unbinding."""

from datetime import UTC, date, datetime

import pytest

from core.errors import BadInput, NotAllowed
from growers import selectors, services
from growers.models import Binding
from tests.factories.growers import (
    BindingFactory,
    HouseholdFactory,
    UserFactory,
    VillageShopFactory,
    make_township,
    make_village,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 8, 28)
NOON = datetime(2026, 8, 28, 4, 0, tzinfo=UTC)


def test_own_binding_goes_before_the_villages():
    village_shop, own_shop = VillageShopFactory(), VillageShopFactory()
    bound, by_village, free = (
        HouseholdFactory(village=village_shop.village),
        HouseholdFactory(village=village_shop.village),
        HouseholdFactory(),
    )
    BindingFactory(shop=village_shop, village=village_shop.village)
    BindingFactory(shop=own_shop, household=bound)

    found = selectors.bound_shop_at([bound.pk, by_village.pk, free.pk], DAY)

    assert found == {bound.pk: own_shop.pk, by_village.pk: village_shop.pk}
    assert list(selectors.bound_households(own_shop, DAY)) == [bound]
    assert list(selectors.bound_households(village_shop, DAY)) == [by_village]


def test_binding_holds_on_its_first_and_last_day_only():
    binding = BindingFactory(valid_from=date(2026, 8, 10), valid_to=date(2026, 8, 20))
    keys = [binding.household_id]

    bound = [bool(selectors.bound_shop_at(keys, date(2026, 8, day))) for day in (9, 10, 20, 21)]
    listed = [
        selectors.bound_households(binding.shop, date(2026, 8, day)).exists()
        for day in (9, 10, 20, 21)
    ]

    assert bound == listed == [False, True, True, False]


def test_closed_household_is_no_longer_listed_for_its_shop():
    household = HouseholdFactory(closed_on=date(2026, 8, 27))
    binding = BindingFactory(household=household)

    assert not selectors.bound_households(binding.shop, DAY).exists()
    assert selectors.bound_households(binding.shop, date(2026, 8, 27)).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_bound_shops_are_one_question(count, django_assert_num_queries):
    keys = [BindingFactory().household_id for _number in range(count)]

    with django_assert_num_queries(1):
        found = selectors.bound_shop_at(keys, DAY)

    assert len(found) == count


def test_bind_household_says_who_bound_it():
    operator, shop, household = UserFactory(), VillageShopFactory(), HouseholdFactory()

    binding = services.bind_household(shop=shop, household=household, on=DAY, by=operator, at=NOON)

    assert binding.kind == "many_households"
    written = binding.history.get()
    assert (written.history_user, written.history_date) == (operator, NOON)


def test_bind_household_twice_is_refused_until_the_first_ends():
    first, second, household = VillageShopFactory(), VillageShopFactory(), HouseholdFactory()
    facts = {"household": household, "by": None, "at": NOON}
    binding = services.bind_household(shop=first, on=DAY, **facts)

    with pytest.raises(NotAllowed, match=first.name):
        services.bind_household(shop=second, on=date(2026, 9, 1), **facts)
    services.end_binding(binding=binding, on=date(2026, 8, 31), reason="搬家", by=None, at=NOON)
    services.bind_household(shop=second, on=date(2026, 9, 1), **facts)

    assert selectors.bound_shop_at([household.pk], date(2026, 8, 31)) == {household.pk: first.pk}
    assert selectors.bound_shop_at([household.pk], date(2026, 9, 1)) == {household.pk: second.pk}


def test_bind_village_refuses_a_township_and_a_kind_about_households():
    shop = VillageShopFactory()
    facts = {"shop": shop, "on": DAY, "by": None, "at": NOON}

    with pytest.raises(BadInput) as township:
        services.bind_village(village=make_township(), kind="one_village", **facts)
    with pytest.raises(BadInput) as kind:
        services.bind_village(village=shop.village, kind="many_households", **facts)

    assert (township.value.field, kind.value.field) == ("village", "kind")
    assert not Binding.objects.exists()


def test_one_village_shop_takes_no_second_village():
    shop = VillageShopFactory()
    facts = {"shop": shop, "on": DAY, "by": None, "at": NOON}
    services.bind_village(village=shop.village, kind="one_village", **facts)

    for kind in ("one_village", "many_villages"):
        with pytest.raises(NotAllowed):
            services.bind_village(village=make_village(), kind=kind, **facts)

    assert Binding.objects.count() == 1


def test_many_villages_shop_takes_several_but_each_village_once():
    shop, other = VillageShopFactory(), VillageShopFactory()
    facts = {"kind": "many_villages", "on": DAY, "by": None, "at": NOON}
    first, second = make_village(), make_village()
    services.bind_village(shop=shop, village=first, **facts)
    services.bind_village(shop=shop, village=second, **facts)

    with pytest.raises(NotAllowed, match=shop.name):
        services.bind_village(shop=other, village=first, **facts)
    assert shop.bindings.count() == 2


def test_end_binding_needs_an_open_one_and_a_day_after_its_start():
    binding = BindingFactory(valid_from=DAY)
    facts = {"binding": binding, "reason": "搬家", "by": None, "at": NOON}

    with pytest.raises(NotAllowed):
        services.end_binding(on=date(2026, 8, 27), **facts)
    services.end_binding(on=DAY, **facts)
    with pytest.raises(NotAllowed):
        services.end_binding(on=DAY, **facts)

    assert Binding.objects.get().valid_to == DAY
