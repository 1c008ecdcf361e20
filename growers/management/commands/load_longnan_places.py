"""Load the real townships and villages from a folder that stays where it is."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.errors import BadInput
from growers.services.places import load_longnan_places


class Command(BaseCommand):
    help = "Load townships.csv and villages.csv; a wrong row refuses everything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dir", type=Path, default=Path(settings.LONGNAN_DATA_DIR))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_longnan_places(folder=options["dir"])
        except (BadInput, OSError) as error:
            raise CommandError(str(error)) from error
        for part in loaded:
            self.stdout.write(f"{part.file}: {part.rows}")
