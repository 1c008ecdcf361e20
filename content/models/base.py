"""What all pages of the site share: a lead, a body of blocks, and answers gathered in one go."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from content.asks import Ask
from content.blocks import body_blocks
from content.blocks.asking import asks_of

PREVIEW_SIZES = [
    {"name": "phone", "icon": "mobile-alt", "device_width": 360, "label": _("手机，360 宽")},
    {"name": "tablet", "icon": "tablet-alt", "device_width": 768, "label": _("平板，768 宽")},
    {"name": "desktop", "icon": "desktop", "device_width": 1280, "label": _("电脑，1280 宽")},
]


class BodyField(StreamField):
    """The blocks of a page. Migrations know the column, not the blocks: they are words, not tables,
    and change with every label.
    """

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _path, _args, kwargs = super().deconstruct()
        return name, "wagtail.fields.StreamField", [[]], {**kwargs, "block_lookup": {}}


class SitePage(Page):
    """A page of words and blocks."""

    lead = models.CharField(
        _("引言"), max_length=160, blank=True, help_text=_("标题下面的一两句话，也给搜索用。")
    )
    body = BodyField(body_blocks(), verbose_name=_("正文"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]
    private_page_options: list[str] = []
    beside: tuple[str, ...] = ()  # rows that are always read with the page

    class Meta:
        abstract = True

    @property
    def preview_sizes(self) -> list[dict[str, Any]]:
        """The phone first: most readers hold one."""
        return PREVIEW_SIZES

    def get_view_restrictions(self) -> list[Any]:
        """None: ``private_page_options`` offers no way to close a page, so nothing is asked."""
        return []

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the page under this one by its whole address, with what is read beside it: two
        queries however deep it lies.
        """
        if not path_components:
            found: RouteResult = super().route(request, path_components)
            return found
        address = f"{self.url_path}{'/'.join(path_components)}/"
        page = self.get_descendants().filter(url_path=address, live=True).first()
        if page is None or page.specific_class is None:
            raise Http404
        kind = page.specific_class
        rows = kind.objects.select_related(*getattr(kind, "beside", ()))
        return RouteResult(rows.get(pk=page.pk))

    def asks(self) -> list[Ask]:
        """What this page wants to know; pages with more than blocks add to it."""
        return asks_of(self.body, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from content.selectors.answers import answer_now

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["page"] = self  # blocks may ask which page they stand on
        context["answers"] = answer_now(self.asks())
        context["alternates"] = self.alternates(request)
        return context

    def alternates(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Language tag and address of this page in every language it is written in."""
        from content.selectors.pages import counterparts

        return counterparts(self, request=request)

    @property
    def description(self) -> str:
        """What search engines show."""
        return self.search_description or self.lead
