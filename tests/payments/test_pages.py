"""The link to pay, the staff's page of money, and the door the provider reports at."""

import hashlib
import hmac
import json
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from devtools.stripe_emulator.testing import Running
from payments import links, services
from payments.models import (
    EventState,
    Gate,
    Payment,
    PaymentState,
    ProviderEvent,
    RefundState,
    Way,
)
from payments.services.gate import close_gate
from tests.factories.growers import RegionFactory, UserFactory, person_with
from tests.payments.conftest import NOON, RETURN, asked, due, hear, paid_now

pytestmark = pytest.mark.django_db
WEBHOOK = "/payments/webhook/"
MONEY = "/work/money/"


@pytest.fixture(autouse=True)
def _clock(settings: object) -> None:
    settings.CLOCK = "tests.payments.test_pages.noon"  # type: ignore[attr-defined]


def noon() -> object:
    return NOON


def signed(body: bytes, secret: str, *, at: float | None = None) -> str:
    stamp = int(time.time() if at is None else at)
    mac = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={mac}"


def message(**facts: object) -> bytes:
    told = {"id": "evt_1", "type": "customer.created", "created": int(NOON.timestamp())}
    return json.dumps({**told, "data": {"object": {"id": "cus_1"}}, **facts}).encode()


def tell(client: Client, body: bytes, header: str) -> int:
    answer = client.post(
        WEBHOOK, body, content_type="application/json", headers={"Stripe-Signature": header}
    )
    return answer.status_code


# Where the provider reports ----------------------------------------------------------------------


def test_a_signed_message_is_kept_once(client: Client, stripe: Running) -> None:
    body = message()

    assert tell(client, body, signed(body, stripe.webhook_secret)) == 200
    assert tell(client, body, signed(body, stripe.webhook_secret)) == 200
    assert ProviderEvent.objects.get().id == "evt_1"


@pytest.mark.parametrize("trick", ["another secret", "changed", "old", "no header", "no json"])
def test_a_message_that_is_not_the_providers_is_refused(
    client: Client, stripe: Running, trick: str
) -> None:
    body = b"{" if trick == "no json" else message()
    secret = "whsec_other" if trick == "another secret" else stripe.webhook_secret
    header = signed(body, secret, at=time.time() - 400 if trick == "old" else None)

    sent = message(id="evt_2") if trick == "changed" else body
    assert tell(client, sent, "" if trick == "no header" else header) == 400
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        *(b"[]", b'"x"', b"null", message(data=1), message(created=10**30)),
        *(message(id="evt_" + "x" * 77), message(type="x" * 81)),
        message(data={"object": {"id": "x" * 121}}),
    ],
)
def test_a_signed_text_that_is_no_message_is_refused(
    client: Client, stripe: Running, body: bytes
) -> None:
    assert tell(client, body, signed(body, stripe.webhook_secret)) == 400
    assert not ProviderEvent.objects.exists()


def test_without_a_provider_there_is_no_door_and_no_page(client: Client, owner: object) -> None:
    payment = asked(way=Way.NOW)

    assert tell(client, message(), "t=1") == 404
    assert client.get(links.pay_link(payment)).status_code == 404


# The buyer's page --------------------------------------------------------------------------------


def test_a_link_leads_a_stranger_to_pay_and_back(client: Client, stripe: Running) -> None:
    payment = asked(way=Way.LINK, methods=("card", "alipay"))
    services.make_due(codes=[payment.code], at=NOON)
    link = links.pay_link(payment)

    page = client.get(link)
    assert "高坡花椒 3 袋" in page.content.decode()
    assert "¥128.00" in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    answer = client.post(link)
    assert answer.status_code == 303
    back = stripe.buyer.approve(stripe.buyer.pay(answer["Location"], way="alipay"))
    assert client.get(back, follow=True).redirect_chain == [(link, 302)]

    payment.refresh_from_db()
    assert (payment.state, payment.paid_with) == (PaymentState.PAID, "alipay")
    assert "已经付好了" in client.get(link).content.decode()


def test_a_made_up_link_leads_nowhere(client: Client, stripe: Running) -> None:
    payment = asked(way=Way.NOW)
    link = links.pay_link(payment)

    assert client.get(link).status_code == 200
    assert client.get(link[:-3] + "xx/").status_code == 404
    assert client.get(f"/pay/{payment.code}/").status_code == 404


@pytest.mark.parametrize("state", [state for state in PaymentState if state != "paid"])
def test_every_state_has_a_page(client: Client, stripe: Running, state: PaymentState) -> None:
    payment = due(stripe)
    payment.state = state
    payment.ended_at = NOON if state in ("dropped", "lapsed", "void") else None
    payment.save()

    for prefix in ("", "/en"):
        page = client.get(prefix + links.pay_link(payment))
        assert page.status_code == 200
        assert payment.code in page.content.decode()


def test_when_the_provider_is_silent_the_buyer_is_told(client: Client, stripe: Running) -> None:
    payment = asked(way=Way.NOW)
    stripe.faults.add("drop_request", on="/v1/checkout")

    answer = client.post(links.pay_link(payment), follow=True)

    assert "付款页暂时打不开" in answer.content.decode()
    stripe.faults.clear()
    assert client.post(links.pay_link(payment)).status_code == 303


# The staff's page --------------------------------------------------------------------------------


def sign_in(client: Client, *, staff: bool = False, role: str = "") -> object:
    user = person_with(role, RegionFactory()) if role else UserFactory(is_staff=staff)
    client.force_login(user)
    return user


def test_money_is_for_staff_and_auditors(client: Client, stripe: Running) -> None:
    assert client.get(MONEY).status_code == 302
    sign_in(client)
    assert client.get(MONEY).status_code == 404
    assert client.post(MONEY + "line/").status_code == 404
    sign_in(client, staff=True)
    assert client.get(MONEY).status_code == 200


def test_an_auditor_looks_and_does_nothing(client: Client, stripe: Running) -> None:
    sign_in(client, role="auditor")

    assert "暂停扣款和退款</button>" not in client.get(MONEY).content.decode()
    assert client.post(MONEY + "line/", {"step": "pause"}).status_code == 404
    assert not Gate.objects.exists()


def test_staff_pause_and_resume(client: Client, stripe: Running) -> None:
    sign_in(client, staff=True)
    payment = due(stripe)

    client.post(MONEY + "line/", {"step": "pause"})
    services.charge(code=payment.code, at=NOON)
    assert stripe.world.charges() == []
    assert "暂停扣款和退款：" in client.get(MONEY).content.decode()
    client.post(MONEY + "line/", {"step": "resume"})
    services.charge(code=payment.code, at=NOON)

    assert len(stripe.world.charges()) == 1


def test_a_message_that_fits_nothing_is_looked_at_again_or_dismissed(
    client: Client, stripe: Running
) -> None:
    sign_in(client, staff=True)
    facts = {"object_id": "pi_x", "made_at": NOON, "received_at": NOON}
    for id in ("evt_a", "evt_b"):
        ProviderEvent.objects.create(
            id=id, kind="payment_intent.succeeded", state=EventState.LEFT, **facts
        )

    ProviderEvent.objects.filter(id="evt_a").update(error="mismatch:a:1: 900 cny")
    ProviderEvent.objects.filter(id="evt_b").update(error="KeyError('metadata')")
    page = client.get(MONEY).content.decode()
    assert "evt_a" in page
    assert "金额或币种和我们要的不一样" in page
    assert "a:1: 900 cny" in page
    assert "请技术人员看日志" in page
    assert "KeyError" not in page
    client.post(MONEY + "messages/evt_a/", {"step": "again"})
    client.post(MONEY + "messages/evt_b/", {"step": "dismiss"})

    found = dict(ProviderEvent.objects.values_list("id", "state"))
    assert found == {"evt_a": EventState.NEW, "evt_b": EventState.DONE}


def test_a_refund_by_bank_needs_two_persons(client: Client, stripe: Running) -> None:
    payment = paid_now(stripe, way="alipay")
    late = NOON + timedelta(days=86)
    facts = {"subject": "pledge:1-0", "amount": 800, "reason": "烂了", "by": None}
    refund = services.refund(code=payment.code, key="r1", at=late, **facts)
    address = reverse("payments:by_bank", args=[refund.code])
    sign_in(client, staff=True)

    assert "要用银行退的款" in client.get(MONEY).content.decode()
    client.post(address, {"step": "propose", "number": ""})
    client.post(address, {"step": "approve"})
    refund.refresh_from_db()
    assert (refund.state, refund.bank_number) == (RefundState.OFFLINE, "")
    client.post(address, {"step": "propose", "number": "9001"})
    client.post(address, {"step": "approve"})
    refund.refresh_from_db()
    assert refund.state == RefundState.OFFLINE
    sign_in(client, staff=True)
    client.post(address, {"step": "approve", "number": "9000"})
    refund.refresh_from_db()
    assert refund.state == RefundState.OFFLINE
    assert 'name="number" value="9001"' in client.get(MONEY).content.decode()
    client.post(address, {"step": "approve", "number": "9001"})

    refund.refresh_from_db()
    assert refund.state == RefundState.OFFLINE_PAID


@pytest.mark.parametrize("number", ["9" * 61, "9\x001", " "])
def test_a_bank_number_that_cannot_be_one_is_refused(
    client: Client, stripe: Running, number: str
) -> None:
    payment = paid_now(stripe, way="alipay")
    late = NOON + timedelta(days=86)
    facts = {"subject": "pledge:1-0", "amount": 800, "reason": "烂了", "by": None}
    refund = services.refund(code=payment.code, key="r1", at=late, **facts)
    sign_in(client, staff=True)

    address = reverse("payments:by_bank", args=[refund.code])
    answer = client.post(address, {"step": "propose", "number": number}, follow=True)

    assert "写上银行回单号" in answer.content.decode()
    refund.refresh_from_db()
    assert refund.bank_number == ""


def intent_of(payment: Payment) -> str | None:
    return payment.attempts.get(state="succeeded").intent_id


def test_what_a_payers_bank_took_is_not_sent_by_bank_too(client: Client, stripe: Running) -> None:
    payment = paid_now(stripe)
    facts = {"subject": "pledge:1-0", "amount": 800, "reason": "烂了", "by": None}
    refund = services.refund(code=payment.code, key="r1", at=NOON, **facts)
    paid_now(stripe, "2")  # so that the escrow can bear the dispute
    charges = stripe.world.charges()
    charge = next(one for one in charges if one["payment_intent"] == intent_of(payment))
    opened = stripe.knob("disputes", charge=charge["id"])
    hear(stripe, at=NOON)
    services.send(code=refund.code, at=NOON)
    address = reverse("payments:by_bank", args=[refund.code])
    sign_in(client, staff=True)

    page = client.get(MONEY).content.decode()
    assert "付款人的银行正在要回这一笔" in page
    assert "等我们答复银行" in page
    assert address not in page
    refused = client.post(address, {"step": "propose", "number": "9001"}, follow=True)
    assert "再转账就退重了" in refused.content.decode()

    stripe.knob("disputes", dispute=opened["id"], won=True)
    hear(stripe, at=NOON)
    client.post(address, {"step": "propose", "number": "9001"})
    refund.refresh_from_db()
    assert refund.bank_number == "9001"


def test_the_page_asks_no_more_for_more_rows(
    client: Client, stripe: Running, django_assert_max_num_queries: object
) -> None:
    sign_in(client, staff=True)
    close_gate(reason="test", at=NOON)
    for n in range(3):
        payment = asked(str(n), way=Way.NOW)
        services.hosted_page(code=payment.code, return_url=RETURN, at=NOON)

    with django_assert_max_num_queries(25):  # type: ignore[operator]
        client.get(MONEY)
