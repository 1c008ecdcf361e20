"""What packages bring and is not shipped."""

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

EDITOR = "oscar/js/tinymce/tinymce.min.js"


def test_an_editor_under_the_gpl_is_neither_found_nor_listed() -> None:
    listed = {path for finder in finders.get_finders() for path, _storage in finder.list([])}

    assert not finders.find(EDITOR)
    assert not [path for path in listed if "tinymce" in path]
    assert "oscar/js/select2/select2.min.js" in listed
    assert finders.find("oscar/js/select2/select2.min.js")


@pytest.mark.django_db
def test_no_page_of_the_dashboard_asks_for_it(admin_client: Client) -> None:
    page = admin_client.get("/shop/dashboard/catalogue/categories/create/").content.decode()

    assert "js/tinymce" not in page
    assert "js/plain_text.js" in page
    assert "oscar/js/oscar/dashboard.js" in page
