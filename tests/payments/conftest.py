"""A provider that answers (the emulator), an owner that remembers, and what both are asked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from django.utils.translation import get_language

from devtools.stripe_emulator.testing import Running, running
from ledger import checks
from payments import ports, services
from payments.models import Part, Payer, Payment, Refund, Way
from payments.services.inbox import process_due, receive

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
CAMPAIGN = "escrow:campaign:PS-TEST"
SHOP = "escrow:shop:cd-maba"
RETURN = "https://shanhuo.test/back/"
GOOD, POOR, LATER_NO = "4242424242424242", "4000000000009995", "4000000000000341"
LOST, ASKS = "4000000000009987", "4000002760003184"
BUYER = Payer("user:1", "李秀英", "13800138000", "", "zh-hans")


@dataclass
class Remembering:
    """An owner that writes down what it is told, and wants what it is told to want."""

    told: list[tuple[str, str]] = field(default_factory=list)
    wanted: bool = False

    def card_saved(self, payment: Payment, *, at: datetime) -> None:
        self.told.append(("card_saved", payment.code))

    def paid(self, payment: Payment, *, at: datetime) -> None:
        self.told.append(("paid", payment.code))

    def troubled(self, payment: Payment, *, at: datetime) -> None:
        self.told.append((f"troubled {payment.state}", payment.code))

    def dropped(self, payment: Payment, *, at: datetime) -> None:
        self.told.append(("dropped", payment.code))

    def refunded(self, refund: Refund, *, at: datetime) -> None:
        self.told.append(("refunded", refund.code))

    def refund_failed(self, refund: Refund, *, at: datetime) -> None:
        self.told.append(("refund_failed", refund.code))

    def is_wanted(self, payment: Payment) -> bool:
        return self.wanted

    def title(self, payment: Payment) -> str:
        return f"{payment.description} ({get_language()})"

    def address(self, payment: Payment) -> str:
        return f"/of/{payment.subject}/"

    def facts(self, code: str = "") -> list[str]:
        return [fact for fact, about in self.told if about == code or not code]


@pytest.fixture
def owner(monkeypatch: pytest.MonkeyPatch) -> Remembering:
    """Answers for pledges and orders in this test only."""
    remembering = Remembering()
    monkeypatch.setattr(ports, "_owners", {"pledge": remembering, "order": remembering})
    return remembering


@pytest.fixture
def stripe(settings: object, owner: Remembering) -> Iterator[Running]:
    """The emulator, its clock standing at noon, and settings that lead to it."""
    with running(now=NOON) as provider:
        use(settings, provider)
        yield provider


def use(settings: object, provider: Running) -> None:
    """Let the platform pay through this emulator."""
    settings.PAYMENT_PROVIDER = "stripe"  # type: ignore[attr-defined]
    settings.STRIPE_SECRET_KEY = provider.secret_key  # type: ignore[attr-defined]
    settings.STRIPE_WEBHOOK_SECRET = provider.webhook_secret  # type: ignore[attr-defined]
    settings.STRIPE_API_BASE = provider.base  # type: ignore[attr-defined]
    settings.PAYMENT_CALLS_PER_SECOND = 0  # type: ignore[attr-defined]


def asked(
    name: str = "1",
    *,
    way: Way = Way.CARD_LATER,
    amounts: tuple[int, ...] = (12800,),
    methods: tuple[str, ...] = ("card",),
    lapse_at: datetime | None = None,
    at: datetime = NOON,
) -> Payment:
    """A payment with one part for each amount: a pledge, or orders of one checkout."""
    word = "pledge" if len(amounts) == 1 else "order"
    parts = [
        Part(f"{word}:{name}-{n}", CAMPAIGN if n == 0 else SHOP, amount)
        for n, amount in enumerate(amounts)
    ]
    return services.ask(
        subject=f"{word}:{name}",
        key=f"{word}:{name}:pay",
        way=way,
        parts=parts,
        payer=BUYER,
        description="高坡花椒 3 袋",
        methods=methods,
        lapse_at=lapse_at,
        at=at,
    )


def with_card(
    stripe: Running, name: str = "1", *, card: str = GOOD, amount: int = 12800
) -> Payment:
    """A pledge whose backer saved a card on the hosted page."""
    payment = asked(name, amounts=(amount,))
    url = services.hosted_page(code=payment.code, return_url=RETURN, at=NOON)
    answer = stripe.buyer.pay(url, card=card)
    if answer != RETURN:
        stripe.buyer.approve(answer)
    return services.refresh(code=payment.code, at=NOON)


def due(stripe: Running, name: str = "1", *, card: str = GOOD, amount: int = 12800) -> Payment:
    """A saved card that is to be charged now."""
    payment = with_card(stripe, name, card=card, amount=amount)
    services.make_due(codes=[payment.code], at=NOON)
    payment.refresh_from_db()
    return payment


def paid(stripe: Running, name: str = "1", *, card: str = GOOD, amount: int = 12800) -> Payment:
    """A charged card."""
    return services.charge(code=due(stripe, name, card=card, amount=amount).code, at=NOON)


def paid_now(
    stripe: Running,
    name: str = "1",
    *,
    way: str = "card",
    card: str = GOOD,
    amounts: tuple[int, ...] = (12800,),
) -> Payment:
    """A checkout that was paid on the hosted page."""
    methods = ("card", "alipay", "wechat_pay")
    payment = asked(name, way=Way.NOW, amounts=amounts, methods=methods)
    url = services.hosted_page(code=payment.code, return_url=RETURN, at=NOON)
    answer = stripe.buyer.pay(url, card=card, way=way)
    if answer != RETURN:
        stripe.buyer.approve(answer)
    return services.refresh(code=payment.code, at=NOON)


def hear(stripe: Running, *, at: datetime, everything: bool = True) -> int:
    """Tell the platform all that the provider has to tell, and look at it."""
    from payments.gateway import gateway

    def keep(body: bytes, signature: str) -> None:
        receive(told=gateway().read_message(body, signature), at=at)

    told = stripe.deliver_events(keep, everything=everything)
    process_due(at=at)
    return told


def later(stripe: Running, **by: float) -> datetime:
    """Move the provider's clock; the moment it is then."""
    stripe.clock.advance(**by)
    stripe.settle()
    return stripe.clock.get()


def faults() -> list[str]:
    """What does not hold in the ledger and in payments."""
    ours = [one for one in checks.run_all() if one.name.startswith(("ledger.", "payments."))]
    return [fault for result in ours for fault in result.faults]


def held() -> int:
    """What we believe the provider holds."""
    from ledger.books import balance_of
    from payments import books

    return -balance_of(books.clearing())
