"""Ways to pages whose address an editor may change, and what stands where a page was."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from content.selectors.pages import first_page_url, help_url
from growers.navigation import desk_of


@require_GET
def help_for_me(request: HttpRequest) -> HttpResponse:
    """To the help of the person's leading role; visitors come to the list of all."""
    roles = desk_of(request).roles if request.user.is_authenticated else frozenset[str]()
    return _to(help_url(roles, language=get_language() or "", request=request))


@require_GET
def words(request: HttpRequest, key: str) -> HttpResponse:
    """To a page the site must have, such as the privacy notice."""
    return _to(first_page_url(key, language=get_language() or "", request=request))


def _to(url: str | None) -> HttpResponse:
    if url is None:
        raise Http404
    return redirect(url)


def gone(request: HttpRequest, sentence: object) -> HttpResponse:
    """A page that was here and is not shown any more."""
    return render(request, "content/gone.html", {"sentence": sentence}, status=410)
