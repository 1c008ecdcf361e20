"""Signing in with a mobile number or a household's card code."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.http import HttpRequest

from core.errors import BadInput
from core.mobile import plain_mobile
from growers.models import User


def plain_name(typed: str) -> str:
    """A mobile number or card code as it is stored, however it was typed.

    >>> plain_name(" hh-2345 678 "), plain_name("+86 １38 0013 8000")
    ('HH-2345678', '13800138000')
    """
    try:
        return plain_mobile(typed)
    except BadInput:
        return "".join(unicodedata.normalize("NFKC", typed).split()).upper()


def account_name(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str:
    """The name under which tries are counted: one for all spellings and all sign-in forms."""
    typed = (credentials or {}).get("username")
    if typed is None and request is not None:
        typed = request.POST.get("username")
    return plain_name(str(typed or ""))


class MobileOrCardBackend(ModelBackend):
    """The name typed may be a mobile number, a card code or a user name."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        name = plain_name(username or "")
        if not name or password is None:
            return None
        spellings = [name, name.lower(), (username or "").strip()]
        named = User.objects.filter(Q(mobile=name) | Q(username__in=spellings))
        found = named.order_by("pk").first()
        if found is None:
            User().set_password(password)  # as slow as a real check, so names cannot be guessed
            return None
        right = found.check_password(password) and self.user_can_authenticate(found)
        return found if right else None
