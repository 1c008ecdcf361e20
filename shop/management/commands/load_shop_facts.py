"""Load zones, provinces and rate cards."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import BadInput
from shop.services.facts import load_shop_facts

DATA = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Load shop/data (or another folder); a wrong row refuses everything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dir", type=Path, default=DATA)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_shop_facts(folder=options["dir"])
        except (BadInput, OSError) as error:
            raise CommandError(str(error)) from error
        for part in loaded:
            self.stdout.write(f"{part.file}: {part.rows}")
