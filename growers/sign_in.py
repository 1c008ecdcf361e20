"""Signing in with a mobile number or a household's card code."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.http import HttpRequest

from growers.models import User


class MobileOrCardBackend(ModelBackend):
    """The name typed may be a mobile number, a card code or a user name."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        name = (username or "").strip()
        if not name or password is None:
            return None
        user = User.objects.filter(Q(mobile=name) | Q(username=name.upper()) | Q(username=name))
        found = user.order_by("pk").first()
        if found is None:
            User().set_password(password)  # as slow as a real check, so names cannot be guessed
            return None
        right = found.check_password(password) and self.user_can_authenticate(found)
        return found if right else None
