"""``manage.py backtest`` on the shop's own finished campaigns."""

from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from tests.factories.forecasting import finish_campaigns, make_open_campaign
from tests.factories.growers import PlanningAreaFactory
from tests.factories.presale import NOON

pytestmark = pytest.mark.django_db


def test_the_command_prints_a_table_for_an_area():
    area = PlanningAreaFactory()
    finish_campaigns(make_open_campaign(area=area), [40, 44, 50])
    out = StringIO()

    with time_machine.travel(NOON, tick=False):
        call_command("backtest", area=area.code, stdout=out)

    lines = out.getvalue().splitlines()
    assert lines[0] == f"{area.code} {area.name}"
    assert lines[3].split()[:2] == ["50%", "3"]


def test_an_unknown_area_is_refused():
    with pytest.raises(CommandError, match="PA-X"):
        call_command("backtest", area="PA-X")
