"""Blocks of words and pictures."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from content.asks import Ask, PicturesAsk
from content.blocks.asking import AskingBlock

PLAIN_TEXT = ["h2", "h3", "bold", "link", "ol", "ul"]
ONE_LINE = ["bold", "link"]


class TextBlock(blocks.RichTextBlock):
    """Headings, paragraphs, lists and links."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(features=PLAIN_TEXT, **kwargs)

    class Meta:
        label = _("文字")
        icon = "pilcrow"
        template = "content/blocks/text.html"
        description = _("标题、段落、列表和链接")
        preview_value = (
            "<h2>怎么存</h2><p>装进密封袋，放阴凉处。<b>别晒太阳</b>，也别放进冰箱门。</p>"
        )


class PictureBlock(AskingBlock):
    """One picture with its words; a person's picture is left out without consent."""

    picture = ImageChooserBlock(label=_("图片"))
    alt = blocks.CharBlock(
        label=_("画面上是什么"),
        max_length=160,
        help_text=_("读给看不见的人听，一句话。"),
    )
    caption = blocks.CharBlock(label=_("图下的字"), max_length=160, required=False)

    class Meta:
        label = _("图片")
        icon = "image"
        template = "content/blocks/picture.html"
        description = _("一张图片和图下的字；认得出人的，没有同意书不显示")
        preview_value = {"picture": None, "alt": "晒场上的花椒", "caption": "晒到第二天下午"}

    def ask(self, value: Any, page: Any) -> Ask | None:
        picture = value.get("picture")
        return PicturesAsk((picture.pk,)) if picture else None


class QuoteBlock(blocks.StructBlock):
    """Somebody's own words."""

    words = blocks.TextBlock(label=_("原话"), max_length=300)
    who = blocks.CharBlock(label=_("谁说的"), max_length=60, required=False)

    class Meta:
        label = _("原话")
        icon = "openquote"
        template = "content/blocks/quote.html"
        description = _("一个人说的话，一字不改")
        preview_value = {"words": "椒口一张开就得上树，晚两天，籽就落地了。", "who": "种花椒的人"}


class StepBlock(blocks.StructBlock):
    """One step."""

    title = blocks.CharBlock(label=_("做什么"), max_length=60)
    text = blocks.RichTextBlock(label=_("怎么做"), features=ONE_LINE, required=False)

    class Meta:
        label = _("一步")


class StepsBlock(blocks.StructBlock):
    """Numbered steps."""

    title = blocks.CharBlock(label=_("标题"), max_length=60, required=False)
    steps = blocks.ListBlock(StepBlock(), label=_("步骤"), min_num=1)

    class Meta:
        label = _("步骤")
        icon = "list-ol"
        template = "content/blocks/steps.html"
        description = _("一步一步怎么做")
        preview_value = {
            "title": "怎么约",
            "steps": [
                {"title": "写上几份", "text": "<p>先写 1 份也行，截止前能改。</p>"},
                {"title": "选一个站点", "text": "<p>货到了会告诉您。</p>"},
            ],
        }


class QuestionBlock(blocks.StructBlock):
    """A question and its answer."""

    question = blocks.CharBlock(label=_("问"), max_length=100)
    answer = blocks.RichTextBlock(label=_("答"), features=[*ONE_LINE, "ol", "ul"])

    class Meta:
        label = _("一问一答")


class QuestionsBlock(blocks.StructBlock):
    """Questions that open."""

    title = blocks.CharBlock(label=_("标题"), max_length=60, required=False)
    questions = blocks.ListBlock(QuestionBlock(), label=_("问答"), min_num=1)

    class Meta:
        label = _("常问的")
        icon = "help"
        template = "content/blocks/questions.html"
        description = _("一问一答，点开看")
        preview_value = {
            "title": "常问的",
            "questions": [
                {"question": "没成团怎么办", "answer": "<p>一分不收，约的自动散掉。</p>"},
                {"question": "能改份数吗", "answer": "<p>截止前都能改，也能不要。</p>"},
            ],
        }


class LinkBlock(blocks.StructBlock):
    """A page and one line about it."""

    page = blocks.PageChooserBlock(label=_("页面"))
    line = blocks.CharBlock(label=_("一句话"), max_length=80, required=False)

    class Meta:
        label = _("一个页面")


class LinksBlock(blocks.StructBlock):
    """Ways to other pages."""

    title = blocks.CharBlock(label=_("标题"), max_length=60, required=False)
    links = blocks.ListBlock(LinkBlock(), label=_("页面"), min_num=1)

    class Meta:
        label = _("去别的页面")
        icon = "link"
        template = "content/blocks/links.html"
        description = _("几个页面，每个一句话；没发布的不显示")
        preview_value = {"title": "先看看这几页", "links": []}
