"""Messages to people, one-time codes, and how often something was asked for."""

from notices.models.code import MOST_TRIES, OneTimeCode
from notices.models.notice import Notice, NoticeState
from notices.models.rate import RateCount

__all__ = ["MOST_TRIES", "Notice", "NoticeState", "OneTimeCode", "RateCount"]
