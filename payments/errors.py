"""What can go wrong with payments.

PlatformError
└── NotAllowed
    ├── TooMuchBack      more is asked back than is left of what was paid
    ├── NothingToPay     the payment is not in a state in which one pays
    ├── Unreachable      the provider gave no answer; nothing is known
    │   └── Repeated     it repeats an old error; the line is well
    └── GateClosed       calls are paused after many errors in a row

ValueError
├── NoOwner              nobody answers for this kind of subject
├── NotAMessage          a number in it is longer than any of the provider's
└── Mismatch             the provider's object is not what was asked for
"""

from django.utils.translation import gettext as _

from core.errors import NotAllowed


class TooMuchBack(NotAllowed):
    """More is asked back than is left; amounts in fen."""

    def __init__(self, *, wanted: int, left: int) -> None:
        facts = {"wanted": f"{wanted / 100:.2f}", "left": f"{left / 100:.2f}"}
        super().__init__(_("要退 ¥%(wanted)s，这一笔只剩 ¥%(left)s 可退。") % facts)
        self.wanted = wanted
        self.left = left


class NothingToPay(NotAllowed):
    """There is nothing to pay here now."""


class Unreachable(NotAllowed):
    """The provider did not answer; whether it did what was asked is not known."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(_("付款页暂时打不开，没有扣款。过几分钟再试。"))
        self.detail = detail


class Repeated(Unreachable):
    """An old error was read out again under its key: the line itself is well."""


class GateClosed(NotAllowed):
    """Calls to the provider are paused."""

    def __init__(self) -> None:
        super().__init__(_("收款通道暂停了，恢复后自动继续，没有扣款。"))


class NoOwner(ValueError):
    """Nobody registered for this kind of subject."""


class NotAMessage(ValueError):
    """A signed message that cannot be one: it would not fit where messages are kept."""


class Mismatch(ValueError):
    """The provider's object differs from what we asked for: a person must look."""
