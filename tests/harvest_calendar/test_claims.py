from datetime import UTC, date, datetime

import pytest

from core.errors import BadInput, NotEnough
from harvest_calendar.models import SupplyClaim
from harvest_calendar.selectors import supply_between, supply_left_g
from harvest_calendar.services import claim_supply, release_claim
from tests.factories.growers import make_county, make_township
from tests.factories.harvest_calendar import CropFactory, SupplyEstimateFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 7, 20), date(2026, 7, 26)


@pytest.fixture
def pepper():
    """80 kg for sure (P10) in the week of 20 July in 武都区."""
    crop = CropFactory(name_zh="鲜花椒")
    SupplyEstimateFactory(crop=crop, township=make_township())
    return crop


def claim(crop, weight_g, *, code="campaign:LC-1", first_on=FIRST, last_on=LAST):
    return claim_supply(
        code=code,
        crop=crop,
        county=make_county(),
        first_on=first_on,
        last_on=last_on,
        weight_g=weight_g,
        at=AT,
    )


def left(crop):
    return supply_left_g(crop=crop, county=make_county(), first=FIRST, last=LAST)


def test_claims_up_to_p10_and_not_a_gram_more(pepper):
    claim(pepper, 50_000)

    with pytest.raises(NotEnough) as caught:
        claim(pepper, 30_001, code="campaign:LC-2")

    assert (caught.value.wanted, caught.value.left) == (31, 30)
    assert left(pepper) == 30_000


def test_same_code_replaces_its_own_claim(pepper):
    claim(pepper, 70_000)

    claim(pepper, 80_000)

    assert SupplyClaim.objects.get().weight_g == 80_000
    assert left(pepper) == 0


def test_refused_replacement_keeps_the_old_claim(pepper):
    claim(pepper, 70_000)

    with pytest.raises(NotEnough):
        claim(pepper, 80_001)

    assert SupplyClaim.objects.get().weight_g == 70_000


def test_released_claim_gives_supply_back_once(pepper):
    claim(pepper, 70_000)

    assert release_claim(code="campaign:LC-1", at=AT)
    assert not release_claim(code="campaign:LC-1", at=AT)
    assert left(pepper) == 80_000


def test_claim_outside_the_days_does_not_count(pepper):
    SupplyEstimateFactory(
        crop=pepper, township=make_township(), monday=date(2026, 7, 27), p10_g=10_000
    )
    claim(pepper, 10_000, first_on=date(2026, 7, 27), last_on=date(2026, 8, 2))

    assert left(pepper) == 80_000


def test_supply_of_another_county_does_not_count(pepper):
    other = make_county("康县")

    with pytest.raises(NotEnough):
        claim_supply(
            code="campaign:LC-9",
            crop=pepper,
            county=other,
            first_on=FIRST,
            last_on=LAST,
            weight_g=1,
            at=AT,
        )


@pytest.mark.parametrize(("weight_g", "last_on"), [(0, LAST), (-5, LAST), (5, date(2026, 7, 1))])
def test_claim_needs_weight_and_ordered_days(pepper, weight_g, last_on):
    with pytest.raises(BadInput):
        claim(pepper, weight_g, last_on=last_on)

    assert not SupplyClaim.objects.exists()


def test_week_counts_by_its_share_of_days(pepper):
    part = supply_between(
        crop=pepper, county=make_county(), first=date(2026, 7, 20), last=date(2026, 7, 21)
    )

    assert (part.p10_g, part.p50_g, part.p90_g) == (22_857, 28_571, 34_285)
