"""The editors' desk: previews of every page, rights just wide enough, strangers stay out."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.models import Page

from content.models import FirstPage, SitePicture, StoryConsent
from content.services.editors import let_editors_edit
from core.words import has_chinese
from growers.models import Membership, User
from tests.content.conftest import TODAY, signed_in
from tests.factories.content import make_notice, make_picture, make_story
from tests.factories.growers import HouseholdFactory, UserFactory, VillageShopFactory, person_with
from tests.factories.uploads import GPS_NOTES, photo_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]

KEYS = ["home", "guides", "how-to-buy", "returns", "crop-walnut_dry", "help-household"]


def _page(key: str, language: str = "zh-hans") -> Page:
    return FirstPage.objects.get(key=key, language_code=language).page.specific


def _typed(value: object) -> object:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value or ""


def _preview(desk: Client, page: Page, mode: str = "") -> str:
    """What the preview beside the editor shows of the page as it is being written."""
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    form = desk.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).context["form"]
    sent = {name: _typed(form[name].value()) for name in form.fields if name != "body"}
    sent |= {"title": "还没发布的题目", "body-count": "0"}
    sent |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    answer = desk.post(address, sent)
    assert answer.json()["is_valid"], answer.json()
    shown = desk.get(address, {"mode": mode})
    assert shown.status_code == 200 or mode
    return shown.content.decode()


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_kind_of_page_is_previewed_before_it_is_out(
    key: str, language: str, desk: Client
) -> None:
    body = _preview(desk, _page(key, language))

    assert "还没发布的题目" in body or key == "home"  # the home page's title is not on the page
    assert f'lang="{"zh-hans" if language == "zh-hans" else "en"}' in body.lower()
    assert "还没发布的题目" not in Client().get(_page(key, language).url).content.decode()


def test_a_story_is_previewed_as_a_draft_and_as_it_will_be_gone(
    desk: Client, consent: StoryConsent
) -> None:
    story = make_story(consent, live=False)

    assert "还没发布的题目" in _preview(desk, story)
    assert "撤下" in _preview(desk, story, "gone")


def test_a_notice_is_previewed(desk: Client) -> None:
    assert "还没发布的题目" in _preview(desk, make_notice())


def test_the_preview_offers_a_phone_first() -> None:
    sizes = _page("home").preview_sizes

    assert (sizes[0]["name"], sizes[0]["device_width"]) == ("phone", 360)
    assert [size["device_width"] for size in sizes] == [360, 768, 1280]


OPEN = ["wagtailadmin_home", "wagtailimages:index", "consents:index", "consents:add"]
CLOSED = [
    "wagtailusers_users:index",
    "wagtailusers_groups:index",
    "wagtailsites:index",
    "wagtailredirects:index",
    "wagtailadmin_collections:index",
    "wagtaildocs:index",
    "admin:index",
]


@pytest.mark.parametrize("name", OPEN)
def test_an_editor_gets_to(name: str, desk: Client) -> None:
    answer = desk.get(reverse(name))

    assert answer.status_code == 200
    assert has_chinese(answer.content.decode())


@pytest.mark.parametrize("name", CLOSED)
def test_an_editor_does_not_get_to(name: str, desk: Client) -> None:
    assert desk.get(reverse(name)).status_code == 302


def test_an_editor_may_translate_a_page(desk: Client) -> None:
    notice = make_notice()

    page = desk.get(reverse("simple_translation:submit_page_translation", args=[notice.pk]))

    assert page.status_code == 200
    assert "English" in page.content.decode()


def test_an_editor_does_not_delete_consents(desk: Client, consent: StoryConsent) -> None:
    desk.post(reverse("consents:delete", args=[consent.pk]))

    assert StoryConsent.objects.filter(pk=consent.pk).exists()


@pytest.mark.parametrize("role", ["shop_operator", "household", ""])
def test_strangers_do_not_get_to_the_desk(role: str) -> None:
    things = {"shop_operator": VillageShopFactory, "household": HouseholdFactory}
    someone = person_with(role, things[role]()) if role else UserFactory()

    for name in OPEN:
        answer = signed_in(someone).get(reverse(name))
        assert answer.status_code == 302
        assert Client().get(reverse(name)).status_code == 302


def test_the_right_to_edit_ends_with_the_role(editor: User) -> None:
    assert signed_in(editor).get(reverse("wagtailadmin_home")).status_code == 200

    Membership.objects.filter(user=editor).update(valid_to=TODAY)
    let_editors_edit(on=TODAY + timedelta(days=1))

    assert signed_in(editor).get(reverse("wagtailadmin_home")).status_code == 302


def test_the_right_to_edit_comes_with_the_role_and_goes_when_it_is_taken(editor: User) -> None:
    Membership.objects.get(user=editor).delete()

    assert signed_in(editor).get(reverse("wagtailadmin_home")).status_code == 302


def test_an_editor_named_before_the_pages_may_edit_when_they_come(editor: User) -> None:
    Group.objects.filter(name="编辑").delete()
    Membership.objects.get(user=editor).save()
    assert signed_in(editor).get(reverse("wagtailadmin_home")).status_code == 302

    call_command("load_content", verbosity=0, stdout=StringIO())

    assert signed_in(editor).get(reverse("wagtailadmin_home")).status_code == 200


def test_the_desk_asks_no_other_site(desk: Client) -> None:
    for name in ("wagtailadmin_home", "wagtailadmin_account"):
        body = desk.get(reverse(name)).content.decode()
        assert "gravatar" not in body
        assert "releases.wagtail" not in body
        assert "guide.wagtail" not in body


def _upload(desk: Client, name: str, content: bytes, **facts: str) -> int:
    sent = {"title": "示例", "file": SimpleUploadedFile(name, content), **facts}
    collection = {"collection": "1", "tags": ""}
    desk.post(reverse("wagtailimages:add"), {**collection, **sent})
    return SitePicture.objects.count()


def test_a_picture_loses_where_it_was_taken(desk: Client) -> None:
    sent = photo_bytes(placed=True)
    assert Image.open(SimpleUploadedFile("x.jpg", sent)).getexif().get_ifd(GPS_NOTES)

    assert _upload(desk, "x.jpg", sent) == 1

    picture = SitePicture.objects.get()
    kept = Image.open(picture.file)
    assert kept.format == "JPEG"
    assert not kept.getexif().get_ifd(GPS_NOTES)
    assert "x" not in picture.file.name.removeprefix("original_images/").removesuffix(".jpg")


def test_a_picture_made_by_code_loses_it_too() -> None:
    assert not Image.open(make_picture().file).getexif().get_ifd(GPS_NOTES)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.jpg", b"<svg onload='alert(1)'/>"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("x.jpg", b"%PDF-1.4 something"),
        ("x.gif", b"GIF89a"),
        ("x.jpg", b""),
    ],
)
def test_what_is_no_photograph_is_refused(name: str, content: bytes, desk: Client) -> None:
    assert _upload(desk, name, content) == 0


def test_a_picture_of_people_is_refused_without_a_consent_to_pictures(
    desk: Client, consent: StoryConsent
) -> None:
    sent = photo_bytes()

    assert _upload(desk, "x.jpg", sent, shows_people="on") == 0
    assert _upload(desk, "x.jpg", sent, shows_people="on", consent=str(consent.pk)) == 1
