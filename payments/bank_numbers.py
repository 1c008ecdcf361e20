"""The number on a bank's receipt, written one way however it was typed."""

from unicodedata import normalize

from django.utils.translation import gettext as _

from core.errors import BadInput

NUMBER_LENGTH = 60


def receipt_number(typed: str) -> str:
    """Without spaces, in plain capitals: a receipt typed twice is the same receipt.

    Raises
    ------
    BadInput
        It is missing or cannot be one.
    """
    number = "".join(normalize("NFKC", typed).upper().split())
    if not number or not number.isprintable() or len(number) > NUMBER_LENGTH:
        raise BadInput(_("写上银行回单号，最多 60 个字。"), field="number")
    return number
