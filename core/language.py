"""Which language a page is in: its address says so, and nothing else does.

Chinese has no prefix, English lies under ``/en/``. A cookie or a browser's wishes never change
what an address shows, so a link shows everybody the same page.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Answer = Callable[[HttpRequest], HttpResponse]
TAGS = {"zh-hans": "zh-Hans", "en": "en"}
PREFIXED = {code for code, _name in settings.LANGUAGES} - {settings.LANGUAGE_CODE}


@dataclass(frozen=True)
class Version:
    """The page at hand in one language."""

    code: str  # as Django writes it
    tag: str  # as HTML writes it
    name: str  # in the language itself
    path: str  # without what stands behind the question mark
    url: str
    is_current: bool


def language_of_address(get_response: Answer) -> Answer:
    """Speak the language of the address; the default one where the address names none."""

    def answer(request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
            response.headers.setdefault("Content-Language", TAGS[language])
        return response

    return answer


def language_of(path: str) -> str:
    """The language that an address names by its first word; the default one when none.

    >>> language_of("/en/calendar/"), language_of("/entry/"), language_of("/zh-hans/")
    ('en', 'zh-hans', 'zh-hans')
    """
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in PREFIXED else settings.LANGUAGE_CODE


def path_in(language: str, path: str) -> str:
    """The address of the same page in a language.

    >>> path_in("en", "/calendar/"), path_in("zh-hans", "/en/"), path_in("en", "/en/shop/")
    ('/en/calendar/', '/', '/en/shop/')
    """
    here = language_of(path)
    bare = path if here == settings.LANGUAGE_CODE else path.removeprefix(f"/{here}") or "/"
    return bare if language == settings.LANGUAGE_CODE else f"/{language}{bare}"


def front_path() -> str:
    """The address of the front page in the reader's language."""
    return path_in(translation.get_language() or settings.LANGUAGE_CODE, "/")


def versions(request: HttpRequest) -> list[Version]:
    """The page at hand in every language, Chinese first."""
    query = request.META.get("QUERY_STRING", "")
    known = getattr(request, "addresses", {})  # a page whose address is another word there
    current = translation.get_language()
    found = []
    for code, name in settings.LANGUAGES:
        path = known.get(code) or path_in(code, request.path)
        url = f"{path}?{query}" if query else path
        found.append(Version(code, TAGS[code], name, path, url, code == current))
    return found
