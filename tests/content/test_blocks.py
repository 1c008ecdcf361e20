"""Blocks show what other apps know today, all together in a fixed number of questions."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from content.blocks import body_blocks
from content.models import GuidePage, HomePage, NumberName, PublicNumber
from content.services.counts import count_numbers
from growers.models import VillageShop
from harvest_calendar.models import Crop, ProductForm
from logistics.models import PayoutDue, PayoutState
from shop.models import Listing
from tests.content.conftest import NOW, TODAY
from tests.factories.content import fresh, make_consent, make_story
from tests.factories.growers import HouseholdFactory, VillageShopFactory
from tests.factories.logistics import make_contract, make_form, make_ticket
from tests.factories.presale import CampaignFactory
from tests.factories.shop import ListingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]

KINDS = [name for name, _block in body_blocks()]


def make_page(*blocks: tuple[str, dict[str, Any]]) -> GuidePage:
    home = HomePage.objects.get(locale__language_code="zh-hans")
    body = [{"type": kind, "value": value} for kind, value in blocks]
    slug = f"page-{GuidePage.objects.count()}"
    guide = GuidePage(locale=home.locale, title="样张", slug=slug, body=body)
    return fresh(home.add_child(instance=guide))


def shown(page: GuidePage) -> str:
    answer = Client().get(page.url)
    assert answer.status_code == 200
    return answer.content.decode()


def products(rule: str, **facts: Any) -> tuple[str, dict[str, Any]]:
    return "products", {"title": "", "rule": rule, "chosen": [], "count": 8, **facts}


@pytest.fixture
def shelf() -> dict[str, Listing]:
    """A listing in every state, of one crop each but for two of the first."""
    states = ["in_season", "last_weeks", "presale", "teaser", "dormant"]
    found = {state: ListingFactory(season_state=state) for state in states}
    found["same_crop"] = ListingFactory(
        form=found["in_season"].form, season_state="in_season", season_end_on=None
    )
    return found


def _listed(body: str, shelf: dict[str, Listing]) -> set[str]:
    return {name for name, listing in shelf.items() if f"/shop/listings/{listing.code}/" in body}


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("now", {"in_season", "last_weeks"}),
        ("soon", {"presale", "teaser"}),
        ("ripe", {"in_season", "last_weeks", "presale", "teaser"}),
    ],
)
def test_a_rule_decides_what_is_shown(
    rule: str, wanted: set[str], shelf: dict[str, Listing]
) -> None:
    found = _listed(shown(make_page(products(rule))), shelf)

    same = {"in_season", "same_crop"}  # one tile a crop, whichever of the two comes first
    assert found - same == wanted - same
    assert len(found & same) == (1 if "in_season" in wanted else 0)


def test_one_crop_may_fill_the_block(shelf: dict[str, Listing]) -> None:
    crop = shelf["in_season"].form.crop.key

    assert _listed(shown(make_page(products("crop", crop=crop))), shelf) == {
        "in_season",
        "same_crop",
    }


def test_chosen_listings_keep_the_editors_order(shelf: dict[str, Listing]) -> None:
    chosen = [shelf["dormant"], shelf["in_season"]]
    items = [{"type": "item", "value": x.pk, "id": str(x.pk)} for x in chosen]

    body = shown(make_page(products("chosen", chosen=items)))

    assert _listed(body, shelf) == {"dormant", "in_season"}
    assert body.index(chosen[0].code) < body.index(chosen[1].code)


def test_what_is_sold_out_does_not_take_a_place(shelf: dict[str, Listing]) -> None:
    for listing in (shelf["in_season"], shelf["same_crop"]):
        listing.product.stockrecords.update(num_in_stock=0)

    assert _listed(shown(make_page(products("now"))), shelf) == {"last_weeks"}


def test_campaigns_that_close_first(shelf: dict[str, Listing]) -> None:
    campaign = CampaignFactory(listing=shelf["presale"])

    body = shown(make_page(("campaigns", {"rule": "closing", "count": 3, "chosen": []})))

    assert reverse("shop:campaign", args=[campaign.code]) in body


def test_a_closed_campaign_is_left_out_though_chosen(shelf: dict[str, Listing]) -> None:
    campaign = CampaignFactory(listing=shelf["presale"])
    chosen = [{"type": "item", "value": campaign.pk, "id": "1"}]
    page = make_page(("campaigns", {"rule": "chosen", "count": 3, "chosen": chosen}))
    assert campaign.code in shown(page)

    campaign.state, campaign.closed_at = "succeeded", NOW
    campaign.save()

    assert campaign.code not in shown(page)


@pytest.mark.parametrize(
    ("facts", "wanted", "unwanted"),
    [
        ({"rule": "month"}, "花椒", "羊肚菌"),
        ({"rule": "crop", "crop": "morel"}, "两当县", "礼县"),
        ({"rule": "county", "county": "621226000000", "count": 20}, "大黄", "羊肚菌"),
    ],
)
def test_calendar_rows(facts: dict[str, Any], wanted: str, unwanted: str) -> None:
    from harvest_calendar.services import date_seasons

    date_seasons(year=TODAY.year, at=NOW)
    body = shown(make_page(("calendar", {"title": "", "count": 12, **facts})))
    main = body.split("<main")[1].split("</main>")[0]

    assert wanted in main
    assert unwanted not in main


def test_ten_blocks_ask_no_more_than_one(shelf: dict[str, Listing]) -> None:
    CampaignFactory(listing=shelf["presale"])
    make_story(make_consent())
    kinds = [
        products("ripe"),
        ("campaigns", {"rule": "closing", "count": 3, "chosen": []}),
        ("calendar", {"rule": "month", "count": 6}),
        ("numbers", {"names": ["listings"]}),
        ("story", {"story": None}),
    ]
    others = [
        products("crop", crop=shelf["teaser"].form.crop.key),
        products("now", count=2),
        ("campaigns", {"rule": "closing", "count": 1, "chosen": []}),
        ("calendar", {"rule": "crop", "crop": "morel", "count": 6}),
        ("numbers", {"names": ["crops", "sold"]}),
    ]
    few, many = make_page(*kinds), make_page(*kinds, *others)

    costs = []
    for page in (few, many):
        Client().get(page.url)
        with CaptureQueriesContext(connection) as queries:
            shown(page)
        costs.append(len(queries))

    assert costs[0] == costs[1] <= 13  # the home page, which needs no counterpart, 12


def test_more_listings_cost_no_more_questions(shelf: dict[str, Listing]) -> None:
    page = make_page(products("ripe", count=12))
    costs = []
    for _round in range(2):
        Client().get(page.url)
        with CaptureQueriesContext(connection) as queries:
            shown(page)
        costs.append(len(queries))
        for _n in range(3):
            ListingFactory(season_state="in_season")

    assert costs[0] == costs[1]


def _delivered_by(households: int) -> None:
    shop: VillageShop = VillageShopFactory()
    form: ProductForm = make_form()
    for _n in range(households):
        home = HouseholdFactory(cooperative=shop.cooperative)
        ticket = make_ticket(make_contract(shop=shop, household=home, form=form))
        due = PayoutDue.objects.get(ticket=ticket)
        due.state, due.paid_at = PayoutState.PAID, NOW
        due.save()


@pytest.mark.parametrize(("households", "growers"), [(9, None), (10, 10), (13, 10)])
def test_numbers_about_households_need_ten(households: int, growers: int | None) -> None:
    _delivered_by(households)

    count_numbers(at=NOW)

    found = {row.name: row.value for row in PublicNumber.objects.all()}
    assert found[NumberName.GROWERS] == growers
    assert (found[NumberName.TAKEN] is None) == (growers is None)
    assert (found[NumberName.PAID] is None) == (growers is None)


def test_a_number_that_may_not_be_said_is_said_to_be_missing() -> None:
    _delivered_by(9)
    count_numbers(at=NOW)
    page = make_page(("numbers", {"names": ["growers", "taken", "listings"]}))

    body = shown(page)

    assert body.count("还不到十户") == 2
    paid = PayoutDue.objects.first()
    assert paid is not None
    assert paid.amount > Decimal(0)
    assert f"{paid.amount * 9:,.0f}" not in body


def test_links_to_pages_that_are_not_out_are_left_out() -> None:
    open_page, closed = make_page(), make_page()
    items = [
        {"type": "item", "value": {"page": page.pk, "line": "一句"}, "id": str(page.pk)}
        for page in (open_page, closed)
    ]
    page = make_page(("links", {"title": "去看", "links": items}))
    assert all(url in shown(page) for url in (open_page.url, closed.url))

    closed.unpublish()

    assert open_page.url in shown(page)
    assert closed.url not in shown(page)


def test_a_story_band_is_left_out_when_there_is_none() -> None:
    assert "b-story" not in Client().get("/").content.decode()
    make_story(make_consent())
    assert "b-story" in Client().get("/").content.decode()


def _blocks() -> Iterator[Any]:
    yield from HomePage.body.field.stream_block.child_blocks.values()


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_block_has_a_preview(name: str, language: str, desk: Client) -> None:
    block = next(one for one in _blocks() if one.name == name)

    with override(language):
        answer = desk.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})

    body = answer.content.decode()
    assert answer.status_code == 200
    assert "pages.css" in body
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("name", KINDS)
def test_every_block_says_what_it_is_in_chinese(name: str) -> None:
    block = next(one for one in _blocks() if one.name == name)

    assert block.is_previewable
    assert str(block.meta.description)
    assert str(block.label) != name


def test_strangers_do_not_preview_blocks() -> None:
    block = next(_blocks())

    answer = Client().get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})

    assert answer.status_code == 302


@pytest.mark.parametrize(
    "value",
    [{"rule": "county", "count": 4, "chosen": []}, {"rule": "chosen", "count": 4, "chosen": []}],
)
def test_a_rule_without_its_choice_is_refused(value: dict[str, Any]) -> None:
    block = next(one for one in _blocks() if one.name == "products")

    with pytest.raises(Exception, match="Validation error"):
        block.clean(block.to_python({"title": "", "crop": "", "county": "", **value}))


def test_medicine_cannot_be_chosen() -> None:
    from content.choices import crops

    offered = {key for key, _label in crops()}

    assert "codonopsis" in offered
    assert Crop.objects.filter(key="pinellia").exists()
    assert "pinellia" not in offered
