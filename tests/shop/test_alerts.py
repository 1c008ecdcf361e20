"""Being told when a crop is for sale: once a season, until one ends it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from core.clock import start_of
from core.crypto import fingerprint
from growers.models import Region
from harvest_calendar.models import Crop
from notices.errors import TooOften
from notices.models import Notice
from shop.models import Listing, ListingState, SeasonAlert, SeasonState
from shop.selectors.alerts import alerts_of, crop_coming
from shop.services.alerts import ask_to_be_told, stop_telling
from shop.services.listings import publish_listing, withdraw_listing
from shop.services.seasons import refresh_season_states
from tests.factories.growers import UserFactory, make_county
from tests.factories.harvest_calendar import CropFactory
from tests.factories.presale import NOON, CampaignFactory, make_ripening_listing
from tests.notices.inbox import code_for, messages_to, texts_to

pytestmark = pytest.mark.django_db
MOBILE, OTHER = "13911112222", "13911113333"
READY = date(2026, 9, 20)


def wish(crop: Crop, mobile: str = MOBILE, county: Region | None = None, **facts: Any):
    return ask_to_be_told(
        **{
            "mobile": mobile,
            "crop": crop,
            "county": county,
            "language": "zh-hans",
            "address": "10.0.0.1",
            "at": NOON,
            **facts,
        }
    )


def refresh(day: date) -> None:
    refresh_season_states(on=day, at=start_of(day))


def teaser() -> Listing:
    """A listing that waits for 20 September 2026."""
    listing = make_ripening_listing()
    refresh(date(2026, 8, 28))
    listing.refresh_from_db()
    assert listing.season_state == SeasonState.TEASER
    return listing


def test_opening_is_told_once_with_links() -> None:
    listing = teaser()
    alert = wish(listing.form.crop)

    for day in range(12):
        refresh(READY + timedelta(days=day))

    [text] = texts_to(MOBILE)
    assert listing.form.crop.name_zh in text
    assert f"/shop/?crop={listing.form.crop.key}" in text
    assert f"/tell-me/stop/{alert.token}/" in text
    alert.refresh_from_db()
    assert alert.told_on == READY


def test_presale_is_an_opening_and_the_harvest_after_it_is_not_told_again() -> None:
    listing = teaser()
    wish(listing.form.crop)
    CampaignFactory(listing=listing)

    refresh(date(2026, 8, 29))
    refresh(READY)

    assert [message.template for message in messages_to(MOBILE)] == ["shop.presale_opened"]


def test_who_asks_during_the_presale_is_told_of_the_harvest() -> None:
    listing = teaser()
    CampaignFactory(listing=listing)
    refresh(date(2026, 8, 29))
    wish(listing.form.crop)

    refresh(READY)

    assert [message.template for message in messages_to(MOBILE)] == ["shop.season_opened"]


def test_next_year_it_is_told_again() -> None:
    listing = teaser()
    wish(listing.form.crop)
    refresh(READY)
    SeasonAlert.objects.update(told_on=READY - timedelta(days=365))
    Listing.objects.update(season_state=SeasonState.TEASER, season_start_on=date(2025, 9, 7))
    Notice.objects.update(key="season:last-year")

    refresh(READY)

    assert Notice.objects.count() == 2


def test_other_crops_other_counties_and_listings_nobody_sees_are_not_told() -> None:
    listing = teaser()
    county = Region.objects.get(pk=listing.origin.county_code)
    elsewhere = make_county("文县")
    assert elsewhere != county
    wish(CropFactory(), "13900000001")
    wish(listing.form.crop, "13900000002", elsewhere)
    wish(listing.form.crop, "13900000003", county)
    hidden = make_ripening_listing()
    wish(hidden.form.crop, "13900000004")
    withdraw_listing(code=hidden.code, by=None, at=NOON)

    refresh(READY)

    told = set(Notice.objects.values_list("template", flat=True))
    assert Notice.objects.count() == 1
    assert told == {"shop.season_opened"}
    assert len(texts_to("13900000003")) == 1


def test_listing_published_in_its_season_is_an_opening() -> None:
    listing = teaser()
    withdraw_listing(code=listing.code, by=None, at=NOON)
    Listing.objects.filter(pk=listing.pk).update(
        state=ListingState.DRAFT, season_state=SeasonState.IN_SEASON
    )
    wish(listing.form.crop)

    publish_listing(code=listing.code, by=None, at=NOON)

    assert len(texts_to(MOBILE)) == 1


def test_last_weeks_that_grow_longer_are_no_opening() -> None:
    listing = teaser()
    Listing.objects.update(season_state=SeasonState.LAST_WEEKS)
    wish(listing.form.crop)

    refresh(READY)

    assert texts_to(MOBILE) == []


def test_message_is_in_the_language_of_the_wish() -> None:
    listing = teaser()
    wish(listing.form.crop, language="en")

    refresh(READY)

    [message] = messages_to(MOBILE)
    assert message.language == "en"
    assert "/en/shop/?crop=" in message.text


def test_hundred_wishes_take_as_many_queries_as_one(django_assert_max_num_queries: Any) -> None:
    one, many = teaser(), make_ripening_listing()
    wish(one.form.crop)
    for n in range(60):
        wish(many.form.crop, f"139000000{n:02d}", address=f"10.0.0.{n}")
    Listing.objects.update(season_state=SeasonState.TEASER)
    with django_assert_max_num_queries(60) as asked:
        refresh_season_states(on=READY, at=start_of(READY), listing_ids=[one.pk])

    with django_assert_max_num_queries(len(asked)):
        refresh_season_states(on=READY, at=start_of(READY), listing_ids=[many.pk])

    assert Notice.objects.count() == 61


def test_asked_twice_is_one_wish_in_the_newest_language() -> None:
    crop = CropFactory()

    first, second = wish(crop), wish(crop, language="en")
    wish(crop, county=make_county())

    assert first == second
    assert second.language == "en"
    assert SeasonAlert.objects.count() == 2


def test_one_number_asks_twenty_times_a_day() -> None:
    for _n in range(20):
        wish(CropFactory())

    with pytest.raises(TooOften):
        wish(CropFactory())
    assert SeasonAlert.objects.count() == 20


@pytest.mark.parametrize("county", [False, True])
def test_table_holds_one_wish_and_none_without_a_number(county: bool) -> None:
    crop, place = CropFactory(), make_county() if county else None
    facts = {"crop": crop, "county": place, "language": "en", "created_at": NOON}
    wish(crop, county=place)

    with pytest.raises(IntegrityError), transaction.atomic():
        SeasonAlert.objects.create(token="a", who=fingerprint(MOBILE), mobile=MOBILE, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        SeasonAlert.objects.create(token="b", who=fingerprint("x"), mobile="", **facts)


def test_number_is_not_readable_in_the_table() -> None:
    wish(CropFactory())

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM shop_seasonalert")
        row = " ".join(map(str, cursor.fetchone()))

    assert MOBILE not in row


# The pages ------------------------------------------------------------------------------------


def page(crop: Crop, county: str = "") -> str:
    url = reverse("shop:tell_me", args=[crop.key])
    return f"{url}?county={county}" if county else url


def text(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


def test_visitor_asks_with_number_and_code(client: Client) -> None:
    crop, county = CropFactory(), make_county()
    client.post(page(crop), {"step": "number", "mobile": MOBILE, "county": county.code})
    waiting = text(client.get(page(crop, county.code)))
    assert not SeasonAlert.objects.exists()

    answer = client.post(
        page(crop), {"step": "code", "code": code_for(MOBILE), "county": county.code}
    )

    assert f'name="county" value="{county.code}"' in waiting
    alert = SeasonAlert.objects.get()
    assert (alert.mobile, alert.crop, alert.county) == (MOBILE, crop, county)
    assert "已经记下" in text(client.get(answer.url))


def test_wrong_code_asks_for_nothing(client: Client) -> None:
    crop = CropFactory()
    client.post(page(crop), {"step": "number", "mobile": MOBILE})
    code = code_for(MOBILE)

    answer = client.post(page(crop), {"step": "code", "code": f"{(int(code) + 1) % 10**6:06d}"})

    assert answer.status_code == 422
    assert not SeasonAlert.objects.exists()


def test_signed_in_person_asks_at_once_and_sees_it(client: Client) -> None:
    crop, person = CropFactory(), UserFactory(mobile=MOBILE)
    client.force_login(person, backend="growers.sign_in.MobileOrCardBackend")

    before = text(client.get(page(crop)))
    client.post(page(crop))

    assert "139****2222" in before
    assert [one.crop for one in alerts_of(person)] == [crop]
    assert "已经记下" in text(client.get(page(crop)))
    assert not messages_to(MOBILE)


def test_medicine_is_not_announced(client: Client) -> None:
    crop = CropFactory(sale_class="medicinal_only")

    assert client.get(page(crop)).status_code == 404
    assert client.post(page(crop), {"step": "number", "mobile": MOBILE}).status_code == 404


@pytest.mark.parametrize("county", ["1", "x" * 40, "621200000000", "²", "示例"])
def test_strange_county_is_anywhere(client: Client, county: str) -> None:
    crop = CropFactory()

    assert client.get(page(crop, county)).status_code == 200


def test_link_shows_a_page_and_only_its_button_ends_the_wish() -> None:
    alert = wish(CropFactory())
    url = f"/tell-me/stop/{alert.token}/"
    client = Client()

    shown = client.get(url)
    still = SeasonAlert.objects.count()
    ended = client.post(url)
    again = client.get(url)

    assert (shown.status_code, ended.status_code, again.status_code) == (200, 200, 200)
    assert still == 1
    assert not SeasonAlert.objects.exists()
    assert "号码已经删掉" in text(ended)
    assert "已经不再告诉了" in text(again)
    assert "_auth_user_id" not in client.session


def test_what_is_no_token_is_not_found(client: Client) -> None:
    assert client.get("/tell-me/stop/abc/").status_code == 404
    assert client.post("/tell-me/stop/abc/").status_code == 404


def test_after_ending_it_nothing_is_told() -> None:
    listing = teaser()
    alert = wish(listing.form.crop)

    assert stop_telling(token=alert.token)
    assert not stop_telling(token=alert.token)
    refresh(READY)

    assert texts_to(MOBILE) == []


def test_page_knows_when_a_crop_comes() -> None:
    listing = make_ripening_listing()
    county = Region.objects.get(pk=listing.origin.county_code)
    crop = listing.form.raw_crop

    before = crop_coming(crop, place=None, on=date(2026, 8, 28))
    during = crop_coming(crop, place=county, on=READY)

    assert (before.runs, before.next_on, before.counties) == (False, date(2026, 9, 7), [county])
    assert during.runs
