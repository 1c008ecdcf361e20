"""Photographs of goods: own listings only, in order, at most eight, files gone with them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.errors import NotAllowed
from core.uploads import clean_photo
from shop.models import Listing, ListingPicture
from shop.services.pictures import MOST_PICTURES, add_picture, put_first, remove_picture
from tests.factories.growers import VillageShopFactory, person_with
from tests.factories.presale import NOON
from tests.factories.shop import ListingFactory
from tests.factories.uploads import photo, photo_bytes


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def listing() -> Listing:
    made: Listing = ListingFactory(shop=VillageShopFactory())
    return made


@pytest.fixture
def operator(listing: Listing) -> Client:
    client = Client()
    person = person_with("shop_operator", listing.shop)
    client.force_login(person, backend="growers.sign_in.MobileOrCardBackend")
    return client


def added(listing: Listing, caption: str = "", side: int = 64) -> ListingPicture:
    sent = clean_photo(photo(content=photo_bytes(size=(side, side))))
    return add_picture(listing=listing, photo=sent, caption=caption, by=None, at=NOON)


def captions(listing: Listing) -> list[str]:
    return list(listing.pictures.values_list("caption", flat=True))


@pytest.mark.django_db
def test_a_photograph_is_kept_in_two_sizes(operator: Client, listing: Listing) -> None:
    sent = photo(content=photo_bytes(size=(900, 600), placed=True))

    answer = operator.post(
        f"/work/listings/{listing.code}/pictures/",
        {"picture-photo": sent, "picture-caption": " 高坡上今天采的 "},
    )

    picture = listing.pictures.get()
    assert answer.status_code == 302
    assert (picture.width, picture.height, picture.caption) == (900, 600, "高坡上今天采的")
    assert picture.small.size < picture.image.size
    page = operator.get(f"/work/listings/{listing.code}/").content.decode()
    assert picture.small.url in page
    assert "高坡上今天采的" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"picture-photo": "", "picture-caption": "留着"}, "photo"),
        ({"picture-photo": photo("a.jpg", b"<script>"), "picture-caption": "留着"}, "photo"),
        ({"picture-photo": photo("b.jpg", b""), "picture-caption": "留着"}, "photo"),
        ({"picture-photo": photo("c.jpg"), "picture-caption": "长" * 61}, "caption"),
        ({"picture-photo": photo("c.jpg"), "picture-caption": "13800138000"}, "caption"),
        ({"picture-photo": photo("d" * 300 + ".jpg"), "picture-caption": "留着"}, "photo"),
    ],
)
def test_a_bad_photograph_is_refused_beside_its_field(
    operator: Client, listing: Listing, typed: dict[str, Any], field: str
) -> None:
    answer = operator.post(f"/work/listings/{listing.code}/pictures/", typed)

    assert answer.status_code == 422
    assert list(answer.context["picture_form"].errors) == [field]
    assert typed["picture-caption"] in answer.content.decode()
    assert not listing.pictures.exists()


@pytest.mark.django_db
def test_another_shops_pictures_are_not_found(operator: Client, listing: Listing) -> None:
    foreign: Listing = ListingFactory()
    theirs, mine = added(foreign), added(listing)
    for address in (
        f"/work/listings/{foreign.code}/pictures/",
        f"/work/listings/{foreign.code}/pictures/{theirs.pk}/",
        f"/work/listings/{listing.code}/pictures/{theirs.pk}/",
        f"/work/listings/{foreign.code}/pictures/{mine.pk}/",
    ):
        assert operator.post(address, {"step": "remove"}).status_code == 404
    assert ListingPicture.objects.count() == 2


@pytest.mark.django_db
def test_the_first_is_put_first_and_the_rest_keep_their_order(listing: Listing) -> None:
    for caption in "甲乙丙丁":
        added(listing, caption)

    put_first(picture=listing.pictures.get(caption="丙"))

    assert captions(listing) == ["丙", "甲", "乙", "丁"]


@pytest.mark.django_db(transaction=True)
def test_files_go_when_the_photograph_goes(listing: Listing) -> None:
    picture = added(listing)
    names = [picture.image.name, picture.small.name]
    assert all(default_storage.exists(name) for name in names)

    remove_picture(picture=picture)

    assert not any(default_storage.exists(name) for name in names)
    assert captions(listing) == []


@pytest.mark.django_db
def test_a_ninth_is_refused(operator: Client, listing: Listing) -> None:
    for _n in range(MOST_PICTURES):
        added(listing)

    with pytest.raises(NotAllowed):
        added(listing)
    answer = operator.post(f"/work/listings/{listing.code}/pictures/", {"picture-photo": photo()})

    assert answer.status_code == 422
    assert "最多放 8 张照片" in answer.content.decode()


@pytest.mark.django_db
def test_the_page_asks_no_more_with_more_pictures(operator: Client, listing: Listing) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            operator.get(f"/work/listings/{listing.code}/")
        return len(queries)

    added(listing)
    asked()
    few = asked()
    for _n in range(5):
        added(listing)

    assert asked() == few


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_uploads_at_once_stay_within_the_most(listing: Listing) -> None:
    sent = clean_photo(photo()).file.read()

    def upload(n: int) -> str:
        try:
            add_picture(
                listing=listing,
                photo=clean_photo(photo(f"{n}.jpg", sent)),
                caption=str(n),
                by=None,
                at=NOON,
            )
        except NotAllowed:
            return "full"
        finally:
            connections.close_all()
        return "added"

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(upload, range(12)))

    assert answers.count("added") == MOST_PICTURES
    assert sorted(listing.pictures.values_list("place", flat=True)) == list(range(MOST_PICTURES))
