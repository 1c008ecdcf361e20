"""Whether the books hold: every invariant of money that an app registered."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledger import checks


class Command(BaseCommand):
    help = "Run every registered invariant of money; exit code 1 when one does not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        results = checks.run_all()
        for result in results:
            mark = self.style.SUCCESS("✓") if result.holds else self.style.ERROR("✗")
            self.stdout.write(f"{mark} {result.name}")
            for fault in result.faults:
                self.stdout.write(f"  {fault}")
        broken = [result.name for result in results if not result.holds]
        if broken:
            raise CommandError(f"{len(broken)} of {len(results)} do not hold: {', '.join(broken)}")
