"""Until when a buyer may leave an order for nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from shop.models import Pledge, Purchase, PurchaseState
from shop.selectors.orders import buyer_may_cancel
from shop.services.campaigns import close_campaign
from tests.factories.presale import DEADLINE, NOON, make_ripening_listing, opened, pledged
from tests.factories.shop import make_collection_station
from tests.shop.test_terms_changes import applied

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def order_of_presale(*, changed):
    """An order a reservation became; of a campaign whose terms were changed, or not."""
    campaign = opened(make_ripening_listing())
    station = make_collection_station()
    pledge = pledged(campaign, 20, fulfilment="collect", station=station, province_code="")
    if changed:
        applied(campaign, price=Decimal("98.00"))
    close_campaign(code=campaign.code, at=DEADLINE)
    return Pledge.objects.get(pk=pledge.pk).order_link.order.purchase


@pytest.mark.parametrize(
    ("changed", "state", "days", "may"),
    [
        (True, PurchaseState.PLACED, 6, True),
        (True, PurchaseState.PACKED, 6, False),
        (True, PurchaseState.CANCELLED, 6, False),
        (True, PurchaseState.PLACED, 8, False),
        (False, PurchaseState.PLACED, 6, False),
    ],
)
def test_backer_leaves_an_unpacked_order_only_in_the_days_after_changed_terms(
    changed, state, days, may
):
    order = order_of_presale(changed=changed)
    Purchase.objects.filter(pk=order.pk).update(state=state)
    order.refresh_from_db()

    assert buyer_may_cancel(order, at=NOON + days * DAY) is may
