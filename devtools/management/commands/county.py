"""Build a synthetic county from a seed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from devtools.county.build import build
from devtools.county.size import SIZES


class Command(BaseCommand):
    help = "Build a synthetic county of invented people on real facts, relative to today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=sorted(SIZES), default="demo")
        parser.add_argument("--seed", type=int, default=7)

    def handle(self, *args: Any, **options: Any) -> None:
        build(
            size=SIZES[options["size"]],
            seed=options["seed"],
            at=clock.now(),
            say=lambda line: self.stdout.write(f"  {line}"),
        )
