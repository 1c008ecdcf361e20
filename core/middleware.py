"""What is refused before any view sees it, and a page for what a view refuses without a word."""

from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.views.defaults import page_not_found

CATCH_ALL = "wagtail_serve"  # answers to any address, so it says nothing about one
ZERO_BYTE = "\x00"
Answer = Callable[[HttpRequest], HttpResponse]


def no_zero_bytes(get_response: Answer) -> Answer:
    """An address with a zero byte names nothing; PostgreSQL would refuse to look it up."""

    def answer(request: HttpRequest) -> HttpResponse:
        if ZERO_BYTE in request.path:
            return page_not_found(request, Exception(request.path))
        return get_response(request)

    return answer


def page_for_forms_only(get_response: Answer) -> Answer:
    """Who comes to a form's address without the form sees where to go, not an empty page.

    Signing in half-way leads there, and so do changing the language of a page that came back with
    errors, and loading it again.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            back = next(_pages_above(request.path_info), "")
            response.content = render_to_string("405.html", {"back": back}, request)
        return response

    return answer


def _pages_above(path: str) -> Iterator[str]:
    """The addresses above one that some view of ours answers to, the nearest first."""
    parts = path.strip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        above = f"/{'/'.join(parts[:length])}/"
        try:
            if resolve(above).view_name != CATCH_ALL:
                yield above
        except Resolver404:
            continue
