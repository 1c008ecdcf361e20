"""Pages that editors write. They show numbers of other apps and own none."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from core import clock

PLAIN_TEXT = ["h2", "h3", "bold", "link", "ol", "ul"]


class HomePage(Page):
    """The front door: what ripens now, which pre-sales close soon, and one story."""

    headline = models.CharField(_("大标题"), max_length=40)
    lead = models.CharField(_("引言"), max_length=120, blank=True)
    story_title = models.CharField(_("故事标题"), max_length=60, blank=True)
    story = RichTextField(_("故事"), features=PLAIN_TEXT, blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("headline"),
        FieldPanel("lead"),
        FieldPanel("story_title"),
        FieldPanel("story"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("story")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["content.GuidePage"]
    max_count = 1
    template = "content/home_page.html"

    class Meta:
        verbose_name = _("首页")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from content import selectors

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(selectors.home_facts(on=clock.today(), at=clock.now()))
        return context


class GuidePage(Page):
    """A page of plain text: how to buy, how to return, what a pre-sale is."""

    lead = models.CharField(_("引言"), max_length=160, blank=True)
    body = RichTextField(_("正文"), features=PLAIN_TEXT)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("body")]
    parent_page_types = ["content.HomePage", "content.GuidePage"]
    subpage_types = ["content.GuidePage"]
    template = "content/guide_page.html"

    class Meta:
        verbose_name = _("说明页")
