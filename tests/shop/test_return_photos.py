"""Photographs of damage: checked and made anew, and seen by those they concern only."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from config import settings
from devtools.stripe_emulator.testing import Running
from shop.models import Purchase, ReturnPhoto, ReturnRequest
from tests.factories.growers import RegionFactory, UserFactory, person_with
from tests.factories.payouts import delivered, grown, grown_listing
from tests.factories.shop import NOON, ListingFactory
from tests.factories.uploads import GPS_NOTES, photo_bytes
from tests.logistics.pages import text_of
from tests.shop.buying import paid, stripe
from tests.shop.test_pay_now_pages import remembered, return_form, url

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("core.clock.now", lambda: NOON)


@pytest.fixture
def order(stripe: Running) -> Purchase:
    """A delivered order."""
    listing = grown_listing()
    grown(listing)
    [order] = paid(stripe, listing)
    delivered(order)
    order.refresh_from_db()
    return order


def sent(content: bytes | None = None, name: str = "IMG_1.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or photo_bytes(placed=True), "image/jpeg")


def claimed(client: Client, order: Purchase, **files: SimpleUploadedFile):
    remembered(client, order)
    form = return_form(order, kind="damaged", words="烂了两颗", **files)
    return client.post(url("order_return", order.code), form)


def test_photographs_are_made_anew_without_the_place(client: Client, order: Purchase) -> None:
    answer = claimed(client, order, photo_1=sent(), photo_3=sent())

    assert answer.status_code == 302
    first, second = ReturnPhoto.objects.all()
    assert (first.number, second.number) == (1, 2)
    with Image.open(first.image) as made:
        assert made.format == "JPEG"
        assert GPS_NOTES not in made.getexif()
    assert "IMG_1" not in first.image.name


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"%PDF-1.4 x", "PDF"), (b"<script>alert(1)</script>", "不是照片"), (b"", "空的")],
)
def test_what_is_no_photograph_is_named_at_its_field(
    client: Client, order: Purchase, content: bytes, said: str
) -> None:
    remembered(client, order)
    file = SimpleUploadedFile("a.jpg", content, "image/jpeg")
    form = return_form(order, kind="damaged", words="烂了", photo_2=file)

    answer = client.post(url("order_return", order.code), form)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'id="id_photo_2_error"' in page
    assert not ReturnRequest.objects.exists()


def test_buyer_shop_and_auditors_see_it_and_nobody_else(client: Client, order: Purchase) -> None:
    claimed(client, order, photo_1=sent())
    address = url("return_photo", ReturnRequest.objects.get().code, 1)
    people = {
        "shop": person_with("shop_operator", order.shop),
        "auditor": person_with("auditor", order.shop.village),
        "auditor elsewhere": person_with("auditor", RegionFactory()),
        "other shop": person_with("shop_operator", ListingFactory().shop),
        "keeper": person_with("station_keeper", order.station),
        "somebody": UserFactory(),
    }
    found = {"buyer": client.get(address), "stranger": Client().get(address)}
    for name, person in people.items():
        browser = Client()
        browser.force_login(person)
        found[name] = browser.get(address)

    assert {name: answer.status_code for name, answer in found.items()} == {
        "buyer": 200,
        "shop": 200,
        "auditor": 200,
        "auditor elsewhere": 404,
        "other shop": 404,
        "keeper": 404,
        "somebody": 404,
        "stranger": 404,
    }
    assert found["buyer"]["Content-Type"] == "image/jpeg"
    assert "no-store" in found["shop"]["Cache-Control"]


def test_private_files_have_no_address() -> None:
    place = settings.STORAGES["private"]["OPTIONS"]

    assert place["base_url"] is None
    assert not place["location"].is_relative_to(settings.MEDIA_ROOT)


def test_shop_and_buyer_find_it_on_their_pages(client: Client, order: Purchase) -> None:
    claimed(client, order, photo_1=sent())
    row = ReturnRequest.objects.get()
    address = url("return_photo", row.code, 1)

    assert address in client.get(url("order", order.code)).content.decode()
    client.force_login(person_with("shop_operator", order.shop))
    page = client.get(url("work_return", row.code))

    assert address in page.content.decode()
    assert "烂了两颗" in text_of(page)
