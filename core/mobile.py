"""Mainland mobile numbers, however they were typed."""

import re
import unicodedata

from django.utils.translation import gettext as _

from core.errors import BadInput

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_COUNTRY = re.compile(r"(?:\+86|0086|86)(?=1[0-9]{10}$)")
_BETWEEN = re.compile(r"[\s\-‐-―.()·]")


def plain_mobile(typed: str) -> str:
    """Eleven digits: full-width figures, spaces, dashes and the country code are understood.

    Raises
    ------
    BadInput
        When it is no mainland mobile number.

    Examples
    --------
    >>> plain_mobile("+86 １38-0013-8000")
    '13800138000'
    """
    digits = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed))
    digits = _COUNTRY.sub("", digits)
    if not _MOBILE.fullmatch(digits):
        raise BadInput(_("手机号是 11 位数字，1 开头，像 138 0013 8000。"), field="mobile")
    return digits


def mask_mobile(number: str) -> str:
    """A mobile number that shows its first three and last four digits.

    >>> mask_mobile("13800138000")
    '138****8000'
    """
    digits = "".join(c for c in number if c.isdigit())
    if len(digits) == 13 and digits.startswith("86"):  # country code in front
        digits = digits[2:]
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****"
