"""Requests as our views see them, and small helpers around answers."""

from typing import TYPE_CHECKING, TypeVar

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from core.errors import PlatformError

if TYPE_CHECKING:
    from growers.models import User

M = TypeVar("M", bound=Model)


class MemberRequest(HttpRequest):
    """A request of a signed-in person."""

    user: "User"


def say_error(request: HttpRequest, error: PlatformError) -> None:
    """Show an error as a notice on the next page."""
    messages.error(request, str(error))


def asked(request: HttpRequest, name: str, *, most: int = 80) -> str:
    """A word of the address, trimmed and cut short; PostgreSQL takes no zero bytes."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:most]


def page_of(request: HttpRequest, rows: "QuerySet[M]", *, size: int = 30) -> "Page[M]":
    """The asked-for page of a list (``?page=``); a wrong number gives the nearest page."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
