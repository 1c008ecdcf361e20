"""What a phone would have received in a test."""

import re

from core import clock
from notices.adapters import MemoryPort
from notices.ports import Message
from notices.services.delivering import deliver_due
from notices.wording import CODE


def messages_to(mobile: str) -> list[Message]:
    """The messages a number got, in the order they left."""
    deliver_due(at=clock.now())
    return [message for message in MemoryPort.sent if message.mobile == mobile]


def texts_to(mobile: str) -> list[str]:
    """Their words."""
    return [message.text for message in messages_to(mobile)]


def code_for(mobile: str) -> str:
    """The six digits of the last code sent to a number."""
    codes = [message.text for message in messages_to(mobile) if message.template == CODE]
    found = re.search(r"\d{6}", codes[-1]) if codes else None
    assert found is not None, f"no code was sent to {mobile}"
    return found.group()
