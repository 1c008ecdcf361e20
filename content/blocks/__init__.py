"""What editors build pages from: words and pictures, and blocks that show today's trade."""

from typing import Any

from content.blocks.trade import (
    CalendarBlock,
    CampaignsBlock,
    NumbersBlock,
    ProductsBlock,
    StoryBlock,
)
from content.blocks.words import (
    LinksBlock,
    PictureBlock,
    QuestionsBlock,
    QuoteBlock,
    StepsBlock,
    TextBlock,
)


def body_blocks() -> list[tuple[str, Any]]:
    """The blocks of every page, words first."""
    return [
        ("text", TextBlock()),
        ("picture", PictureBlock()),
        ("quote", QuoteBlock()),
        ("steps", StepsBlock()),
        ("questions", QuestionsBlock()),
        ("products", ProductsBlock()),
        ("campaigns", CampaignsBlock()),
        ("calendar", CalendarBlock()),
        ("numbers", NumbersBlock()),
        ("story", StoryBlock()),
        ("links", LinksBlock()),
    ]
