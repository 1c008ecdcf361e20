"""Codes: asking for one, and entering it.

The answer never tells whether somebody has an account: codes know numbers, not people.
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from core.crypto import fingerprint
from notices.errors import WrongCode
from notices.models import MOST_TRIES, OneTimeCode
from notices.services.limits import Limit, take
from notices.services.sending import send_notice
from notices.wording import CODE

DIGITS = 6
LIFE = timedelta(minutes=5)
A_MINUTE, AN_HOUR, A_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def _limits(mobile: str, address: str) -> list[Limit]:
    return [
        Limit("code.number.minute", mobile, 1, A_MINUTE),
        Limit("code.number.hour", mobile, 5, AN_HOUR),
        Limit("code.number.day", mobile, 20, A_DAY),
        Limit("code.address.hour", address, 30, AN_HOUR),
    ]


@transaction.atomic
def request_code(
    *, purpose: str, mobile: str, nonce: str, address: str, language: str, at: datetime
) -> None:
    """Send a new code to a number; the old one of this browser no longer opens anything.

    ``nonce`` is the browser's secret, ``address`` where the request came from.

    Raises
    ------
    TooOften
        The number, or the address the request came from, asked too often.
    """
    take(_limits(mobile, address), at=at)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    salt = secrets.token_hex(16)
    OneTimeCode.objects.update_or_create(
        purpose=purpose,
        who=fingerprint(mobile),
        browser=fingerprint(nonce),
        defaults={
            "salt": salt,
            "digest": _digest(salt, code, nonce),
            "created_at": at,
            "expires_at": at + LIFE,
            "tries": 0,
            "used_at": None,
        },
    )
    send_notice(
        key=f"code:{secrets.token_hex(16)}",
        mobile=mobile,
        template=CODE,
        context={"code": code},
        language=language,
        at=at,
        expires_at=at + LIFE,
    )


def _digest(salt: str, code: str, nonce: str) -> str:
    """What recognises a code; without the secret key and the browser's secret nobody can try."""
    return salted_hmac(f"notices.code:{salt}", f"{nonce}:{code}", algorithm="sha256").hexdigest()


def check_code(*, purpose: str, mobile: str, code: str, nonce: str, at: datetime) -> None:
    """Use a code up: of many who enter the right one at once, one succeeds.

    Raises
    ------
    WrongCode
        It does not fit, was used, is too old, or was tried too often.
    """
    left = _use(purpose=purpose, mobile=mobile, code=code, nonce=nonce, at=at)
    if left is not None:
        raise WrongCode(left=left)


@transaction.atomic(durable=True)  # inside a transaction that is undone, tries would not count
def _use(*, purpose: str, mobile: str, code: str, nonce: str, at: datetime) -> int | None:
    """Try a code; None when it was right, else how many tries are left."""
    asked = OneTimeCode.objects.filter(
        purpose=purpose,
        who=fingerprint(mobile),
        browser=fingerprint(nonce),
        used_at__isnull=True,
        expires_at__gt=at,
    )
    row = asked.first() or OneTimeCode()
    right = constant_time_compare(_digest(row.salt, code, nonce), row.digest)
    # A try is counted before it is judged, so that many at once are still five.
    same = asked.filter(digest=row.digest)
    if not same.filter(tries__lt=MOST_TRIES).update(tries=F("tries") + 1):
        return 0
    if right:
        return None if same.update(used_at=at) else 0
    return max(0, MOST_TRIES - 1 - row.tries)


def forget_old_codes(*, at: datetime) -> int:
    """Delete codes that no longer open anything."""
    return OneTimeCode.objects.filter(expires_at__lte=at).delete()[0]
