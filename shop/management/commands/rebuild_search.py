"""Write the search rows of all listings anew."""

from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from shop.services.search_rows import rebuild_search


class Command(BaseCommand):
    help = "Write the search rows of all listings anew."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_search(on=clock.today())} listings")
