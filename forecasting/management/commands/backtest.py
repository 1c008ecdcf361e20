"""``manage.py backtest``: how good the pre-sale forecast would have been, area by area."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from core.clock import now
from forecasting.engine.backtest import as_text, backtest
from forecasting.inputs import read_inputs
from growers.models import PlanningArea


class Command(BaseCommand):
    """Cut every finished campaign at 25, 50 and 75 % and compare with what it came to."""

    help = "Backtest the pre-sale forecast on the finished campaigns of each planning area."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--area", help="code of one planning area")

    def handle(self, *args: object, area: str | None = None, **options: object) -> None:
        areas = PlanningArea.objects.select_related("region")
        chosen = areas.filter(code=area) if area else areas
        if area and not chosen:
            raise CommandError(f"no planning area {area}")
        for one in chosen:
            inputs = read_inputs(area=one, at=now())
            result = backtest(inputs.pledges, inputs.campaigns, as_of=inputs.on)
            self.stdout.write(f"{one.code} {one.name}\n{as_text(result)}\n")
