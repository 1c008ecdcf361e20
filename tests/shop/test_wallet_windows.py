"""A later delivery and the refund windows of wallets; a proposal of terms taken back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from core.errors import NotAllowed
from devtools.stripe_emulator.testing import Running
from payments import services as payments
from payments.models import HostedPage, PageState, Payment, Refund, RefundState
from shop.campaign_terms import terms_now
from shop.models import Campaign, Pledge, PledgeWay, TermsChange
from shop.selectors.wallet_windows import late_wallets
from shop.services.campaign_moves import move_promise
from shop.services.pledge_payments import give_back
from shop.services.terms_changes import apply_terms, propose_terms, withdraw_terms
from tests.factories.growers import person_with
from tests.factories.presale import (
    DEADLINE,
    NOON,
    CampaignFactory,
    approver_of,
    make_ripening_listing,
    opened,
    writer,
)
from tests.factories.shop import make_rate_card
from tests.shop.paying import RETURN, finish, jobs, reserved, stripe

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATE = date(2026, 12, 1)  # 14 days of claims after it: Alipay's 85 days from 28 August end before


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    make_rate_card()
    with time_machine.travel(NOON, tick=False):
        yield


def move(campaign: Campaign, to: date = LATE) -> None:
    campaign.refresh_from_db()
    move_promise(campaign, first=campaign.promised_from_on, last=to, at=NOON)


def wallet(stripe: Running, campaign: Campaign, number: int, means: str) -> Pledge:
    return finish(stripe, reserved(campaign, 1, way=PledgeWay.NOW, number=number), means=means)


def desk_of(campaign: Campaign) -> Client:
    client = Client()
    client.force_login(person_with("shop_operator", campaign.listing.shop))
    return client


def test_a_wallet_that_has_paid_is_listed_with_its_last_day(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=1)
    paid = wallet(stripe, campaign, 1, "alipay")
    wallet(stripe, campaign, 2, "wechat_pay")
    assert late_wallets(campaign, at=NOON) == []

    move(campaign)

    [row] = late_wallets(campaign, at=NOON)
    assert (row.pledge, row.paid_with, row.until) == (paid.code, "alipay", date(2026, 11, 20))
    assert not row.is_over
    assert late_wallets(campaign, at=NOON + 86 * DAY)[0].is_over
    page = desk_of(campaign).get(f"/work/campaigns/{campaign.code}/").content.decode()
    assert "1 笔钱包付款，原路退的期限不够长" in page
    assert "银行转账退" in page


def test_after_its_window_it_goes_back_by_bank(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=1)
    paid = wallet(stripe, campaign, 1, "alipay")
    move(campaign)

    give_back(paid, why="t", reason="晚了", by=None, at=NOON + 86 * DAY)

    assert Refund.objects.get().state == RefundState.OFFLINE
    assert late_wallets(campaign, at=NOON + 86 * DAY) == []  # nothing is left to go back


def test_no_wallet_is_offered_any_more_that_could_not_be_refunded(
    stripe: Running, client: Client
) -> None:
    campaign = CampaignFactory(goal_packs=1)
    pending = reserved(campaign, 1, way=PledgeWay.NOW, number=1)
    link = reserved(campaign, 1, way=PledgeWay.LINK, number=2)
    payments.hosted_page(code=pending.payment_code or "", return_url=RETURN, at=NOON)

    move(campaign)

    means = {row.code: row.methods for row in Payment.objects.all()}
    assert means[pending.payment_code or ""] == "wechat_pay"
    assert means[link.payment_code or ""] == "card,wechat_pay"
    jobs(stripe, at=NOON)
    assert HostedPage.objects.get().state == PageState.EXPIRED  # it still offered the other
    move(campaign, date(2027, 3, 20))
    page = client.get(f"/presale/{campaign.code}/").content.decode()
    assert 'value="now"' not in page  # paying now is for wallets, and none is left
    assert {row.methods for row in Payment.objects.all()} == {"card"}


def test_an_earlier_window_takes_no_wallet_away(stripe: Running) -> None:
    campaign = CampaignFactory()
    reserved(campaign, 1, way=PledgeWay.NOW)

    move(campaign, campaign.promised_to_on - DAY)

    assert Payment.objects.get().methods == "alipay,wechat_pay"


def test_changed_terms_look_at_the_wallets_too(stripe: Running) -> None:
    campaign = opened(make_ripening_listing())
    finish(stripe, reserved(campaign, 1, way=PledgeWay.NOW, number=1), means="alipay")
    reserved(campaign, 1, way=PledgeWay.LINK, number=2)
    change = propose(campaign, promised_to_on=LATE)

    apply_terms(code=change.code, by=approver_of(campaign.listing), at=NOON)

    campaign.refresh_from_db()
    assert [row.paid_with for row in late_wallets(campaign, at=NOON)] == ["alipay"]
    assert Payment.objects.get(way="link").methods == "card,wechat_pay"


# A proposal taken back ---------------------------------------------------------------------
def propose(campaign: Campaign, **terms: object) -> TermsChange:
    new = replace(terms_now(campaign), **terms)  # type: ignore[arg-type]
    return propose_terms(code=campaign.code, terms=new, reason="晚熟", by=writer(), at=NOON)


def test_the_shop_takes_a_proposal_back_and_may_make_another() -> None:
    campaign = opened(make_ripening_listing())
    change = propose(campaign, price=Decimal("95.00"))
    desk = desk_of(campaign)
    assert "撤回这次改动" in desk.get(f"/work/campaigns/{campaign.code}/").content.decode()

    desk.post(f"/work/campaigns/{campaign.code}/terms/{change.code}/withdraw/")

    change.refresh_from_db()
    assert (change.state, change.decided_by, change.decided_at) == ("withdrawn", None, NOON)
    with pytest.raises(NotAllowed, match="已经定了"):
        apply_terms(code=change.code, by=approver_of(campaign.listing), at=NOON)
    with pytest.raises(NotAllowed, match="已经定了"):
        withdraw_terms(code=change.code, by=writer(), at=NOON)
    assert propose(campaign, price=Decimal("96.00")).state == "proposed"


def test_another_shop_finds_no_proposal_to_take_back() -> None:
    campaign, other = opened(make_ripening_listing()), CampaignFactory()
    change = propose(campaign, price=Decimal("95.00"))

    for code in (campaign.code, other.code):
        address = f"/work/campaigns/{code}/terms/{change.code}/withdraw/"
        assert desk_of(other).post(address).status_code == 404

    change.refresh_from_db()
    assert change.state == "proposed"


def test_a_withdrawn_proposal_names_who_did_it() -> None:
    change = propose(opened(make_ripening_listing()), price=Decimal("95.00"))

    with pytest.raises(IntegrityError, match="withdrawn_has_person"), transaction.atomic():
        TermsChange.objects.filter(pk=change.pk).update(state="withdrawn", decided_at=NOON)


@pytest.mark.parametrize(
    ("state", "said"), [("approved", "拿回来改"), ("succeeded", "已经截止"), ("failed", "已经结束")]
)
def test_the_page_says_why_terms_stand(state: str, said: str) -> None:
    ended = {} if state == "approved" else {"closed_at": DEADLINE}
    campaign = CampaignFactory(state=state, **ended)

    page = desk_of(campaign).get(f"/work/campaigns/{campaign.code}/terms/", follow=True)

    assert said in page.content.decode()
