"""What one charge asks of the database, the placing of its order included."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from devtools.stripe_emulator.testing import Running
from payments import services
from shop.models import PledgeState
from shop.services.campaigns import close_due_campaigns
from tests.factories.presale import CampaignFactory
from tests.shop.crediting import AFTER
from tests.shop.paying import backer, state_of, stripe

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db
MOST = 50


def test_a_charge_asks_little_however_many_reserved(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=1)
    rows = [backer(stripe, campaign, number=n) for n in range(3)]
    close_due_campaigns(at=AFTER)
    counts = []

    for pledge in rows:
        with CaptureQueriesContext(connection) as seen:
            services.charge(code=pledge.payment_code or "", at=AFTER)
        counts.append(len(seen))

    assert [state_of(one) for one in rows] == [PledgeState.ORDERED] * 3
    assert counts[1:] == [counts[1]] * 2  # the first opens the accounts
    assert max(counts) <= MOST
