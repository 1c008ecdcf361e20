"""Stripe's test cards: what each answers when saved, charged, and charged without its owner."""

from dataclasses import dataclass

OK = "ok"
ASK = "authenticate"
LATER, FAILS = "later", "fails"


@dataclass(frozen=True)
class Card:
    """A test card. Answers are ``OK``, ``ASK`` (3-D Secure) or a decline code."""

    number: str
    names: tuple[str, ...]
    brand: str = "visa"
    funding: str = "credit"
    saved: str = OK
    asks: bool = False
    present: str = OK
    absent: str = OK
    absent_unsaved: str | None = None
    refund: str = OK
    disputed: str = ""

    @property
    def last4(self) -> str:
        return self.number[-4:]


def _declined(number: str, code: str, *names: str) -> Card:
    return Card(number, names, saved=code, present=code, absent=code)


CARDS = (
    Card("4242424242424242", ("visa",)),
    Card("4000056655665556", ("visa_debit",), funding="debit"),
    Card("5555555555554444", ("mastercard",), brand="mastercard"),
    Card("378282246310005", ("amex",), brand="amex"),
    Card("6200000000000005", ("unionpay",), brand="unionpay"),
    _declined("4000000000000002", "generic_decline", "visa_chargeDeclined", "chargeDeclined"),
    _declined(
        "4000000000009995",
        "insufficient_funds",
        "visa_chargeDeclinedInsufficientFunds",
        "chargeDeclinedInsufficientFunds",
    ),
    _declined("4000000000009987", "lost_card", "visa_chargeDeclinedLostCard"),
    _declined("4000000000009979", "stolen_card", "visa_chargeDeclinedStolenCard"),
    _declined("4000000000000069", "expired_card", "chargeDeclinedExpiredCard"),
    _declined("4000000000000127", "incorrect_cvc", "chargeDeclinedIncorrectCvc"),
    _declined("4000000000000119", "processing_error", "chargeDeclinedProcessingError"),
    _declined("4000000000006975", "card_velocity_exceeded", "visa_chargeDeclinedVelocityLimit"),
    Card(
        "4000000000000341",
        ("chargeCustomerFail",),
        present="generic_decline",
        absent="generic_decline",
    ),
    Card(
        "4000000000003220",
        ("threeDSecure2Required", "threeDSecureRequired"),
        saved=ASK,
        asks=True,
        absent=ASK,
    ),
    Card(
        "4000002500003155",
        ("authenticationRequiredOnSetup",),
        saved=ASK,
        asks=True,
        absent_unsaved=ASK,
    ),
    Card("4000002760003184", ("authenticationRequired",), saved=ASK, asks=True, absent=ASK),
    Card(
        "4000008260003178",
        ("authenticationRequiredChargeDeclinedInsufficientFunds",),
        saved=ASK,
        asks=True,
        present="insufficient_funds",
        absent="insufficient_funds",
        absent_unsaved=ASK,
    ),
    Card("4000000000007726", ("pendingRefund",), refund=LATER),
    Card("4000000000005126", ("refundFail",), refund=FAILS),
    Card("4000000000000259", ("createDispute",), disputed="fraudulent"),
    Card("4000000000002685", ("createDisputeProductNotReceived",), disputed="product_not_received"),
)
BY_NUMBER = {card.number: card for card in CARDS}
BY_METHOD = {f"pm_card_{name}": card for card in CARDS for name in card.names}
BY_TOKEN = {f"tok_{name}": card for card in CARDS for name in card.names}
OWN_CODES = frozenset({"expired_card", "incorrect_cvc", "processing_error"})
MESSAGES = {
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
}
NEVER_AGAIN = frozenset({"lost_card", "stolen_card", "pickup_card", "fraudulent"})


def code_of(decline: str) -> str:
    """The error code that goes with a reason for declining."""
    own = decline in OWN_CODES or decline == "authentication_required"
    return decline if own else "card_declined"


def message_of(decline: str) -> str:
    """What a buyer may be told."""
    return MESSAGES.get(decline, "Your card was declined.")


def advice_of(decline: str) -> str:
    """What the issuer says about trying again."""
    return "do_not_try_again" if decline in NEVER_AGAIN else "try_again_later"
