"""Each factory makes a row the database accepts."""

import pytest

from tests.factories import growers as rows


@pytest.mark.django_db
@pytest.mark.parametrize(
    "factory",
    [
        rows.RegionFactory,
        rows.UserFactory,
        rows.CooperativeFactory,
        rows.PlanningAreaFactory,
        rows.HubFactory,
        rows.StationFactory,
        rows.StationHubFactory,
        rows.VillageShopFactory,
        rows.HouseholdFactory,
        rows.HouseholdStatusFactory,
        rows.TierRuleFactory,
        rows.PovertyLineFactory,
        rows.LandPlotFactory,
        rows.BindingFactory,
        rows.MembershipFactory,
        rows.AccessEventFactory,
    ],
)
def test_factory_makes_two_rows(factory):
    first, second = factory(), factory()

    assert first.pk
    assert second.pk
