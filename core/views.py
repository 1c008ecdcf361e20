"""Pages that belong to no part of the loop."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component with its states."""
    return render(request, "core/styleguide.html")
