"""What can go wrong with codes; every sentence is for the person who meets it.

PlatformError
├── NotAllowed
│   └── TooOften        asked for more often than is let
└── BadInput
    └── WrongCode       the code does not fit, is spent or came too late
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import BadInput, NotAllowed


class TooOften(NotAllowed):
    """Asked for more often than is let; ``seconds`` is how long to wait at most."""

    def __init__(self, *, seconds: int) -> None:
        super().__init__(_wait(seconds))
        self.seconds = seconds


def _wait(seconds: int) -> str:
    if seconds <= 60:
        return _("要得太勤了，等一分钟再试。")
    if seconds <= 3600:
        return _("这会儿要得太多了，过一个小时再试。")
    return _("今天要得太多了，明天再试。")


class WrongCode(BadInput):
    """The code does not open anything; ``left`` tries remain."""

    def __init__(self, *, left: int) -> None:
        if left > 0:
            text = ngettext(
                "验证码不对，还能试 %(left)d 次。", "验证码不对，还能试 %(left)d 次。", left
            )
        else:
            text = _("这个验证码不能用了，重新要一个。")
        super().__init__(text % {"left": left} if left > 0 else text, field="code")
        self.left = left
