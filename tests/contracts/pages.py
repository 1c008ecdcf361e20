"""What the tests of pages read and count."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext


def text_of(response) -> str:
    """What a person reads on the page, without codes and fingerprints."""
    body = re.sub(r"(?s)<(script|style|head|svg)\b.*?</\1>", " ", response.content.decode())
    body = re.sub(r'(?s)<span class="code">.*?</span>', " ", body)
    body = re.sub(r"(?s)<[^>]+>", " ", body)
    return re.sub(r"\b(HH|CT|PN|FC|VS|person)-?\w+", " ", body)


def words_left(response) -> list[str]:
    """English words on the page, but for the way to the English page."""
    return [word for word in re.findall(r"[A-Za-z]{3,}", text_of(response)) if word != "English"]


def queries_of(client, address: str) -> int:
    """How many queries a page takes when it is asked for the second time."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
