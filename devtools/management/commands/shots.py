"""Photograph every page: ``make shots``."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Photograph every page in Chromium; the README's pictures are made anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--readme", action="store_true", help="only the README's pictures")

    def handle(self, *args: Any, **options: Any) -> None:
        from devtools.shots import photograph

        for line in photograph(everything=not options["readme"]):
            self.stdout.write(line)
