"""Oscar uses our forks, keeps its own migrations, and season decides availability."""

import pytest
from oscar.apps.analytics import receivers
from oscar.apps.catalogue.signals import product_viewed
from oscar.core.loading import get_class, get_model

from config.settings import MIGRATION_MODULES
from tests.factories.shop import ListingFactory


@pytest.mark.parametrize(
    ("label", "model"),
    [("basket", "Basket")],
)
def test_forked_models_are_ours(label, model):
    assert get_model(label, model).__module__ == f"shop.{label}.models"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("partner.strategy", "Selector"),
        ("partner.strategy", "SeasonStrategy"),
        ("partner.availability", "InSeason"),
    ],
)
def test_forked_classes_are_ours(path, name):
    assert get_class(path, name).__module__ == f"shop.{path}"


def test_forks_stand_in_for_oscars_apps():
    from django.apps import apps

    for label in ("basket", "catalogue", "checkout", "order", "partner", "search"):
        assert apps.get_app_config(label).name == f"shop.{label}"
    for label in ("basket", "catalogue", "order", "partner"):
        assert MIGRATION_MODULES[label] == f"oscar.apps.{label}.migrations"


def test_our_basket_adds_no_column():
    from oscar.apps.basket.abstract_models import AbstractBasket

    ours = {field.name for field in get_model("basket", "Basket")._meta.local_fields}

    assert ours == {"id", *(field.name for field in AbstractBasket._meta.local_fields)}


def test_looking_at_a_product_is_not_counted():
    connected = list(product_viewed._live_receivers(None)[0])

    assert receivers.receive_product_view not in connected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "can_buy", "reason"),
    [
        ({"season_state": "in_season"}, True, ""),
        ({"season_state": "last_weeks"}, True, ""),
        ({"season_state": "presale"}, False, "正在预售，先约好，采收后再发。"),
        ({"season_state": "teaser"}, False, "还没到采收期，7月5日前后开。"),
        (
            {"season_state": "dormant", "season_start_on": None},
            False,
            "还没到采收期，日子定了就写在这里。",
        ),
        ({"packs": 0}, False, "卖完了，等下一批上山货。"),
        ({"state": "draft"}, False, "这件山货已经下架。"),
    ],
)
def test_strategy_answers_by_season_and_free_packs(facts, can_buy, reason):
    product = ListingFactory(**facts).product
    strategy = get_class("partner.strategy", "Selector")().strategy()

    info = strategy.fetch_for_product(product)

    assert info.availability.is_available_to_buy is can_buy
    assert info.availability.is_purchase_permitted(1) == (can_buy, reason)
    assert info.price.incl_tax == ListingFactory.price


@pytest.mark.django_db
def test_strategy_refuses_more_than_is_free():
    product = ListingFactory(packs=2).product
    strategy = get_class("partner.strategy", "Selector")().strategy()

    permitted = strategy.fetch_for_product(product).availability.is_purchase_permitted(3)

    assert permitted == (False, "只剩 2 份，请改一下份数。")


@pytest.mark.django_db
def test_product_without_a_listing_is_not_for_sale():
    listing = ListingFactory()
    product = get_model("catalogue", "Product").objects.create(
        title="无主", product_class=listing.product.product_class
    )
    strategy = get_class("partner.strategy", "Selector")().strategy()

    assert strategy.fetch_for_product(product).availability.is_available_to_buy is False
