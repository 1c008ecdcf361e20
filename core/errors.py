"""Errors that carry facts; ``str(error)`` is the sentence a person reads.

PlatformError
├── NotAllowed          the step is not possible in this state or for this person
├── BadInput            something typed or loaded cannot be used
│   └── BadRow          one row of a file: says file, row, column and reason
└── NotEnough           something scarce is used up (stock, supply, capacity)

Apps add their own leaves below these three.
"""

from django.utils.translation import gettext as _


class PlatformError(Exception):
    """Base of every error a person can cause or meet."""


class NotAllowed(PlatformError):
    """The step is not possible in this state, or not for this person."""


class BadInput(PlatformError):
    """Something typed or loaded cannot be used.

    Parameters
    ----------
    message : str
        The sentence a person reads.
    field : str
        Name of the form field it belongs to, empty when it belongs to the whole form.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class BadRow(BadInput):
    """One row of a file cannot be used, so nothing of the file is saved."""

    def __init__(self, *, file: str, row: int, column: str, reason: str) -> None:
        text = _("%(file)s 第 %(row)d 行“%(column)s”：%(reason)s。这个文件一行都还没存。")
        super().__init__(text % {"file": file, "row": row, "column": column, "reason": reason})
        self.file = file
        self.row = row
        self.column = column
        self.reason = reason


class NotEnough(PlatformError):
    """Something scarce is used up.

    Parameters
    ----------
    what : str
        The thing, in the reader's words.
    wanted, left : int
        In the unit that ``what`` names.
    """

    def __init__(self, *, what: str, wanted: int, left: int) -> None:
        text = _("%(what)s不够了：要 %(wanted)d，还剩 %(left)d。")
        super().__init__(text % {"what": what, "wanted": wanted, "left": left})
        self.what = what
        self.wanted = wanted
        self.left = left
