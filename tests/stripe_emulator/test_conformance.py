"""Every kind of answer is laid beside the SDK's own typed classes."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import stripe
from stripe import params as sdk_params

from devtools.stripe_emulator import routes
from devtools.stripe_emulator.resources import (
    customers,
    disputes,
    intents,
    methods,
    refunds,
    sessions,
    setups,
)
from devtools.stripe_emulator.testing import Running, running
from tests.stripe_emulator.typed import faults_of

LINES = [
    {
        "price_data": {
            "currency": "cny",
            "unit_amount": 6800,
            "product_data": {"name": "花椒 500 g"},
        },
        "quantity": 2,
    }
]
BACK = "http://127.0.0.1/back?s={CHECKOUT_SESSION_ID}"


class Recorder(stripe.RequestsClient):
    """The real HTTP client; it remembers what came back."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, str, dict[str, Any]]] = []

    def request(self, method: str, url: str, *args: Any, **facts: Any) -> Any:
        answer = super().request(method, url, *args, **facts)
        path = re.sub(r"^http://[^/]+", "", url).partition("?")[0]
        self.seen.append((method.upper(), path, json.loads(answer[0])))
        return answer


class Walk:
    """One use of everything that the emulator can do."""

    def __init__(self, em: Running, v1: Any) -> None:
        self.em, self.v1 = em, v1

    def all(self) -> None:
        self.customer = self.v1.customers.create({"name": "王秀兰", "email": "w@example.cn"}).id
        self.methods()
        self.paying()
        self.wallets()
        self.saving()
        self.pages()
        self.giving_back()
        self.disputes()
        self.reading()

    def refused(self, call: Any, *given: Any) -> None:
        with pytest.raises(stripe.StripeError):
            call(*given)

    def methods(self) -> None:
        v1 = self.v1
        made = v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
        self.card = v1.payment_methods.attach(made.id, {"customer": self.customer}).id
        v1.payment_methods.update(self.card, {"metadata": {"a": "b"}})
        v1.payment_methods.retrieve(self.card)
        v1.payment_methods.list({"customer": self.customer, "type": "card"})
        v1.customers.payment_methods.list(self.customer)
        v1.customers.payment_methods.retrieve(self.customer, self.card)
        v1.payment_methods.create({"type": "alipay"})
        gone = v1.payment_methods.attach("pm_card_mastercard", {"customer": self.customer})
        v1.payment_methods.detach(gone.id)
        self.refused(
            v1.payment_methods.attach, "pm_card_chargeDeclined", {"customer": self.customer}
        )

    def charge(self, method: str, **more: Any) -> Any:
        facts = {"amount": 5000, "currency": "cny", "allowed_payment_method_types": ["card"]}
        return self.v1.payment_intents.create(
            {**facts, "payment_method": method, "confirm": True, **more}
        )

    def paying(self) -> None:
        v1 = self.v1
        owner = {"customer": self.customer}
        self.paid = self.charge(
            self.card,
            **owner,
            off_session=True,
            metadata={"attempt": "1"},
            expand=["latest_charge.balance_transaction", "customer", "payment_method"],
        )
        fails = v1.payment_methods.attach("pm_card_chargeCustomerFail", owner).id
        self.refused(lambda: self.charge(fails, **owner, off_session=True))
        asks = v1.payment_methods.attach("pm_card_authenticationRequired", owner).id
        self.refused(lambda: self.charge(asks, **owner, off_session=True))
        asked = self.charge(asks, **owner, return_url="http://127.0.0.1/")
        v1.payment_intents.cancel(asked.id, {"cancellation_reason": "abandoned"})
        self.charge(asks, **owner)  # leaves the question to the page's own script
        held = self.charge(self.card, **owner, capture_method="manual")
        v1.payment_intents.capture(held.id, {"amount_to_capture": 4500})
        slow = v1.payment_intents.create({"amount": 700, "currency": "cny"})
        v1.payment_intents.update(slow.id, {"amount": 900})
        v1.payment_intents.confirm(
            slow.id, {"payment_method": "pm_card_visa", "return_url": "http://127.0.0.1/"}
        )
        v1.payment_intents.retrieve(self.paid.id)
        v1.payment_intents.list(owner)
        self.refused(v1.payment_intents.retrieve, "pi_none")
        self.refused(v1.payment_intents.cancel, self.paid.id)

    def wallets(self) -> None:
        for type, options in (("alipay", {}), ("wechat_pay", {"wechat_pay": {"client": "web"}})):
            facts = {"amount": 5000, "currency": "cny", "confirm": True}
            facts |= {"allowed_payment_method_types": [type], "payment_method_data": {"type": type}}
            facts |= {"return_url": "http://127.0.0.1/", "payment_method_options": options}
            intent = self.v1.payment_intents.create(facts)
            self.em.buyer.approve(f"{self.em.base}/authenticate/{intent.id}")
            self.v1.refunds.create({"payment_intent": intent.id, "amount": 1000})

    def saving(self) -> None:
        v1 = self.v1.setup_intents
        made = v1.create({"customer": self.customer, "payment_method": "pm_card_visa"})
        v1.update(made.id, {"metadata": {"a": "b"}})
        v1.confirm(made.id, {"return_url": "http://127.0.0.1/"})
        v1.retrieve(made.id)
        v1.list({"customer": self.customer})
        v1.cancel(v1.create({}).id, {"cancellation_reason": "abandoned"})
        asks = {"payment_method": "pm_card_authenticationRequiredOnSetup", "confirm": True}
        v1.create(
            {**asks, "allowed_payment_method_types": ["card"], "return_url": "http://127.0.0.1/"}
        )
        self.refused(v1.create, {"payment_method": "pm_card_chargeDeclined", "confirm": True})

    def pages(self) -> None:
        v1 = self.v1.checkout.sessions
        pay = {"mode": "payment", "success_url": BACK, "line_items": LINES}
        pay |= {"customer_creation": "always", "customer_email": "b@example.cn"}
        page = v1.create({**pay, "cancel_url": BACK, "metadata": {"payment": "PY-1"}})
        self.em.buyer.pay(page.url)
        v1.retrieve(page.id, {"expand": ["payment_intent", "line_items", "customer"]})
        v1.line_items.list(page.id)
        v1.expire(v1.create(pay).id)
        save = {"mode": "setup", "success_url": BACK, "currency": "cny", "customer": self.customer}
        page = v1.create(save)
        self.em.buyer.pay(page.url, email="b@example.cn", name="王")
        v1.retrieve(page.id, {"expand": ["setup_intent.payment_method"]})
        v1.list({"customer": self.customer})

    def giving_back(self) -> None:
        v1 = self.v1
        charge = self.paid.latest_charge.id
        back = v1.refunds.create({"charge": charge, "amount": 1000, "expand": ["charge"]})
        v1.refunds.update(back.id, {"metadata": {"a": "b"}})
        v1.refunds.create({"payment_intent": self.paid.id, "reason": "requested_by_customer"})
        self.refused(v1.refunds.create, {"charge": charge})
        fails = self.charge("pm_card_refundFail")
        late = v1.refunds.create({"payment_intent": fails.id})
        self.em.clock.advance(minutes=5)
        v1.refunds.retrieve(late.id, {"expand": ["failure_balance_transaction"]})
        v1.refunds.list({"charge": charge})
        v1.charges.update(charge, {"description": "花椒"})
        v1.charges.retrieve(charge, {"expand": ["refunds"]})
        v1.charges.list({"payment_intent": self.paid.id})

    def disputes(self) -> None:
        v1 = self.v1.disputes
        for _number in range(2):
            self.charge("pm_card_createDispute")
        self.em.clock.advance(minutes=5)
        lost, won = v1.list().data
        v1.close(lost.id)
        v1.update(won.id, {"evidence": {"uncategorized_text": "winning_evidence"}})
        v1.retrieve(won.id)

    def reading(self) -> None:
        v1 = self.v1
        v1.balance.retrieve()
        rows = v1.balance_transactions.list({"limit": 50, "expand": ["data.source"]})
        v1.balance_transactions.retrieve(rows.data[0].id)
        event = v1.events.list({"limit": 100}).data[0]
        v1.events.retrieve(event.id)
        v1.customers.retrieve(self.customer)
        v1.customers.update(self.customer, {"phone": "13800000000"})
        v1.customers.list()
        v1.customers.delete(v1.customers.create({}).id)


@pytest.fixture(scope="module")
def walked() -> Iterator[tuple[list[tuple[str, str, dict[str, Any]]], list[dict[str, Any]]]]:
    recorder = Recorder()
    with running() as em:
        client = stripe.StripeClient(
            em.secret_key,
            base_addresses={"api": em.base},
            http_client=recorder,
            max_network_retries=0,
        )
        Walk(em, client.v1).all()
        events: list[dict[str, Any]] = []
        em.deliver_events(lambda payload, _header: events.append(json.loads(payload)))
        yield recorder.seen, events


def test_every_answer_has_the_shape_of_the_sdk(walked):
    answers, _events = walked

    wrong = {
        f"{method} {path}: {fault}" for method, path, body in answers for fault in faults_of(body)
    }

    assert sorted(wrong) == []


def test_every_event_has_the_shape_of_the_sdk(walked):
    _answers, events = walked

    wrong = {f"{event['type']}: {fault}" for event in events for fault in faults_of(event)}

    assert sorted(wrong) == []


def test_every_address_was_walked(walked):
    answers, _events = walked

    hit = {routes.find(method, path)[0] for method, path, _body in answers}

    assert {handler for *_where, handler in routes.TABLE} - hit == set()


def test_a_wrong_answer_would_be_seen(walked):
    answers, _events = walked
    good = next(body for _m, _p, body in answers if body.get("object") == "payment_intent")

    assert faults_of({**good, "status": "paid"})
    assert faults_of({**good, "amount": "5000"})
    assert faults_of({**good, "surprise": 1})
    assert faults_of({name: fact for name, fact in good.items() if name != "amount"})


@pytest.mark.parametrize(
    ("shape", "name"),
    [
        (customers.FACTS, "CustomerCreateParams"),
        (methods.MADE, "PaymentMethodCreateParams"),
        (intents.MADE, "PaymentIntentCreateParams"),
        (intents.CONFIRMED, "PaymentIntentConfirmParams"),
        (intents.CANCELLED, "PaymentIntentCancelParams"),
        (setups.MADE, "SetupIntentCreateParams"),
        (setups.CONFIRMED, "SetupIntentConfirmParams"),
        (refunds.MADE, "RefundCreateParams"),
        (disputes.UPDATED, "DisputeUpdateParams"),
        (sessions.MADE, "checkout.SessionCreateParams"),
        (sessions.FOR_PAYMENT, "checkout.SessionCreateParamsPaymentIntentData"),
        (sessions.PRICE, "checkout.SessionCreateParamsLineItemPriceData"),
    ],
)
def test_only_parameters_of_the_sdk_are_accepted(shape: Mapping[str, Any], name: str) -> None:
    known: Any = sdk_params
    for step in name.split("."):
        known = getattr(known, step)

    assert shape.keys() - known.__annotations__.keys() == set()
