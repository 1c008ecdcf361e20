"""One listing's page: what it says in every season, and what it never says."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from oscar.core.loading import get_model

from growers.models import Station
from harvest_calendar.models import CropUse, GeoMark, GradeNote
from shop.models import Campaign, Listing, ListingPicture
from shop.services.price_split import publish_split
from shop.services.reviews import write_review
from tests.factories.growers import (
    BindingFactory,
    VillageShopFactory,
    make_county,
    make_township,
    make_village,
)
from tests.factories.harvest_calendar import (
    CropFactory,
    GradeFactory,
    HarvestWindowFactory,
    ProductFormFactory,
    SeasonDateFactory,
    VarietyFactory,
)
from tests.factories.presale import CampaignFactory
from tests.factories.shop import NOON, ListingFactory, PurchaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def form_of(name, **crop):
    return ProductFormFactory(crop=CropFactory(name_zh=name, **crop))


def page_of(client, listing):
    answer = client.get(reverse("shop:listing", args=[listing.code]))
    assert answer.status_code == 200
    return answer.content.decode()


def picture(listing, place=0, **facts):
    return ListingPicture.objects.create(
        **{
            "listing": listing,
            "image": f"pictures/2026/08/big-{place}.jpg",
            "small": f"pictures/2026/08/small-{place}.jpg",
            "width": 1600,
            "height": 1200,
            "place": place,
            "added_at": NOON,
        }
        | facts
    )


def test_without_photographs_the_drawing_is_shown(client):
    listing = ListingFactory(form=form_of("花椒"))

    page = page_of(client, listing)

    assert 'class="gallery"' not in page
    assert 'alt="花椒"' in page


def test_photographs_come_with_sizes_words_and_links(client):
    listing = ListingFactory(form=form_of("花椒"))
    picture(listing, 0, caption="刚下架的一筐")
    picture(listing, 1)

    page = page_of(client, listing)

    assert page.index("small-0.jpg 480w") < page.index("small-1.jpg 480w")
    assert "/media/pictures/2026/08/big-0.jpg 1600w" in page
    assert page.count('width="1600" height="1200"') == 2
    assert 'alt="刚下架的一筐"' in page
    assert 'alt="花椒，照片 2"' in page
    assert f"{listing.origin.name_zh}·2026年8月" in page
    first, second = page.split('id="photo-2"')
    assert 'fetchpriority="high"' in first
    assert "lazy" not in first.split('id="photo-1"')[1].split("</figure>")[0]
    assert 'loading="lazy"' in second.split("</figure>")[0]
    assert 'href="#photo-1"' in page
    assert 'href="#photo-2"' in page


def test_one_photograph_needs_no_links(client):
    listing = ListingFactory()
    picture(listing)

    assert 'class="thumbs"' not in page_of(client, listing)


def test_grades_are_explained_and_this_one_marked(client):
    form = form_of("花椒")
    best = GradeFactory(crop=form.crop, name_zh="特级", rank=1)
    other = GradeFactory(crop=form.crop, name_zh="一级", rank=2)
    for grade, text in [(best, "颗粒大。"), (other, "颗粒匀。")]:
        GradeNote.objects.create(
            grade=grade, text_zh=text, text_en="Large.", standard="GB/T 30391-2013"
        )
    listing = ListingFactory(form=form, grade=best)

    page = page_of(client, listing)

    assert "细则看标准 GB/T 30391-2013" in page
    this, rest = page.split('<div class="this">')[1].split("</dl>")[0].split("</div>", 1)
    assert "特级" in this
    assert "颗粒大。" in this
    assert "这一件" in this
    assert "一级" in rest
    assert "颗粒匀。" in rest
    assert "这一件" not in rest


def test_a_grade_nobody_explained_is_called_the_shops_own(client):
    form = form_of("花椒")
    listing = ListingFactory(form=form, grade=GradeFactory(crop=form.crop))

    page = page_of(client, listing)

    assert "按店里的分级，没有对到公开的标准。" in page
    assert "细则看标准" not in page


def test_without_a_grade_nothing_is_said_of_grades(client):
    assert 'id="grade"' not in page_of(client, ListingFactory())


def test_use_and_caution_are_in_the_readers_language(client):
    form = form_of("核桃")
    CropUse.objects.create(
        crop=form.crop,
        text_zh="敲开就能吃。",
        text_en="Crack and eat.",
        caution_zh="坚果，过敏的人不要吃。",
        caution_en="Tree nut.",
    )
    listing = ListingFactory(form=form)

    chinese = page_of(client, listing)
    with override("en"):
        english = page_of(client, listing)

    assert "敲开就能吃。" in chinese
    assert "坚果，过敏的人不要吃。" in chinese
    assert "Crack and eat." in english
    assert "Tree nut." in english
    assert "敲开就能吃。" not in english


def test_altitude_is_that_of_the_windows_behind_the_season(client):
    listing = ListingFactory(season_start_on=date(2026, 7, 5), season_end_on=date(2026, 8, 10))
    county = make_county()
    window = HarvestWindowFactory(crop=listing.form.crop, county=county, name_zh="半坡")
    SeasonDateFactory(window=window)

    page = page_of(client, listing)

    assert "1200—1600 米" in page
    assert 'class="bands"' not in page  # one band is the season itself


def test_what_is_kept_all_year_has_one_season_though_years_touch(client):
    listing = ListingFactory(season_start_on=date(2025, 1, 1), season_end_on=date(2027, 12, 31))
    window = HarvestWindowFactory(crop=listing.form.crop, county=make_county(), name_zh="全年")
    for year in (2025, 2026, 2027):
        SeasonDateFactory(
            window=window,
            year=year,
            start_on=date(year, 1, 1),
            peak_on=date(year, 1, 20),
            end_on=date(year, 12, 31),
        )

    assert 'class="bands"' not in page_of(client, listing)


def test_bands_of_a_season_say_which_are_done(client):
    listing = ListingFactory(season_start_on=date(2026, 7, 5), season_end_on=date(2026, 9, 10))
    county = make_county()
    for name, low, high, start, end in [
        ("河谷", 900, 1200, date(2026, 7, 5), date(2026, 7, 30)),
        ("高坡", 1600, 1900, date(2026, 8, 20), date(2026, 9, 10)),
    ]:
        window = HarvestWindowFactory(
            crop=listing.form.crop,
            county=county,
            name_zh=name,
            altitude_min_m=low,
            altitude_max_m=high,
        )
        SeasonDateFactory(
            window=window, start_on=start, peak_on=start + timedelta(days=9), end_on=end
        )

    page = page_of(client, listing)

    assert "900—1900 米" in page
    done, now = page.split('class="bands"')[1].split("</ul>")[0].split("</li>")[:2]
    assert "900—1200 米" in done
    assert "采完了" in done
    assert "1600—1900 米" in now
    assert "正在采" in now


def test_last_years_window_says_nothing_of_this_year(client):
    listing = ListingFactory(season_start_on=date(2026, 7, 5), season_end_on=date(2026, 8, 10))
    window = HarvestWindowFactory(crop=listing.form.crop, county=make_county())
    SeasonDateFactory(
        window=window,
        start_on=date(2025, 7, 5),
        peak_on=date(2025, 7, 20),
        end_on=date(2025, 8, 10),
    )

    assert "1200—1600 米" not in page_of(client, listing)


def test_a_protected_name_is_said_only_inside_its_county(client):
    form = form_of("花椒", gi_status="国家地理标志产品“武都花椒”")
    facts = {"crop": form.crop, "name_en": "Wudu pepper", "kind": "product"}
    GeoMark.objects.create(county=make_county("武都区"), name_zh="武都花椒", **facts)
    inside = ListingFactory(form=form)
    village = make_village(make_township(make_county("文县")))
    outside = ListingFactory(form=form, shop=VillageShopFactory(village=village))

    assert "“武都花椒”" in page_of(client, inside)
    assert "武都花椒" not in page_of(client, outside)
    assert "地理标志" not in page_of(client, outside)


def test_the_shop_is_named_with_its_station_and_page(client):
    station = Station.objects.create(
        code="ST-1", name_zh="松坪站", township=make_township(), address="街上 1 号"
    )
    shop = VillageShopFactory(station=station, opened_on=date(2021, 3, 15))
    BindingFactory(shop=shop)
    listing = ListingFactory(shop=shop)
    ListingFactory(shop=shop, state="draft", form=form_of("核桃"))

    page = page_of(client, listing)

    for text in (shop.name, "2021年3月", "1 样", "松坪站", "街上 1 号", "一店带多户"):
        assert text in page
    assert f'href="{reverse("shop:shop", args=[shop.code])}"' in page


def test_a_published_split_is_shown_and_another_is_not(client):
    listing = ListingFactory(price=Decimal("78.00"))
    before = page_of(client, listing)
    publish_split(
        listing=listing,
        amounts=dict(
            zip(
                ["grower", "packing", "transport", "shop", "platform"],
                map(Decimal, ["52.00", "5.60", "9.20", "8.00", "3.20"]),
                strict=True,
            )
        ),
    )

    after = page_of(client, listing)

    assert "去了哪里" not in before
    assert "¥78.00 去了哪里" in after
    assert "¥52.00·67%" in after
    assert "农户" not in after


def test_related_are_other_crops_to_be_had_now(client):
    listing = ListingFactory(form=form_of("花椒"))
    same_crop = ListingFactory(form=listing.form)
    empty = ListingFactory(form=form_of("樱桃"), packs=0)
    later = ListingFactory(form=form_of("苹果"), season_state="teaser")
    others = [ListingFactory(form=form_of(f"核桃{n}")) for n in range(5)]

    page = page_of(client, listing).split('id="now"')[1]

    shown = [one for one in others if reverse("shop:listing", args=[one.code]) in page]
    assert len(shown) == 4
    for hidden in (same_crop, empty, later):
        assert reverse("shop:listing", args=[hidden.code]) not in page


def test_related_of_the_county_and_kind_come_first(client):
    far = VillageShopFactory(village=make_village(make_township(make_county("文县"))))
    listing = ListingFactory(form=form_of("花椒", category="spice"))
    other = ListingFactory(form=form_of("党参", category="herb"), shop=far)
    kind = ListingFactory(form=form_of("辣椒", category="spice"), shop=far)
    county = ListingFactory(form=form_of("核桃", category="nut"))
    both = ListingFactory(form=form_of("桂皮", category="spice"))

    page = page_of(client, listing).split('id="now"')[1]

    places = [page.index(one.code) for one in (both, county, kind, other)]
    assert places == sorted(places)


def reviewed(listing):
    purchase = PurchaseFactory(listing=listing, packs=1, state="delivered")
    write_review(
        purchase=purchase, listing=listing, score=5, text="香。", names_buyer=False, at=NOON
    )


def rich_listing() -> Listing:
    """A listing with something in every part of its page."""
    form = form_of("花椒", gi_status="国家地理标志产品“武都花椒”")
    grade = GradeFactory(crop=form.crop, name_zh="特级")
    variety = VarietyFactory(crop=form.crop)
    listing: Listing = ListingFactory(form=form, grade=grade, variety=variety)
    GradeNote.objects.create(grade=grade, text_zh="好。", text_en="Good.")
    CropUse.objects.create(crop=form.crop, text_zh="炒。", text_en="Fry.")
    SeasonDateFactory(window=HarvestWindowFactory(crop=form.crop, county=make_county()))
    CampaignFactory(listing=listing)
    picture(listing)
    reviewed(listing)
    publish_split(
        listing=listing,
        amounts={"grower": listing.price}
        | dict.fromkeys(["packing", "transport"], Decimal(0))
        | dict.fromkeys(["shop", "platform"], Decimal(0)),
    )
    return listing


def test_the_fullest_page_asks_at_most_twelve_times_however_much_there_is(client):
    listing = rich_listing()
    assert Campaign.objects.filter(listing=listing).exists()
    client.post(reverse("shop:basket_add", kwargs={"code": listing.code}), {"packs": "1"})
    assert get_model("basket", "Line").objects.exists()  # the head of the page counts the basket

    with CaptureQueriesContext(connection) as few:
        page_of(client, listing)
    for n in range(1, 4):
        picture(listing, n)
        reviewed(listing)
        ListingFactory(form=form_of(f"核桃{n}"))
        GradeFactory(crop=listing.form.crop, name_zh=f"{n}等", rank=n + 1)
    with CaptureQueriesContext(connection) as many:
        page = page_of(client, listing)

    assert "香。" in page
    assert len(few) == len(many) <= 12


def test_what_is_there_all_year_has_no_last_day(client):
    listing = ListingFactory(
        season_start_on=date(2024, 1, 1),
        season_peak_on=date(2026, 5, 1),
        season_end_on=date(2027, 12, 31),
    )

    page = page_of(client, listing)

    assert "全年都有" in page
    assert "还剩" not in page


def test_a_season_of_next_year_says_next_year_beside_the_price(client):
    listing = ListingFactory(
        season_state="dormant",
        season_start_on=date(2027, 4, 28),
        season_peak_on=date(2027, 5, 15),
        season_end_on=date(2027, 6, 10),
    )

    assert "还没到采收期，明年4月28日前后开。" in page_of(client, listing)
