"""The home page, guides, crop guides, policies, notices, help and the lists of them."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel

from content.asks import Ask, RidgeAsk
from content.models.base import SitePage
from core import clock
from core.language import TAGS, path_in
from growers.models import Role
from harvest_calendar.models import Crop

UNDER_HOME = ["content.HomePage"]
UNDER_INDEX = ["content.IndexPage"]
CONSUMER = ("consumer", _("顾客"))


class HomePage(SitePage):
    """The front door: the ridge of the year, and blocks an editor arranges."""

    headline = models.CharField(_("大标题"), max_length=40)

    content_panels = [
        *SitePage.content_panels[:1],
        FieldPanel("headline"),
        *SitePage.content_panels[1:],
    ]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "content.GuidePage",
        "content.PolicyPage",
        "content.IndexPage",
    ]
    template = "content/home_page.html"

    class Meta:
        verbose_name = _("首页")

    @classmethod
    def can_create_at(cls, parent: Any) -> bool:
        """One in each language; the second is made by translating the first."""
        return super().can_create_at(parent) and not cls.objects.exists()

    def asks(self) -> list[Ask]:
        return [RidgeAsk(), *super().asks()]

    def alternates(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The front page is written in every language, always at the same address."""
        return [(tag, path_in(code, "/")) for code, tag in TAGS.items()]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from content.selectors.pages import newest_notice

        context = super().get_context(request, *args, **kwargs)
        context["ridge"] = SimpleLazyObject(lambda: context["answers"].get(RidgeAsk()))
        context["notice"] = newest_notice(on=clock.today(), locale=self.locale_id, request=request)
        return context


class IndexPage(SitePage):
    """A list of the pages under it."""

    parent_page_types = UNDER_HOME
    subpage_types = [
        "content.CropGuidePage",
        "content.GuidePage",
        "content.HelpPage",
        "content.NoticePage",
        "content.VillageStoryPage",
    ]
    template = "content/index_page.html"

    class Meta:
        verbose_name = _("目录页")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from content.selectors.lists import children_of

        context = super().get_context(request, *args, **kwargs)
        context["lists"] = children_of(self, on=clock.today(), request=request)
        return context


class GuidePage(SitePage):
    """How to buy, how days are set, what a proof says."""

    parent_page_types = [*UNDER_HOME, *UNDER_INDEX]
    subpage_types: list[str] = []
    template = "content/guide_page.html"

    class Meta:
        verbose_name = _("说明页")


class PolicyPage(SitePage):
    """What binds: terms, privacy, returns. It says since when it holds."""

    effective_on = models.DateField(_("从哪天起"))

    content_panels = [*SitePage.content_panels, FieldPanel("effective_on")]
    parent_page_types = UNDER_HOME
    subpage_types: list[str] = []
    template = "content/policy_page.html"

    class Meta:
        verbose_name = _("规则页")


class CropGuidePage(SitePage):
    """One crop: how it grows, when it ripens, how to choose, keep and cook it."""

    crop = models.ForeignKey(
        Crop, verbose_name=_("哪种山货"), on_delete=models.PROTECT, related_name="+"
    )

    content_panels = [
        *SitePage.content_panels[:1],
        FieldPanel("crop"),
        *SitePage.content_panels[1:],
    ]
    parent_page_types = UNDER_INDEX
    subpage_types: list[str] = []
    template = "content/crop_guide_page.html"

    beside = ("crop",)

    class Meta:
        verbose_name = _("山货指南")

    def clean(self) -> None:
        """One guide a crop and language."""
        super().clean()
        others = CropGuidePage.objects.filter(crop_id=self.crop_id, locale_id=self.locale_id)
        if self.crop_id and others.exclude(pk=self.pk).exists():
            raise ValidationError({"crop": _("这种山货已经有一篇指南了。")})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from shop.selectors.season_words import storage_line

        context = super().get_context(request, *args, **kwargs)
        context["storage"] = storage_line(self.crop)
        return context


class NoticeForm(WagtailAdminPageForm):
    """The last day decides when a notice comes down; the moment beside the page is not asked."""

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["expire_at"] = None  # the page writes it from its last day
        cleaned: dict[str, Any] = super().clean()
        return cleaned


class NoticePage(SitePage):
    """A public notice; after its last day it is taken down by itself."""

    dated_on = models.DateField(_("哪天发的"))
    until_on = models.DateField(
        _("到哪天为止"), null=True, blank=True, help_text=_("过了这天自动撤下；空着就一直留。")
    )

    base_form_class = NoticeForm
    content_panels = [
        *SitePage.content_panels[:1],
        FieldPanel("dated_on"),
        FieldPanel("until_on"),
        *SitePage.content_panels[1:],
    ]
    parent_page_types = UNDER_INDEX
    subpage_types: list[str] = []
    template = "content/notice_page.html"

    class Meta:
        verbose_name = _("公告")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True)
                | models.Q(until_on__gte=models.F("dated_on")),
                name="notice_ends_after_it_begins",
            ),
        ]

    def clean(self) -> None:
        """The days are in order, and the schedule takes the notice down after the last one."""
        super().clean()
        if self.until_on and self.dated_on and self.until_on < self.dated_on:
            raise ValidationError({"until_on": _("不能早于发的那天。")})
        after = self.until_on + timedelta(days=1) if self.until_on else None
        self.expire_at = clock.start_of(after) if after else None

    def is_over(self) -> bool:
        """Past its last day, whether or not the schedule has run."""
        return self.until_on is not None and self.until_on < clock.today()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from content.views import gone

        if self.is_over():
            return gone(request, _("这条公告已经过期。"))
        answer: HttpResponse = super().serve(request, *args, **kwargs)
        return answer


class HelpPage(SitePage):
    """Help for one role, linked from that role's frame."""

    role = models.CharField(_("给谁看"), max_length=16, choices=[CONSUMER, *Role.choices])

    content_panels = [
        *SitePage.content_panels[:1],
        FieldPanel("role"),
        *SitePage.content_panels[1:],
    ]
    parent_page_types = UNDER_INDEX
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("帮助页")

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        """A household reads it in its own large frame."""
        own = self.role == Role.HOUSEHOLD
        return "content/help_household.html" if own else "content/help_page.html"

    def clean(self) -> None:
        """One page a role and language."""
        super().clean()
        others = HelpPage.objects.filter(role=self.role, locale_id=self.locale_id)
        if others.exclude(pk=self.pk).exists():
            raise ValidationError({"role": _("这类人已经有一篇帮助了。")})
