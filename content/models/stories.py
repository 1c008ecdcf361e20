"""Village stories. Shown only while the person's consent holds; the page itself refuses."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel
from wagtail.models import PageManager
from wagtail.query import PageQuerySet

from content.models.base import SitePage
from content.models.consent import StoryConsent, consent_holds
from core import clock
from core.errors import NotAllowed
from growers.models import Region
from harvest_calendar.models import Crop


class NoConsent(NotAllowed, PermissionDenied):
    """The story has no consent that holds today; Wagtail's desk shows the sentence."""

    def __init__(self, title: str) -> None:
        sentence = gettext("“%(title)s”没有有效的同意书，不能发布。")
        super().__init__(sentence % {"title": title})


class StoryQuerySet(PageQuerySet):
    """Stories by whether they may be read."""

    def readable(self, on: Any) -> "StoryQuerySet":
        """Published, with a consent that holds that day."""
        return self.live().filter(consent_holds(on, path="consent__"))


class StoryForm(WagtailAdminPageForm):
    """Says beside the field why a story cannot be published; a draft may wait for its consent."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        consent = cleaned.get("consent")
        if consent is not None and not consent.holds(clock.today()):
            self.add_error("consent", _("这份同意书到期了，或者已经收回。重新问过再选。"))
        return cleaned


class VillageStoryPage(SitePage):
    """What somebody in a village told, in their words."""

    told_by = models.CharField(
        _("怎么称呼"),
        max_length=40,
        help_text=_("按本人的意思写，比如“种花椒的老赵”；不写全名。"),
    )
    place = models.ForeignKey(
        Region,
        verbose_name=_("哪里"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    crop = models.ForeignKey(
        Crop,
        verbose_name=_("讲的哪种山货"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("选了就配它的画，“山货”块也默认放它。"),
    )
    consent = models.ForeignKey(
        StoryConsent,
        verbose_name=_("故事同意书"),
        on_delete=models.PROTECT,
        null=True,
        related_name="stories",
        help_text=_("没有同意书，可以先存草稿，不能发布。"),
    )

    base_form_class = StoryForm
    content_panels = [
        *SitePage.content_panels[:1],
        FieldPanel("told_by"),
        FieldPanel("crop"),
        FieldPanel("consent"),
        *SitePage.content_panels[1:],
    ]
    parent_page_types = ["content.IndexPage"]
    subpage_types: list[str] = []
    template = "content/story_page.html"
    beside = ("consent", "place", "crop")
    preview_modes = [("", _("读者看到的")), ("gone", _("同意到期以后"))]
    objects = PageManager.from_queryset(StoryQuerySet)()

    class Meta:
        verbose_name = _("村里的故事")

    def may_be_shown(self) -> bool:
        """Whether the consent holds today."""
        return self.consent is not None and self.consent.holds(clock.today())

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to go live without consent, whoever or whatever publishes."""
        if self.live and not self.may_be_shown():
            raise NoConsent(self.title)
        super().save(*args, **kwargs)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_be_shown():
            return self.gone(request)
        answer: HttpResponse = super().serve(request, *args, **kwargs)
        return answer

    def gone(self, request: HttpRequest) -> HttpResponse:
        """What stands here once the person no longer agrees."""
        from content.views import gone

        return gone(request, gettext("讲这个故事的人没有再同意放在这里，我们撤下来了。"))

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        if mode_name == "gone":
            return self.gone(request)
        answer: HttpResponse = super().serve_preview(request, mode_name)
        return answer
