"""Credit of a payment that the payer's bank takes back is frozen until that is decided."""

import pytest
import time_machine
from django.test import Client

from core.errors import BadInput, NotAllowed
from devtools.stripe_emulator.testing import Running
from payments.models import Payment
from shop.models import Credit
from shop.selectors.credits import credit_left
from shop.services.credits import pay_out
from tests.factories.shop import ListingFactory
from tests.logistics.pages import text_of
from tests.shop.crediting import BUYS, HOLDER, bought, with_credit
from tests.shop.paying import jobs, stripe
from tests.shop.test_credit_pages import CREDIT, proved

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db


def disputed(stripe: Running, credit: Credit) -> dict[str, str]:
    """The bank of who paid for it takes the money back."""
    payment = Payment.objects.get(code=credit.payment_code)
    intent = payment.attempts.get(state="succeeded").intent_id
    charge = next(one for one in stripe.world.charges() if one["payment_intent"] == intent)
    opened: dict[str, str] = stripe.knob("disputes", charge=charge["id"])
    jobs(stripe, at=BUYS)
    return opened


def test_it_is_neither_spent_nor_paid_out_and_the_page_says_why(
    stripe: Running, client: Client
) -> None:
    credit = with_credit(stripe)
    disputed(stripe, credit)

    with time_machine.travel(BUYS, tick=False):
        page = text_of(proved(client).get(CREDIT))

    assert credit_left(HOLDER) == 0
    assert "其中 ¥276.00 先不能用" in page
    assert "退成钱" not in page.partition("¥276.00 先不能用")[2].partition("没发的")[0]
    with pytest.raises(NotAllowed, match="要回"):
        pay_out(code=credit.code, at=BUYS)
    with pytest.raises(BadInput):
        bought(ListingFactory(), seen=27600)


def test_it_is_free_again_when_it_is_decided_for_us(stripe: Running) -> None:
    credit = with_credit(stripe)
    opened = disputed(stripe, credit)

    stripe.knob("disputes", dispute=opened["id"], won=True)
    jobs(stripe, at=BUYS)

    assert credit_left(HOLDER) == 27600
