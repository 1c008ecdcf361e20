"""It is noon on 28 August 2026 on every page."""

import pytest

from tests.factories.shop import NOON


@pytest.fixture
def noon(monkeypatch):
    monkeypatch.setattr("core.clock.now", lambda: NOON)
    return NOON


@pytest.fixture
def signed_in(client):
    """The client, signed in as somebody."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in
