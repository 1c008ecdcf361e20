"""The answers to all blocks of a page, each kind of ask in a fixed number of queries."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from content.asks import (
    Answers,
    Ask,
    CalendarAsk,
    CampaignsAsk,
    NumbersAsk,
    PicturesAsk,
    ProductsAsk,
    RidgeAsk,
    StoriesAsk,
)
from content.selectors.goods import campaigns, products
from content.selectors.numbers import numbers
from content.selectors.pictures import pictures
from content.selectors.seasons import calendar_and_ridge
from content.selectors.stories import stories
from core import clock

Find = Callable[[list[Any], date, datetime], Answers]
# Kinds that are answered together, and how.
TOGETHER: list[tuple[tuple[type, ...], Find]] = [
    ((ProductsAsk,), lambda asks, on, at: products(asks, on=on)),
    ((CampaignsAsk,), lambda asks, on, at: campaigns(asks, at=at)),
    ((CalendarAsk, RidgeAsk), lambda asks, on, at: calendar_and_ridge(asks, on=on)),
    ((NumbersAsk,), lambda asks, on, at: numbers(asks)),
    ((StoriesAsk,), lambda asks, on, at: stories(asks, on=on)),
    ((PicturesAsk,), lambda asks, on, at: pictures(asks, on=on)),
]


class PageAnswers:
    """Answers for one moment. The first ask of a kind answers all of that kind; a kind nobody
    comes for, because its blocks were kept, costs nothing.
    """

    def __init__(self, asks: Iterable[Ask], *, on: date, at: datetime) -> None:
        self.asks = list(dict.fromkeys(asks))
        self.on, self.at = on, at
        self.found: Answers = {}

    def __contains__(self, ask: Ask) -> bool:
        return ask in self.asks

    def get(self, ask: Ask) -> Any:
        """The answer; None for something that was not asked."""
        if ask in self and ask not in self.found:
            kinds, find = next(row for row in TOGETHER if isinstance(ask, row[0]))
            alike = [one for one in self.asks if isinstance(one, kinds)]
            self.found |= find(alike, self.on, self.at)
        return self.found.get(ask)


def answer_now(asks: Iterable[Ask]) -> PageAnswers:
    """Answers for this moment; for pages and previews, which stand at the edge."""
    return PageAnswers(asks, on=clock.today(), at=clock.now())
