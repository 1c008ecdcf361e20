"""Collection is served from the station's county hub, delivery from the metropolitan one."""

import pytest

from core.errors import NotAllowed
from shop.contact import Fulfilment
from shop.hubs import hub_for
from tests.factories.growers import HubFactory, StationFactory, StationHubFactory
from tests.factories.shop import make_collection_station, make_metropolitan_hub

pytestmark = pytest.mark.django_db

AWAY = Fulfilment.deliver_to(province_code="44", city="广州市", address="测试路 1 号")


def test_collection_goes_through_the_cheapest_county_hub():
    station, near, far = StationFactory(), HubFactory(), HubFactory()
    StationHubFactory(station=station, hub=far, cost_fen_per_kg=50)
    StationHubFactory(station=station, hub=near, cost_fen_per_kg=20)
    StationHubFactory(station=station, hub=make_metropolitan_hub(), cost_fen_per_kg=1)

    assert hub_for(Fulfilment.collect_at(station)) == near


def test_delivery_goes_through_the_metropolitan_hub():
    make_collection_station()

    assert hub_for(AWAY) == make_metropolitan_hub()


def test_station_without_a_county_hub_hands_nothing_over():
    station = StationFactory(name_zh="远山站")

    with pytest.raises(NotAllowed, match="远山站"):
        hub_for(Fulfilment.collect_at(station))


def test_without_a_metropolitan_hub_nothing_is_sent():
    with pytest.raises(NotAllowed, match="快递还没有开通"):
        hub_for(AWAY)
