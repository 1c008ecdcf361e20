"""Write the first pages in both languages, the editors' rights and the public numbers."""

from typing import Any

from django.core.management.base import BaseCommand

from content.services.counts import count_numbers
from content.services.editors import editors_group, let_editors_edit
from content.services.first_pages import load_first_pages
from content.writing import read_all
from core import clock


class Command(BaseCommand):
    help = "Write the pages every shop must have, where no editor has touched them."

    def handle(self, *args: Any, **options: Any) -> None:
        written = load_first_pages(read_all())
        editors_group()
        let_editors_edit(on=clock.today())
        count_numbers(at=clock.now())
        self.stdout.write(f"{written} 页")
