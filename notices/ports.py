"""The one door through which messages leave.

``settings.MESSAGE_PORT`` names the class that carries messages away. To reach a real network,
write a class with one method:

    class OurSms:
        def send(self, message: Message) -> None:
            answer = post(..., reference=message.key, to=message.mobile, text=message.text)
            if answer says the number does not exist:
                raise Refused("no such number")
            if answer is anything but accepted:
                raise NotDelivered("why")

``send`` may be called again with the same ``message.key`` after a crash or a lost answer, so hand
the key to the network as its idempotency key. It must give up well within
``notices.services.delivering.LEASE``, because then another worker takes the message over.
"""

from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Message:
    """What is carried away: to whom, in which words, and the key that makes it one message."""

    key: str
    mobile: str
    text: str
    template: str
    language: str


class NotDelivered(Exception):
    """It did not go through this time; it is tried again later."""


class Refused(Exception):
    """It will never go through, for instance because the number does not exist."""


class MessagePort(Protocol):
    """Carries one message away, or raises ``NotDelivered`` or ``Refused``."""

    def send(self, message: Message) -> None: ...


@cache
def _port(path: str) -> MessagePort:
    port: MessagePort = import_string(path)()
    return port


def message_port() -> MessagePort:
    """The port that ``settings.MESSAGE_PORT`` names."""
    return _port(settings.MESSAGE_PORT)
