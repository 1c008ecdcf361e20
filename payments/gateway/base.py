"""What we ask of a payment provider, whoever it is; amounts in fen, all of them CNY.

Two kinds of error leave a gateway: ``Unreachable`` (nobody knows whether it happened: a time-out, a
5xx, a call let in later) and ``Refused`` (it did not happen and will not). A declined card is no
error but an ``Intent`` that failed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


class Refused(Exception):
    """The provider will never do this; ``code`` says why."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Missing(Refused):
    """The provider knows no such thing."""


class BadSignature(Exception):
    """A message that is not the provider's, or came too late."""


@dataclass(frozen=True)
class Line:
    """One line of the provider's own books."""

    id: str
    kind: str
    amount: int
    fee: int
    source: str
    at: datetime


@dataclass(frozen=True)
class Intent:
    """A try to take money; ``state`` is pending, succeeded, declined or cancelled."""

    id: str
    state: str
    amount: int
    currency: str
    attempt: str  # our key, from its metadata
    means: str = ""  # card, alipay, wechat_pay
    card: str = ""
    decline: str = ""
    line: Line | None = None


@dataclass(frozen=True)
class Page:
    """A hosted page; ``state`` is open, complete or expired."""

    id: str
    state: str
    url: str
    key: str  # ours, from its metadata
    expires_at: datetime
    intent: str = ""
    card: str = ""


@dataclass(frozen=True)
class Returned:
    """A refund at the provider; ``state`` is pending, succeeded or failed."""

    id: str
    state: str
    amount: int
    refund: str  # our code, from its metadata
    error: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Disputed:
    """A payer's bank that takes money back."""

    id: str
    state: str
    amount: int
    intent: str
    at: datetime
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Told:
    """A message of the provider's: of which object it speaks."""

    id: str
    kind: str
    object_id: str
    at: datetime


class Gateway(Protocol):
    """The whole of a provider that we use."""

    def customer(self, *, key: str, reference: str) -> str:
        """The provider's number for a payer; the same key gives the same one."""

    def charge(self, params: Mapping[str, Any], *, key: str) -> Intent:
        """Take money from a saved card while the buyer is away."""

    def intent(self, id: str) -> Intent: ...

    def find_intent(self, *, customer: str, attempt: str) -> Intent | None:
        """The intent that carries our key, when a key is too old to be repeated."""

    def open_page(self, params: Mapping[str, Any], *, key: str) -> Page: ...

    def page(self, id: str) -> Page: ...

    def find_page(self, *, customer: str, key: str) -> Page | None: ...

    def close_page(self, id: str) -> Page:
        """Let nobody use it any more; a page that was completed just before says so."""

    def forget_card(self, id: str) -> None: ...

    def give_back(self, *, intent: str, amount: int, refund: str) -> Returned: ...

    def returned(self, id: str) -> Returned: ...

    def find_returned(self, *, intent: str, refund: str) -> Returned | None: ...

    def disputed(self, id: str) -> Disputed: ...

    def read_message(self, body: bytes, signature: str) -> Told: ...

    def messages_since(self, at: datetime) -> Iterator[Told]: ...

    def lines_since(self, at: datetime) -> Iterator[Line]: ...

    def balance(self) -> int:
        """What the provider holds for us, in fen."""
