"""The style guide: every component in every state, for whoever builds a page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.sheets import theme_sheet
from core.styleguide import samples


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the components with made-up figures, in both themes."""
    return render(request, "core/styleguide.html", samples())


@require_safe
def themes(request: HttpRequest) -> HttpResponse:
    """The tokens of both themes under a class each, so that one page can show both."""
    return HttpResponse(theme_sheet(), content_type="text/css; charset=utf-8")
