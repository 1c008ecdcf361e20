"""Encrypted text in the database: names, phones and account numbers of households."""

import hashlib
import hmac
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@cache
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal(text: str) -> str:
    """Encrypt with the newest key."""
    return _box(tuple(settings.IDENTITY_KEYS)).encrypt(text.encode()).decode()


def unseal(token: str) -> str:
    """Decrypt with whichever key fits; a wrong key raises ``InvalidToken``."""
    return _box(tuple(settings.IDENTITY_KEYS)).decrypt(token.encode()).decode()


def fingerprint(text: str) -> str:
    """What recognises a text without telling it: 64 hexadecimal digits, the same each time.

    Keyed with the oldest key, which stays while new ones are put before it.
    """
    key = f"fingerprint:{settings.IDENTITY_KEYS[-1]}".encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # plain text on both sides
    """Text that is stored sealed; it cannot be searched or ordered by."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value in (None, "") else seal(str(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value in (None, "") else unseal(value)
