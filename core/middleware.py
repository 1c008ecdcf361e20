"""What is refused before any view sees it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.defaults import page_not_found

ZERO_BYTE = "\x00"
Answer = Callable[[HttpRequest], HttpResponse]


def no_zero_bytes(get_response: Answer) -> Answer:
    """An address with a zero byte names nothing; PostgreSQL would refuse to look it up."""

    def answer(request: HttpRequest) -> HttpResponse:
        if ZERO_BYTE in request.path:
            return page_not_found(request, Exception(request.path))
        return get_response(request)

    return answer
