import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.test import override_settings

from core.crypto import seal, unseal


def test_sealed_text_is_not_readable_and_comes_back():
    token = seal("王秀兰")

    assert "王" not in token
    assert unseal(token) == "王秀兰"


def test_a_wrong_key_raises_instead_of_returning_nonsense():
    token = seal("王秀兰")

    with (
        override_settings(IDENTITY_KEYS=[Fernet.generate_key().decode()]),
        pytest.raises(InvalidToken),
    ):
        unseal(token)


def test_an_old_key_still_opens_after_a_new_one_comes_first(settings):
    token = seal("王秀兰")
    settings.IDENTITY_KEYS = [Fernet.generate_key().decode(), *settings.IDENTITY_KEYS]

    assert unseal(token) == "王秀兰"
