"""Blocks that show what the shop, the calendar and the counts know today."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.models import Locale

from content import choices
from content.asks import Ask, CalendarAsk, CampaignsAsk, NumbersAsk, ProductsAsk, StoriesAsk
from content.blocks.asking import AskingBlock
from content.blocks.choosers import CampaignChooserBlock, ListingChooserBlock
from content.models.facts import NumberName

TITLE_HELP = _("不写就用系统的标题。")


class RowChoiceBlock(blocks.ChoiceBlock):
    """A choice of rows of a table: they are read to show and check the form, not the page."""

    def to_python(self, value: Any) -> str:
        return value or ""


def _title() -> blocks.CharBlock:
    return blocks.CharBlock(label=_("标题"), max_length=40, required=False, help_text=TITLE_HELP)


def _crop() -> blocks.ChoiceBlock:
    return RowChoiceBlock(choices=choices.crops, label=_("哪种山货"), required=False)


def _county() -> blocks.ChoiceBlock:
    return RowChoiceBlock(choices=choices.counties, label=_("哪个县区"), required=False)


def _crop_of(value: Any, page: Any) -> str:
    """The chosen crop, else the one the page is about."""
    crop = getattr(page, "crop", None)
    return value.get("crop") or (crop.key if crop is not None else "")


class RuledBlock(AskingBlock):
    """A block with a rule that needs a crop, a county or chosen things."""

    may_be_kept = True

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        rule = cleaned.get("rule")
        if rule == "county" and not cleaned.get("county"):
            raise blocks.StructBlockValidationError(
                block_errors={"county": ValidationError(_("选一个县区。"))}
            )
        if rule == "chosen" and not cleaned.get("chosen"):
            raise blocks.StructBlockValidationError(
                block_errors={"chosen": ValidationError(_("至少挑一样。"))}
            )
        return cleaned


class ProductsBlock(RuledBlock):
    """Tiles of listings."""

    title = _title()
    rule = blocks.ChoiceBlock(
        label=_("放哪些"),
        choices=[
            ("ripe", _("当季的在前，快熟的在后")),
            ("now", _("正当季、有货的")),
            ("soon", _("快熟的和正在预售的")),
            ("crop", _("某一种山货")),
            ("county", _("某个县区的")),
            ("chosen", _("自己挑的")),
        ],
        default="ripe",
    )
    crop = _crop()
    county = _county()
    chosen = blocks.ListBlock(
        ListingChooserBlock(label=_("货")), label=_("自己挑"), default=[], min_num=0
    )
    count = blocks.IntegerBlock(label=_("最多几样"), min_value=1, max_value=12, default=4)
    big = blocks.BooleanBlock(label=_("第一样放大"), required=False)

    class Meta:
        label = _("山货")
        icon = "pick"
        template = "content/blocks/products.html"
        description = _("按规则或自己挑的货，价钱和季节随时更新")
        preview_value = {"title": "", "rule": "ripe", "chosen": [], "count": 4, "big": False}

    def ask(self, value: Any, page: Any) -> Ask | None:
        chosen = tuple(row.pk for row in value.get("chosen") or () if row is not None)
        return ProductsAsk(
            rule=value.get("rule") or "ripe",
            count=value.get("count") or 4,
            crop=_crop_of(value, page),
            county=value.get("county") or "",
            chosen=chosen,
        )


class CampaignsBlock(RuledBlock):
    """Running pre-sales."""

    title = _title()
    rule = blocks.ChoiceBlock(
        label=_("放哪些"),
        choices=[("closing", _("最快截止的")), ("chosen", _("自己挑的"))],
        default="closing",
    )
    chosen = blocks.ListBlock(
        CampaignChooserBlock(label=_("预售")), label=_("自己挑"), default=[], min_num=0
    )
    count = blocks.IntegerBlock(label=_("最多几个"), min_value=1, max_value=8, default=3)

    class Meta:
        label = _("预售")
        icon = "time"
        template = "content/blocks/campaigns.html"
        description = _("快截止的预售，截止了自己消失")
        preview_value = {"title": "", "rule": "closing", "chosen": [], "count": 3}

    def ask(self, value: Any, page: Any) -> Ask | None:
        if value.get("rule") != "chosen":
            return CampaignsAsk(count=value.get("count") or 3)
        chosen = tuple(row.pk for row in value.get("chosen") or () if row is not None)
        return CampaignsAsk(count=len(chosen), chosen=chosen) if chosen else None


class CalendarBlock(RuledBlock):
    """Hills of the year."""

    title = _title()
    rule = blocks.ChoiceBlock(
        label=_("画什么"),
        choices=[
            ("month", _("这个月正采的")),
            ("crop", _("一种山货，各县区")),
            ("county", _("一个县区，各山货")),
        ],
        default="month",
    )
    crop = _crop()
    county = _county()
    count = blocks.IntegerBlock(label=_("最多几行"), min_value=1, max_value=20, default=6)

    class Meta:
        label = _("采收日历")
        icon = "calendar-alt"
        template = "content/blocks/calendar.html"
        description = _("几座山：这个月、一种山货、或一个县区")
        preview_value = {"title": "", "rule": "month", "count": 6}

    def ask(self, value: Any, page: Any) -> Ask | None:
        return CalendarAsk(
            rule=value.get("rule") or "month",
            count=value.get("count") or 6,
            crop=_crop_of(value, page),
            county=value.get("county") or "",
        )


class NumbersBlock(AskingBlock):
    """Public numbers in one band."""

    title = _title()
    note = blocks.CharBlock(label=_("一句说明"), max_length=120, required=False)
    names = blocks.MultipleChoiceBlock(
        label=_("哪些数"),
        choices=NumberName.choices,
        help_text=_("每天数一次。牵涉不到十户种植户的，不写。"),
    )

    class Meta:
        label = _("数字")
        icon = "order"
        template = "content/blocks/numbers.html"
        description = _("几个数得出来的数，每天更新")
        preview_value = {"title": "", "note": "", "names": ["listings", "crops", "campaigns"]}

    def ask(self, value: Any, page: Any) -> Ask | None:
        names = tuple(value.get("names") or ())
        return NumbersAsk(names) if names else None


class StoryBlock(AskingBlock):
    """A village story, while its consent holds."""

    title = _title()
    story = blocks.PageChooserBlock(
        label=_("哪个故事"),
        page_type="content.VillageStoryPage",
        required=False,
        help_text=_("不选就放最新的一篇。同意书到期或收回的，不显示。"),
    )

    class Meta:
        label = _("村里的故事")
        icon = "group"
        template = "content/blocks/story.html"
        description = _("一篇有同意书的故事")
        preview_value = {"title": "", "story": None}

    def ask(self, value: Any, page: Any) -> Ask | None:
        story = value.get("story")
        locale = page.locale_id if page is not None else Locale.get_active().pk
        return StoriesAsk(locale=locale, chosen=story.pk if story else None)
