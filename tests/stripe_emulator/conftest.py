from collections.abc import Iterator

import pytest
import stripe

from devtools.stripe_emulator.testing import Running, running


@pytest.fixture
def emulator() -> Iterator[Running]:
    """A fresh provider."""
    with running() as started:
        yield started


@pytest.fixture
def client(emulator: Running) -> stripe.StripeClient:
    """The real client, led to the emulator."""
    return stripe.StripeClient(
        emulator.secret_key, base_addresses={"api": emulator.base}, max_network_retries=0
    )
