"""Telling people: messages, codes and limits."""

from notices.services.codes import check_code, request_code
from notices.services.limits import Limit, take
from notices.services.sending import NewNotice, send_notice, send_notices

__all__ = [
    "Limit",
    "NewNotice",
    "check_code",
    "request_code",
    "send_notice",
    "send_notices",
    "take",
]
