"""Hosted pages: the buyer saves a card or pays on a page of the provider's, never on ours.

A page on which one pays is a try like any other, so that nobody can pay twice: there is one open
try, and one open page, for each payment.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from payments import hooks, ports
from payments.errors import NothingToPay
from payments.gateway import gateway
from payments.models import (
    Attempt,
    AttemptKind,
    AttemptState,
    HostedPage,
    PageKind,
    PageState,
    Payment,
    PaymentState,
    Way,
)
from payments.services.looking import (
    look_at_page,
    offers_too_much,
    settle_page,
    shut_page,
    shut_unopened,
)
from payments.services.moving import WAIT_FOR_ANSWER, locked, next_number, open_attempt
from payments.services.settling import CURRENCY, params_hash

ENDS_SOON = timedelta(minutes=10)
KEY_LASTS = timedelta(hours=23)
TEXT_LENGTH = 200
TO_PAY = frozenset(
    {
        PaymentState.DUE,
        PaymentState.ACTION_REQUIRED,
        PaymentState.FAILED_SOFT,
        PaymentState.FAILED_HARD,
    }
)


def page_kind(payment: Payment) -> PageKind:
    """What the buyer can do on a page now.

    Raises
    ------
    NothingToPay
        Paid, ended, being charged, or not due yet.
    """
    if payment.state in TO_PAY:
        return PageKind.PAY
    if payment.way == Way.NOW and payment.state == PaymentState.WAITING:
        return PageKind.PAY
    saving = payment.state in (PaymentState.WAITING, PaymentState.READY)
    if payment.way == Way.CARD_LATER and saving:
        return PageKind.SETUP
    raise NothingToPay(_why_not(payment))


def _why_not(payment: Payment) -> str:
    if payment.state == PaymentState.PAID:
        return _("这一笔已经付过了。")
    if payment.state == PaymentState.CHARGING:
        return _("正在扣款，过几分钟再看。")
    if payment.way == Way.LINK and payment.state == PaymentState.WAITING:
        return _("还没成团，现在不用付。")
    return _("这一笔已经结束，不用付了。")


def hosted_page(*, code: str, return_url: str, at: datetime, language: str = "") -> str:
    """The address to send the buyer to; an open page is used again. Outside a transaction.

    It names the goods in ``language``, or else in the one the payment was asked for in.

    Raises
    ------
    NothingToPay
        There is nothing to do on a page now.
    Unreachable
        The provider did not answer; asking again later goes on from there.
    """
    payment = Payment.objects.get(code=code)
    kind = page_kind(payment)
    language = language or payment.language
    _make_way(payment, kind=kind, language=language, at=at)
    _know_customer(payment)
    page = _planned(code=code, kind=kind, return_url=return_url, language=language, at=at)
    if page.url:
        return page.url
    hooks.point("page.written")
    found = gateway().open_page(page.params, key=page.key)
    hooks.point("page.after_call")
    settle_page(found=found, at=at)
    return found.url


def _make_way(payment: Payment, *, kind: PageKind, language: str, at: datetime) -> None:
    """An old page of another kind or language, or one that is about to end, is shut first."""
    page = payment.pages.filter(state=PageState.OPEN).first()
    if page is None:
        return
    if page.provider_id is None:
        if at >= page.created_at + KEY_LASTS:
            shut_unopened(page=page, at=at)
        return
    ending = page.expires_at is not None and page.expires_at <= at + ENDS_SOON
    other = page.kind != kind or page.params["language"] != language
    if other or ending or offers_too_much(page, payment):
        shut_page(page=page, at=at)


def _know_customer(payment: Payment) -> None:
    if payment.customer_id:
        return
    key = f"customer:{payment.code}"
    number = gateway().customer(key=key, reference=payment.code)
    Payment.objects.filter(pk=payment.pk, customer_id="").update(customer_id=number)


@transaction.atomic
def _planned(
    *, code: str, kind: PageKind, return_url: str, language: str, at: datetime
) -> HostedPage:
    """The open page, or a new one that is written down before the provider is asked."""
    payment = locked(code)
    page = payment.pages.filter(state=PageState.OPEN).first()
    if page is not None and page.kind == kind:
        return page
    if page is not None or page_kind(payment) != kind or open_attempt(payment) is not None:
        raise NothingToPay(_("正在扣款，过几分钟再看。"))
    n = next_number(payment) if kind == PageKind.PAY else payment.pages.count() + 1
    key = f"payment:{code}:{n}" if kind == PageKind.PAY else f"setup:{code}:{n}"
    params = _params(payment, kind=kind, key=key, return_url=return_url, language=language)
    attempt = None
    if kind == PageKind.PAY:
        attempt = _attempt(payment, n=n, key=key, params=params, at=at)
    return HostedPage.objects.create(
        payment=payment,
        kind=kind,
        attempt=attempt,
        key=key,
        params=params,
        created_at=at,
        seen_at=at,
    )


def _attempt(
    payment: Payment, *, n: int, key: str, params: dict[str, object], at: datetime
) -> Attempt:
    return Attempt.objects.create(
        payment=payment,
        n=n,
        kind=AttemptKind.PAGE,
        key=key,
        params=params,
        params_hash=params_hash(params),
        state=AttemptState.PLANNED,
        created_at=at,
        look_at=at + WAIT_FOR_ANSWER,
    )


def _params(
    payment: Payment, *, kind: PageKind, key: str, return_url: str, language: str
) -> dict[str, object]:
    with override(language):
        title = ports.owner_of(payment).title(payment)
    return {
        "mode": "payment" if kind == PageKind.PAY else "setup",
        "customer": payment.customer_id,
        "means": payment.means,
        "amount": payment.amount,
        "currency": CURRENCY,
        "description": title[:TEXT_LENGTH],
        "return_url": return_url,
        "language": language,
        "metadata": {"attempt": key, "payment": payment.code},
    }


def refresh(*, code: str, at: datetime) -> Payment:
    """The buyer came back: ask the provider and take down what it says. Outside a transaction.

    Raises
    ------
    Unreachable
        The provider did not answer; its message will still come.
    """
    payment = Payment.objects.get(code=code)
    page = payment.pages.exclude(provider_id=None).order_by("-pk").first()
    if page is not None and _is_undecided(page):
        look_at_page(id=str(page.provider_id), at=at)
    return Payment.objects.get(code=code)


def _is_undecided(page: HostedPage) -> bool:
    waiting = page.attempt is not None and page.attempt.is_open
    return page.state == PageState.OPEN or waiting
