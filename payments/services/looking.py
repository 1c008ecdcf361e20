"""Looking at the provider's objects and taking down what they are now."""

from datetime import datetime

from django.db import transaction

from payments import ports
from payments.gateway import Page, gateway
from payments.models import (
    AttemptState,
    HostedPage,
    PageKind,
    PageState,
    Payment,
    PaymentState,
)
from payments.services.moving import locked, move
from payments.services.settling import NotOurs, fail, settle
from payments.states import ENDED
from payments.tasks import wake


def look_at_intent(*, id: str, at: datetime) -> Payment:
    """Fetch a try and take it down."""
    return settle(intent=gateway().intent(id), at=at)


def look_at_page(*, id: str, at: datetime) -> Payment:
    """Fetch a page, and what was paid on it, and take both down."""
    found = gateway().page(id)
    intent = gateway().intent(found.intent) if found.intent else None
    payment = settle_page(found=found, at=at)
    return payment if intent is None else settle(intent=intent, at=at)


@transaction.atomic
def settle_page(*, found: Page, at: datetime) -> Payment:
    """Take down what a page is now; complete and expired are final.

    Raises
    ------
    NotOurs
        No page of ours has this key.
    """
    code = HostedPage.objects.filter(key=found.key).values_list("payment__code", flat=True)
    if not found.key or not code:
        raise NotOurs(found.id)
    payment = locked(code[0])
    page = payment.pages.select_related("attempt").get(key=found.key)
    page.provider_id, page.seen_at = found.id, at
    page.url, page.expires_at = found.url or page.url, found.expires_at
    if page.state == PageState.OPEN:
        page.state = found.state
        _moved(payment, page, found, at=at)
    page.save()
    return payment


def _moved(payment: Payment, page: HostedPage, found: Page, *, at: datetime) -> None:
    attempt = page.attempt
    if page.kind == PageKind.SETUP and page.state == PageState.COMPLETE:
        _save_card(payment, found.card, at=at)
    if attempt is None or not attempt.is_open:
        return
    if page.state == PageState.EXPIRED:
        fail(payment, attempt, code="page_expired", at=at)
    elif attempt.state != AttemptState.SENT:
        attempt.state = AttemptState.SENT
        attempt.save()


def _save_card(payment: Payment, card: str, *, at: datetime) -> None:
    """The card to charge later; saved too late, it is forgotten again by a job."""
    if not card:
        return
    if payment.card_id and payment.card_id != card:
        payment.old_cards = [*payment.old_cards, payment.card_id]
        payment.tidy_at = at
    payment.card_id = card
    if payment.state == PaymentState.WAITING:
        payment.lapse_at = None
        move(payment, PaymentState.READY)
        ports.owner_of(payment).card_saved(payment, at=at)
    elif payment.state in ENDED or payment.state == PaymentState.PAID:
        payment.tidy_at = at
    payment.save()
    if payment.tidy_at is not None:
        wake("tidy", [payment.code])


def offers_too_much(page: HostedPage, payment: Payment) -> bool:
    """A page from before some kinds of means were taken off the payment."""
    return not set(page.params.get("means", ())) <= set(payment.means)


@transaction.atomic
def shut_unopened(*, page: HostedPage, at: datetime) -> None:
    """A page that was planned and never shown to anybody: the buyer asks for another."""
    payment = locked(page.payment.code)
    row = payment.pages.select_related("attempt").get(pk=page.pk)
    if row.state != PageState.OPEN or row.provider_id is not None:
        return
    row.state = PageState.EXPIRED
    row.save()
    if row.attempt is not None and row.attempt.is_open:
        fail(payment, row.attempt, code="page_not_opened", at=at)


def shut_page(*, page: HostedPage, at: datetime) -> None:
    """Let nobody use a page any more; if it was completed just before, that counts."""
    if page.provider_id is None:
        shut_unopened(page=page, at=at)
        return
    found = gateway().close_page(page.provider_id)
    look_at_page(id=found.id, at=at)
