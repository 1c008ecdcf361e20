"""What every page knows about the person; nothing is asked until a template uses it."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from growers.navigation import desk_of


def person(request: HttpRequest) -> dict[str, object]:
    """``roles``, and for the workspace frame ``work_nav``, ``work_name`` and ``work_home``."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"roles": frozenset(), "work_nav": []}
    desk = desk_of(request)
    return {
        "roles": SimpleLazyObject(lambda: desk.roles),
        "work_nav": SimpleLazyObject(lambda: desk.links),
        "work_name": SimpleLazyObject(lambda: desk.name),
        "work_home": SimpleLazyObject(lambda: desk.home),
    }
