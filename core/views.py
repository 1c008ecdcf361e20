"""The style guide: every component in every state, for whoever builds a page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.styleguide import samples


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the components with made-up figures."""
    return render(request, "core/styleguide.html", samples())
