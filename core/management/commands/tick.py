"""Run the jobs that are due, once or for ever."""

import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from core.services import run_tick


class Command(BaseCommand):
    help = "Run the jobs that are due; with --loop, every minute until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = []
        signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
        while True:
            names = run_tick(at=clock.now())
            self.stdout.write(" ".join(names) or "-")
            if not options["loop"]:
                return
            for _second in range(60):
                if stop:
                    return
                time.sleep(1)  # the loop's pace, not a wait for anybody
