"""Load crops, forms, grades, windows and the almanac, and date the seasons around now."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.errors import BadRow
from harvest_calendar.services import date_seasons
from harvest_calendar.services.facts import FACTS, load_facts


class Command(BaseCommand):
    help = "Load crops, forms, grades, windows and the almanac; a bad row refuses everything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dir", type=Path, default=FACTS, help="folder of the CSV files")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        try:
            done = load_facts(folder=options["dir"])
        except (BadRow, OSError) as error:
            raise CommandError(str(error)) from error
        for table, added in done.added.items():
            changed, kept = done.changed[table], done.kept[table]
            self.stdout.write(f"{table}: +{added} ~{changed} ={kept}")
        this_year = clock.day_of(now).year
        for year in (this_year - 1, this_year, this_year + 1):
            moved = date_seasons(year=year, at=now)
            self.stdout.write(f"seasons of {year}: {moved}")
