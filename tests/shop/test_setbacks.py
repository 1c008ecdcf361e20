"""Less harvest, later or none: each backer chooses, and money and order follow (J4)."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db.models import Sum
from django.test import Client

from core.errors import BadInput, NotAllowed
from devtools.stripe_emulator.testing import Running
from ledger.books import balance_of
from ledger.models import Account
from notices.models import Notice
from payments.models import Payment
from shop.models import (
    Campaign,
    CampaignStage,
    Pledge,
    PledgeState,
    Purchase,
    Remedy,
    Setback,
    SetbackChoice,
    SetbackKind,
)
from shop.selectors.setbacks import choose_path, sent_in_part, weight_to_send
from shop.services import choosing
from shop.services.choosing import choose
from shop.services.order_refunds import refund_order
from shop.services.setbacks import News, declare_setback
from shop.services.stock import set_stock
from tests.factories.presale import DEADLINE, CampaignFactory
from tests.factories.shop import ListingFactory
from tests.payments.conftest import faults
from tests.shop.paying import backer, jobs, state_of, stripe

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db
AFTER = DEADLINE + timedelta(minutes=1)
SAID = AFTER + timedelta(days=1)
SHORT = News(SetbackKind.PARTIAL, "晚霜，坐果少了四成", percent=60, to_on=date(2027, 10, 10))
LATER = News(SetbackKind.DELAY, "秋雨，晒不干", from_on=date(2026, 9, 25), to_on=date(2026, 10, 15))


def grown(stripe: Running, *packs: int) -> tuple[Campaign, list[Pledge]]:
    """A campaign whose backers have all paid and whose crop is growing."""
    campaign = CampaignFactory(goal_packs=1)
    pledges = [backer(stripe, campaign, n, number=i) for i, n in enumerate(packs)]
    jobs(stripe, at=AFTER)
    campaign.refresh_from_db()
    assert campaign.stage == CampaignStage.GROWING
    return campaign, pledges


def declared(campaign: Campaign, news: News = SHORT) -> Setback:
    return declare_setback(code=campaign.code, news=news, by=None, at=SAID)


def taken(setback: Setback, pledge: Pledge, remedy: str) -> SetbackChoice:
    return choose(setback_code=setback.code, pledge_code=pledge.code, remedy=remedy, at=SAID)


def texts(template: str) -> int:
    return Notice.objects.filter(template=template).count()


def refunded(pledge: Pledge) -> int:
    return Payment.objects.get(code=pledge.payment_code).refunded


def test_part_is_sent_and_the_rest_of_the_money_goes_back(stripe: Running) -> None:
    campaign, (pledge,) = grown(stripe, 3)
    setback = declared(campaign)

    taken(setback, pledge, Remedy.PARTIAL)
    jobs(stripe, at=SAID + timedelta(hours=1))

    assert refunded(pledge) == 3 * 9200 * 40 // 100
    assert weight_to_send(pledge) == 3 * 500 * 60 // 100
    assert sent_in_part(Purchase.objects.all()) == {Purchase.objects.get().pk: 900}
    assert state_of(pledge) == PledgeState.ORDERED
    assert Purchase.objects.get().state == "placed"
    assert [row["amount"] for row in stripe.world.refunds()] == [11040]
    assert texts("shop.setback_partial") == texts("shop.setback_done") == 1
    assert faults() == []


def test_refusing_it_gives_all_back_and_drops_the_order(stripe: Running) -> None:
    campaign, (pledge, _other) = grown(stripe, 3, 2)
    setback = declared(campaign)

    taken(setback, pledge, Remedy.REFUND)
    jobs(stripe, at=SAID + timedelta(hours=1))

    assert state_of(pledge) == PledgeState.REFUNDED
    assert refunded(pledge) == 3 * 9200
    assert pledge.order_link.order.purchase.state == "cancelled"
    assert faults() == []


def test_waiting_keeps_money_and_order_and_moves_the_promise(stripe: Running) -> None:
    campaign, (pledge,) = grown(stripe, 3)
    setback = declared(campaign)

    taken(setback, pledge, Remedy.WAIT)

    assert refunded(pledge) == 0
    assert Purchase.objects.get().promised_to_on == date(2027, 10, 10)


def test_who_says_nothing_gets_the_part_after_seven_days(stripe: Running) -> None:
    campaign, pledges = grown(stripe, 3, 1, 2)
    setback = declared(campaign)
    taken(setback, pledges[0], Remedy.REFUND)

    jobs(stripe, at=setback.choose_by - timedelta(minutes=1))
    early = setback.choices.filter(remedy="").count()
    jobs(stripe, at=setback.choose_by)
    jobs(stripe, at=setback.choose_by + timedelta(hours=1))

    assert early == 2
    rows = setback.choices.order_by("pk").values_list("remedy", "by_default")
    assert list(rows) == [("refund", False), ("partial", True), ("partial", True)]
    assert texts("shop.setback_reminder") == 2
    setback.refresh_from_db()
    assert setback.settled_at == setback.choose_by
    assert faults() == []


def test_every_fen_is_kept_sent_or_given_back(stripe: Running) -> None:
    campaign, pledges = grown(stripe, 1, 2, 3, 4)
    setback = declared(
        campaign, News(SetbackKind.PARTIAL, "晚霜", percent=37, to_on=date(2027, 10, 10))
    )
    for pledge, remedy in zip(pledges, ("partial", "refund", "wait", "partial"), strict=True):
        taken(setback, pledge, remedy)
    jobs(stripe, at=SAID + timedelta(hours=1))

    paid = Payment.objects.aggregate(sum=Sum("paid"))["sum"]
    back = Payment.objects.aggregate(sum=Sum("refunded"))["sum"]
    escrow = Account.objects.get(code=f"escrow:campaign:{campaign.code}")
    kept = setback.choices.aggregate(sum=Sum("keep_fen"))["sum"]

    assert kept == paid * 37 // 100
    assert balance_of(escrow) == paid - back
    assert back == setback.choices.aggregate(sum=Sum("refund_fen"))["sum"]
    assert faults() == []


def test_one_waits_only_for_a_later_day(stripe: Running) -> None:
    campaign, (pledge,) = grown(stripe, 1)
    setback = declared(campaign, News(SetbackKind.PARTIAL, "晚霜", percent=60))

    with pytest.raises(BadInput, match="不能选"):
        taken(setback, pledge, Remedy.WAIT)


def test_choice_is_made_once_and_in_time(stripe: Running) -> None:
    campaign, (pledge, silent) = grown(stripe, 3, 2)
    setback = declared(campaign)
    taken(setback, pledge, Remedy.PARTIAL)

    with pytest.raises(NotAllowed, match="已经按"):
        taken(setback, pledge, Remedy.REFUND)
    with pytest.raises(BadInput, match="不能选"):
        taken(setback, silent, "gold")
    with pytest.raises(NotAllowed, match="时间过了"):
        choose(
            setback_code=setback.code,
            pledge_code=silent.code,
            remedy=Remedy.REFUND,
            at=setback.choose_by,
        )

    assert refunded(pledge) == 11040
    assert refunded(silent) == 0


def test_later_day_is_told_with_both_windows_and_can_be_refused(stripe: Running) -> None:
    campaign, (stays, leaves) = grown(stripe, 3, 2)
    setback = declared(campaign, LATER)

    taken(setback, leaves, Remedy.REFUND)
    jobs(stripe, at=setback.choose_by)
    jobs(stripe, at=setback.choose_by + timedelta(hours=1))

    campaign.refresh_from_db()
    assert (campaign.promised_from_on, campaign.promised_to_on) == (LATER.from_on, LATER.to_on)
    assert stays.order_link.order.purchase.promised_from_on == LATER.from_on
    assert refunded(stays) == 0
    assert state_of(leaves) == PledgeState.REFUNDED
    assert texts("shop.setback_delay") == 2


def test_no_harvest_gives_all_back_to_all(stripe: Running) -> None:
    campaign, pledges = grown(stripe, 3, 2)

    setback = declared(campaign, News(SetbackKind.FAILED, "雹灾，一颗没剩"))
    jobs(stripe, at=setback.choose_by)
    jobs(stripe, at=setback.choose_by + timedelta(hours=1))

    assert [state_of(pledge) for pledge in pledges] == [PledgeState.REFUNDED] * 2
    campaign.refresh_from_db()
    assert campaign.stage == CampaignStage.CLOSED
    assert texts("shop.setback_failed") == 2
    assert set(Purchase.objects.values_list("state", flat=True)) == {"cancelled"}
    assert faults() == []


@pytest.mark.parametrize(
    ("news", "field"),
    [
        (News(SetbackKind.PARTIAL, " ", percent=60), "reason"),
        (News(SetbackKind.PARTIAL, "晚霜", percent=100), "percent"),
        (News(SetbackKind.DELAY, "秋雨", from_on=date(2026, 9, 20)), "from_on"),
        (
            News(SetbackKind.DELAY, "秋雨", from_on=date(2026, 9, 25), to_on=date(2026, 9, 24)),
            "to_on",
        ),
    ],
)
def test_setback_says_why_how_much_and_when(stripe: Running, news: News, field: str) -> None:
    campaign, _pledges = grown(stripe, 1)

    with pytest.raises(BadInput) as refused:
        declared(campaign, news)

    assert refused.value.field == field
    assert not Setback.objects.exists()


def test_setback_is_declared_after_success_and_one_at_a_time(stripe: Running) -> None:
    running = CampaignFactory()
    campaign, _pledges = grown(stripe, 1)
    declared(campaign)

    with pytest.raises(NotAllowed, match="还没成团"):
        declared(running)
    with pytest.raises(NotAllowed, match="还在等"):
        declared(campaign, LATER)


def test_signed_address_opens_one_choice_and_nothing_else(stripe: Running, client: Client) -> None:
    campaign, (pledge, other) = grown(stripe, 3, 2)
    setback = declared(campaign)
    url = choose_path(setback.code, pledge.code)

    with time_machine.travel(SAID, tick=False):
        page = client.get(url)
        forged = client.get(url.replace(pledge.code, other.code))
        empty = client.post(url, {})
        done = client.post(url, {"remedy": "partial"}, follow=True)

    assert page.status_code == 200
    assert "只够发 60%" in page.content.decode()
    assert "¥110.40" in page.content.decode()
    assert forged.status_code == 404
    assert empty.status_code == 422
    assert "照“发一部分，退一部分”办了" in done.content.decode()
    assert refunded(pledge) == 11040


def test_page_to_choose_promises_no_more_than_is_left(stripe: Running, client: Client) -> None:
    campaign, (pledge,) = grown(stripe, 3)
    order = pledge.order_link.order.purchase.code
    setback = declared(campaign)
    refund_order(code=order, amount_fen=20000, reason="少了", key="desk:1", by=None, at=SAID)

    with time_machine.travel(SAID, tick=False):
        page = client.get(choose_path(setback.code, pledge.code)).content.decode()

    assert "¥276.00" in page  # was paid
    assert "退 ¥76.00，运费" in page
    assert "¥76.00 连运费" in page


def test_other_goods_are_sent_for_the_same_packs_and_money(stripe: Running) -> None:
    campaign, (pledge, other) = grown(stripe, 3, 2)
    instead = ListingFactory(shop=campaign.listing.shop)
    set_stock(listing=instead, packs=3, at=SAID)
    news = News(SetbackKind.PARTIAL, "晚霜", percent=60, substitute=instead)
    setback = declared(campaign, news)
    first = pledge.order_link.order.purchase

    taken(setback, pledge, Remedy.SUBSTITUTE)
    with pytest.raises(BadInput, match="不够换了"):
        taken(setback, other, Remedy.SUBSTITUTE)

    now = Pledge.objects.get(pk=pledge.pk).order_link.order.purchase
    first.refresh_from_db()
    assert (first.state, now.state) == ("cancelled", "placed")
    assert now.order.lines.get().product_id == instead.product_id
    assert now.order.total_incl_tax == pledge.total
    assert refunded(pledge) == 0
    assert setback.choices.get(pledge=other).remedy == ""
    assert faults() == []


def test_other_goods_are_offered_only_where_the_shop_has_some(stripe: Running) -> None:
    campaign, (pledge,) = grown(stripe, 1)
    setback = declared(campaign)

    with pytest.raises(BadInput, match="不能选"):
        taken(setback, pledge, Remedy.SUBSTITUTE)


def test_one_backers_trouble_keeps_nobody_else_waiting(
    stripe: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, [first, second] = grown(stripe, 2, 3)
    setback = declared(campaign)
    carry_out = choosing._carry_out

    def refuse_first(choice: SetbackChoice, pledge: Pledge, *, at: datetime) -> None:
        if pledge.pk == first.pk:
            raise NotAllowed("the books are closed")
        carry_out(choice, pledge, at=at)

    monkeypatch.setattr(choosing, "_carry_out", refuse_first)
    choosing.settle_setbacks(at=setback.choose_by)
    done = set(SetbackChoice.objects.exclude(done_at=None).values_list("pledge", flat=True))
    monkeypatch.undo()
    choosing.settle_setbacks(at=setback.choose_by)

    assert done == {second.pk}
    assert not SetbackChoice.objects.filter(done_at=None).exists()
