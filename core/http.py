"""Requests as our views see them, and small helpers around answers."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from core.errors import PlatformError

if TYPE_CHECKING:
    from growers.models import User


class MemberRequest(HttpRequest):
    """A request of a signed-in person."""

    user: "User"


def say_error(request: HttpRequest, error: PlatformError) -> None:
    """Show an error as a notice on the next page."""
    messages.error(request, str(error))


def page_of(request: HttpRequest, rows: "QuerySet[object]", *, size: int = 30) -> "Page[object]":
    """The asked-for page of a list (``?page=``); a wrong number gives the nearest page."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
