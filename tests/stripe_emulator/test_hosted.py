"""The pages a buyer sees."""

import urllib.request
from urllib.error import HTTPError

import pytest
import stripe

from devtools.stripe_emulator.hosted.words import EN, ZH, language
from devtools.stripe_emulator.testing import Running
from tests.stripe_emulator.shop import BACK, page

ASKS, DECLINED, POOR = "4000002760003184", "4000000000000002", "4000000000009995"


def read(url: str, header: str = "") -> tuple[int, str]:
    request = urllib.request.Request(url, headers={"Accept-Language": header})  # noqa: S310  # a loopback address
    try:
        with urllib.request.urlopen(request) as reply:  # noqa: S310  # a loopback address
            return reply.status, reply.read().decode()
    except HTTPError as reply:
        return reply.code, reply.read().decode()


def send(url: str, **form: str) -> tuple[int, str]:
    data = urllib.parse.urlencode(form).encode()
    try:
        with urllib.request.urlopen(url, data=data) as reply:  # noqa: S310  # a loopback address
            return reply.status, reply.read().decode()
    except HTTPError as reply:
        return reply.code, reply.read().decode()


def saving(client: stripe.StripeClient) -> stripe.checkout.Session:
    customer = client.v1.customers.create({"email": "w@example.cn"}).id
    facts = {"mode": "setup", "customer": customer, "currency": "cny", "success_url": BACK}
    return client.v1.checkout.sessions.create({**facts, "locale": "zh"})  # type: ignore[arg-type]


def test_a_page_says_what_and_how_much(client) -> None:
    session = page(client, cancel_url="http://127.0.0.1:9/basket?a=1&b=2")

    status, html = read(session.url)

    assert status == 200
    assert 'lang="zh-CN"' in html
    assert "¥136.00" in html
    assert "大红袍花椒 &lt;500 g&gt;" in html
    assert 'href="http://127.0.0.1:9/basket?a=1&amp;b=2"' in html
    for way in ("card", "alipay", "wechat_pay"):
        assert f'value="{way}"' in html


@pytest.mark.parametrize(
    ("asked", "locale", "header", "expected"),
    [
        ("en", "zh", "zh-CN", "en"),
        ("", "en", "zh-CN", "en"),
        ("", "zh-HK", "en", "zh"),
        ("", "auto", "en-GB,zh;q=0.5", "en"),
        ("", None, "", "zh"),
        ("", "auto", "fr", "zh"),
    ],
)
def test_the_language_is_the_readers(asked, locale, header, expected) -> None:
    assert language(asked=asked, locale=locale, header=header) == expected


def test_both_languages_say_the_same_things() -> None:
    assert ZH.keys() == EN.keys()
    for key, sentence in ZH.items():
        assert sentence.count("{") == EN[key].count("{"), key


def test_a_card_pays_and_the_shop_hears(emulator: Running, client) -> None:
    session = page(
        client, metadata={"payment": "PY-1"}, payment_intent_data={"metadata": {"attempt": "1"}}
    )

    to = emulator.buyer.pay(session.url, email="w@example.cn")

    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert to == f"http://127.0.0.1:9/back?page={session.id}"
    assert (done.status, done.payment_status, done.amount_total) == ("complete", "paid", 13600)
    assert (done.payment_intent.status, done.payment_intent.metadata["attempt"]) == (
        "succeeded",
        "1",
    )
    assert done.customer_details.email == "w@example.cn"
    assert len(emulator.world.events("checkout.session.completed")) == 1


def test_a_page_pays_once(emulator: Running, client) -> None:
    session = page(client)
    emulator.buyer.pay(session.url)

    emulator.buyer.pay(session.url)
    status, html = read(session.url)

    assert len(emulator.world.charges()) == 1
    assert (status, ZH["done_pay"] in html) == (200, True)


def test_a_declined_card_may_be_followed_by_another(emulator: Running, client) -> None:
    session = page(client)
    status, html = send(session.url, way="card", number=POOR, expiry="12/34", cvc="123")

    emulator.buyer.pay(session.url)

    assert (status, ZH["insufficient_funds"] in html) == (402, True)
    assert len(emulator.world.intents()) == 1
    assert [row["status"] for row in emulator.world.charges(succeeded=False)] == [
        "failed",
        "succeeded",
    ]


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ({"number": "1234"}, "bad_number"),
        ({"expiry": "13/34"}, "bad_expiry"),
        ({"expiry": "01/20"}, "bad_expiry"),
        ({"cvc": "1"}, "bad_cvc"),
        ({"way": "cash"}, "choose_way"),
    ],
)
def test_a_wrong_field_is_shown_at_its_place(client, form: dict[str, str], word: str) -> None:
    session = page(client)
    good = {"way": "card", "number": "4242 4242 4242 4242", "expiry": "12/34", "cvc": "123"}

    status, html = send(session.url, **{**good, **form})

    assert status == 422
    assert ZH[word] in html
    assert ('aria-invalid="true"' in html) == (word != "choose_way")


def test_the_bank_asks_and_is_answered(emulator: Running, client) -> None:
    session = page(client, locale="en")
    bank = emulator.buyer.pay(session.url, card=ASKS)
    status, html = read(bank)

    no = emulator.buyer.refuse(bank)
    again = read(no)[1]
    yes = emulator.buyer.approve(emulator.buyer.pay(session.url, card=ASKS))

    assert (status, EN["yes_bank"] in html) == (200, True)
    assert EN["not_approved"] in again
    assert yes.startswith("http://127.0.0.1:9/back")
    assert len(emulator.world.charges()) == 1


@pytest.mark.parametrize("wallet", ["alipay", "wechat_pay"])
def test_a_wallet_pays_or_does_not(emulator: Running, client, wallet: str) -> None:
    session = page(client)
    app = emulator.buyer.pay(session.url, way=wallet)
    asked = read(app)[1]

    no = emulator.buyer.refuse(app)
    unpaid = client.v1.checkout.sessions.retrieve(session.id).payment_status
    emulator.buyer.approve(emulator.buyer.pay(session.url, way=wallet))

    assert ZH[wallet] in asked
    assert "problem=not_approved" in no
    assert unpaid == "unpaid"
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert [row["payment_method_details"]["type"] for row in emulator.world.charges()] == [wallet]


def test_a_card_is_saved_for_later(emulator: Running, client) -> None:
    session = saving(client)
    bank = emulator.buyer.pay(session.url, card=ASKS)
    emulator.buyer.approve(bank)

    done = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["setup_intent.payment_method"]}
    )

    assert ZH["bank_ask_save"].format(shop="山货") in read_or_done(bank, session, client)
    assert done.status == "complete"
    assert done.setup_intent.status == "succeeded"
    assert done.setup_intent.payment_method.customer == session.customer
    assert emulator.world.charges() == []


def read_or_done(bank: str, session: stripe.checkout.Session, client: stripe.StripeClient) -> str:
    """The bank's question on a page of the same kind (the first is answered already)."""
    customer = str(session.customer)
    facts = {"payment_method": "pm_card_threeDSecureRequired", "confirm": True, "return_url": BACK}
    setup = client.v1.setup_intents.create({**facts, "customer": customer})  # type: ignore[arg-type]
    return read(f"{bank.partition('/authenticate/')[0]}/authenticate/{setup.id}")[1]


def test_a_card_that_is_declined_is_not_saved(emulator: Running, client) -> None:
    session = saving(client)

    status, html = send(session.url, way="card", number=DECLINED, expiry="12/34", cvc="123")

    assert (status, ZH["declined"] in html) == (402, True)
    assert (
        client.v1.setup_intents.retrieve(session.setup_intent).status == "requires_payment_method"
    )
    assert emulator.world.events("setup_intent.setup_failed")


def test_an_expired_page_takes_nothing(emulator: Running, client) -> None:
    session = page(client)
    bank = emulator.buyer.pay(session.url, card=ASKS)
    client.v1.checkout.sessions.expire(session.id)

    emulator.buyer.approve(bank)
    emulator.buyer.pay(session.url)

    assert read(session.url)[0] == 410
    assert emulator.world.charges() == []
    assert {row["status"] for row in emulator.world.intents()} == {"canceled"}


def test_a_customer_is_made_when_asked_for(emulator: Running, client) -> None:
    session = page(client, customer_creation="always")
    emulator.buyer.pay(session.url, email="w@example.cn", name="王")

    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["customer"]})

    assert (done.customer.email, done.customer.name) == ("w@example.cn", "王")


@pytest.mark.parametrize("path", ["/c/pay/cs_test_none", "/authenticate/pi_none", "/x"])
def test_there_is_no_other_page(emulator: Running, path: str) -> None:
    assert read(emulator.base + path)[0] == 404


def test_a_name_of_another_machine_is_refused(emulator: Running) -> None:
    request = urllib.request.Request(emulator.base, headers={"Host": "example.com:80"})  # noqa: S310  # a loopback address

    with pytest.raises(HTTPError) as refused:
        urllib.request.urlopen(request)  # noqa: S310  # a loopback address

    assert refused.value.code == 403


def test_the_providers_books_are_on_one_page(emulator: Running, client) -> None:
    empty = read(emulator.base + "/")[1]
    session = page(client)
    emulator.buyer.pay(session.url)
    send(page(client).url, way="card", number=POOR, expiry="12/34", cvc="123")
    client.v1.refunds.create({"charge": emulator.world.charges()[0]["id"], "amount": 3600})

    status, html = read(emulator.base + "/?lang=en")

    assert ZH["nothing"] in empty
    assert status == 200
    for words in ("¥136.00", "−¥36.00", "¥6.97", "¥93.03", EN["failed"], EN["succeeded"]):
        assert words in html
    assert "messages have not reached" in html
