from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connections
from django.db.models import Sum

from core.errors import NotEnough
from harvest_calendar.models import SupplyClaim
from harvest_calendar.services import claim_supply
from tests.factories.growers import make_county, make_township
from tests.factories.harvest_calendar import CropFactory, SupplyEstimateFactory

AT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_claims_at_once_never_promise_more_than_p10():
    crop, county = CropFactory(), make_county()
    SupplyEstimateFactory(crop=crop, township=make_township(county), p10_g=50_000)

    def claim(number):
        try:
            claim_supply(
                code=f"campaign:LC-{number}",
                crop=crop,
                county=county,
                first_on=date(2026, 7, 20),
                last_on=date(2026, 7, 26),
                weight_g=10_000,
                at=AT,
            )
        except NotEnough:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(max_workers=8) as pool:
        admitted = list(pool.map(claim, range(20)))

    assert sum(admitted) == 5
    assert SupplyClaim.objects.aggregate(total=Sum("weight_g"))["total"] == 50_000
