"""Three invented stories with their consents, and a notice, in both languages."""

from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from wagtail.models import Locale, Page

from content.models import (
    ConsentScope,
    FirstPage,
    IndexPage,
    NoticePage,
    StoryConsent,
    VillageStoryPage,
)
from content.services.consent import record_consent
from content.services.counts import count_numbers
from content.services.words import keep_words
from content.writing import FirstWords, body, read
from core.clock import start_of
from devtools.county import names
from devtools.county.world import World
from growers.models import Region
from harvest_calendar.models import Crop, HarvestWindow

FOLDER = Path(__file__).parent / "stories"
STORIES = ["frozen-noodles", "autumn-honey", "high-slope"]  # the last is the newest
NOTICE = {
    "zh-hans": (
        "秋收时候，站点晚关门一小时",
        "过秤的人多，各乡镇站点晚关一小时。",
        "<p>周末也开。要来交货的，先看合同上是哪一周；拿订单的，白天来人少。</p>",
    ),
    "en": (
        "Stations stay open an hour longer during harvest",
        "Many come to weigh, so township stations close an hour later.",
        "<p>Weekends too. Growers: look which week your contract says. Mornings are quiet.</p>",
    ),
}


def build_stories(world: World) -> None:
    """Write the stories, their consents and the notice; count what the pages may say."""
    for age, name in enumerate(reversed(STORIES)):
        consent = record_consent(
            given_by=f"{names.person(world.rng)}（示例）",
            scope=ConsentScope.PICTURES,
            paper=f"示例-{age + 1}",
            given_on=world.today - timedelta(days=20 + 9 * age),
            expires_on=world.today + timedelta(days=345 - 9 * age),
            by=world.people["editor"],
        )
        _in_every_language(world, name, consent, age=age)
    _notice(world)
    count_numbers(at=world.now)


def _in_every_language(world: World, name: str, consent: StoryConsent, *, age: int) -> None:
    written: list[Page] = []
    for locale in Locale.objects.order_by("pk"):
        words = read(FOLDER / locale.language_code / f"{name}.md")
        page = VillageStoryPage(
            locale=locale,
            title=words.facts["title"],
            slug=words.facts["slug"],
            lead=words.facts["lead"],
            told_by=words.facts["told_by"],
            crop=Crop.objects.get(key=words.facts["crop"]),
            place=_place(world, words),
            consent=consent,
            body=body(words, page_ids={}),
            first_published_at=start_of(world.today - timedelta(days=3 + 11 * age)),
        )
        if written:
            page.translation_key = written[0].translation_key
        _parent("stories", locale).add_child(instance=page)
        keep_words(page)
        written.append(page)


def _parent(key: str, locale: Locale) -> Page:
    row = FirstPage.objects.get(key=key, language_code=locale.language_code)
    return IndexPage.objects.get(pk=row.page_id)


def _place(world: World, words: FirstWords) -> Region | None:
    """The first village of a county where the story's crop grows."""
    grows = set(
        HarvestWindow.objects.filter(crop__key=words.facts["crop"]).values_list("county", flat=True)
    )
    return next((v for v in world.villages if v.county_code in grows), None)


def _notice(world: World) -> None:
    written: list[Page] = []
    until: date = world.today + timedelta(days=30)
    for code, _name in settings.LANGUAGES:
        locale = Locale.objects.get(language_code=code)
        title, lead, text = NOTICE[code]
        page = NoticePage(
            locale=locale,
            title=title,
            slug="harvest-hours",
            lead=lead,
            dated_on=world.today - timedelta(days=2),
            until_on=until,
            body=[{"type": "text", "value": text}],
        )
        if written:
            page.translation_key = written[0].translation_key
        _parent("notices", locale).add_child(instance=page)
        keep_words(page)
        written.append(page)
