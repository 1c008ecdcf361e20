"""Building a whole world, step by step, each said aloud with its seconds."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from core.clock import day_of
from devtools.county.alerts import build_alerts
from devtools.county.buyer import build_buyer
from devtools.county.campaigns import open_other_campaigns, open_walk_campaign
from devtools.county.history import build_history
from devtools.county.listings import build_listings
from devtools.county.people import build_people
from devtools.county.places import build_places
from devtools.county.price_shares import build_price_shares
from devtools.county.sign_ins import build_sign_ins
from devtools.county.size import Size
from devtools.county.stock import build_stock
from devtools.county.stories import build_stories
from devtools.county.terms import build_terms
from devtools.county.voices import build_voices
from devtools.county.walk_choice import choose_walk
from devtools.county.world import World
from forecasting.services import run_forecast
from harvest_calendar.services import date_seasons, estimate_supply
from shop.contact import Contact, Fulfilment
from shop.models import Listing
from shop.services.placing import Wanted, place_orders
from shop.services.seasons import refresh_season_states

Say = Callable[[str], object]
FACTS = ["load_growers_facts", "load_calendar_facts", "load_shop_facts", "load_content"]


def build(*, size: Size, seed: int, at: datetime, say: Say) -> World:
    """Load the facts and build the world around ``at``; the same seed gives the same people."""
    with _timed(say, "陇南的作物、日子、政策和运费"):
        for name in FACTS:
            call_command(name, verbosity=0, stdout=_Quiet())
    today = day_of(at)
    world = World(size, np.random.default_rng(seed), today, at, choose_walk(today))
    with transaction.atomic():
        _build_growers(world, say)
        listings = _build_trade(world, say)
        _build_today(world, listings, say)
    return world


class _Quiet:
    def write(self, text: str) -> None:
        """Loaders say their counts to nobody here."""

    def flush(self) -> None:
        """Nothing is held back."""


@contextmanager
def _timed(say: Say, name: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    say(f"{name} … {time.monotonic() - started:.1f} 秒")


def _build_growers(world: World, say: Say) -> None:
    with _timed(say, f"{world.size.households} 户人家和他们的地"):
        build_places(world)
        build_people(world)
        build_sign_ins(world, shop=world.shops[0], household=world.households[0])
    with _timed(say, "每个乡镇的采收日子和产量估计"):
        for year in range(world.today.year - 2, world.today.year + 2):
            date_seasons(year=year, at=world.now)
        for year in (world.today.year - 1, world.today.year, world.today.year + 1):
            estimate_supply(year=year, at=world.now)


def _build_trade(world: World, say: Say) -> list[Listing]:
    with _timed(say, f"{world.size.shops} 家村店上架"):
        listings = build_listings(world, first={world.shops[0].pk: [world.walk.form]})
        listings = list(
            Listing.objects.select_related(
                "product", "shop", "form__crop", "form__raw_crop", "grade", "origin"
            )
            .filter(pk__in=[x.pk for x in listings])
            .order_by("pk")
        )
        build_terms(world, listings)
        build_price_shares(world, listings)
        refresh_season_states(on=world.today, at=world.now)
    with _timed(say, "往年两季的预售和订单"):
        build_history(world, listings)
    return listings


def _build_today(world: World, listings: list[Listing], say: Say) -> None:
    with _timed(say, "眼下的预售"):
        mine = next(
            x
            for x in listings
            if x.shop_id == world.shops[0].pk and x.form_id == world.walk.form.pk
        )
        campaign = open_walk_campaign(world, mine)
        open_other_campaigns(world, [x for x in listings if x.pk != mine.pk])
        (Path(settings.VAR_DIR) / "walk").write_text(campaign.code)
    with _timed(say, "买家的评价，预售的问答"):
        build_voices(world)
    with _timed(say, "货架上的货"):
        build_stock(world, listings)
        refresh_season_states(on=world.today, at=world.now)
        _open_orders(world)
        build_alerts(world)
        build_buyer(world)
    with _timed(say, "村里的故事和公告"):
        build_stories(world)
    with _timed(say, "第一次预测"):
        for area in world.areas.values():
            run_forecast(area=area, at=world.now, by=None)


def _open_orders(world: World) -> None:
    """A few orders waiting to be packed at the walk's shop, for collection at its station."""
    stocked = Listing.objects.filter(shop=world.shops[0], product__stockrecords__num_in_stock__gt=5)
    rows = list(stocked.select_related("product", "shop", "form__crop", "grade", "origin")[:2])
    for n, listing in enumerate(rows):
        place_orders(
            basket_lines=[Wanted(listing, 2)],
            contact=Contact("示例顾客", f"1990001{n:04d}"),
            fulfilment=Fulfilment.collect_at(listing.shop.station),
            checkout_key=f"demo-{n}",
            user=None,
            at=world.now - timedelta(hours=5),
        )
