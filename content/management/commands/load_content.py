"""Write the first pages: the home page and the guides every shop must have."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from wagtail.models import Locale, Page, Site

from content.first_pages import GUIDES, HOME
from content.models import GuidePage, HomePage


class Command(BaseCommand):
    help = "Write the home page and the guides where they are missing."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        home = HomePage.objects.first() or self._home()
        for guide in GUIDES:
            if not GuidePage.objects.child_of(home).filter(slug=guide["slug"]).exists():
                home.add_child(instance=GuidePage(locale=home.locale, show_in_menus=True, **guide))
        self.stdout.write(f"{GuidePage.objects.count()} 篇指南")

    def _home(self) -> HomePage:
        locale, _made = Locale.objects.get_or_create(language_code="zh-hans")
        root = Page.get_first_root_node()
        Page.objects.child_of(root).filter(slug="home").delete()
        root = Page.objects.get(pk=root.pk)
        home: HomePage = root.add_child(instance=HomePage(locale=locale, **HOME))
        Site.objects.update_or_create(
            is_default_site=True,
            defaults={"hostname": "localhost", "root_page": home, "site_name": "山货"},
        )
        return home
