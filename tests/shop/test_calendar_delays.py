"""After success a moved harvest window moves the promise by itself (J2, step 5)."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from core.errors import NotAllowed
from devtools.stripe_emulator.testing import Running
from harvest_calendar.models import SeasonDate
from harvest_calendar.services import revise_season
from notices.models import Notice
from shop import jobs as shop_jobs
from shop.models import (
    Campaign,
    CampaignStage,
    Pledge,
    PledgeState,
    PledgeWay,
    Purchase,
    Setback,
    SetbackKind,
)
from shop.selectors.setbacks import choose_path
from shop.services import calendar_delays
from shop.services.calendar_delays import declare_calendar_delays
from shop.services.campaigns import close_due_campaigns
from shop.services.choosing import choose, settle_setbacks
from shop.services.setbacks import News, declare_setback
from tests.factories.growers import person_with
from tests.factories.presale import (
    DEADLINE,
    CampaignFactory,
    make_ripening_listing,
    pledged,
    with_terms,
)
from tests.factories.shop import make_collection_station
from tests.payments.conftest import faults
from tests.shop.paying import backer, jobs, reserved, state_of, stripe
from tests.shop.test_presale_races import all_at_once

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db
AFTER = DEADLINE + timedelta(minutes=1)
MOVED = AFTER + timedelta(hours=2)
NEXT = MOVED + timedelta(minutes=5)
LATER = (date(2026, 9, 25), date(2026, 10, 15))


def collected(stripe: Running, *packs: int) -> tuple[Campaign, list[Pledge]]:
    """A campaign of a crop with a season, whose backers have all paid."""
    campaign = CampaignFactory(listing=make_ripening_listing(), goal_packs=1)
    pledges = [backer(stripe, campaign, n, number=i) for i, n in enumerate(packs)]
    jobs(stripe, at=AFTER)
    campaign.refresh_from_db()
    assert campaign.stage == CampaignStage.GROWING
    return campaign, pledges


def move(campaign: Campaign, *, days: int = 5, at: datetime = MOVED) -> None:
    """Move the season of a campaign's crop, as its page in the calendar does."""
    season = SeasonDate.objects.get(crop=campaign.listing.form.crop)
    revise_season(
        season=season,
        start_on=season.start_on + timedelta(days=days),
        peak_on=season.peak_on + timedelta(days=days),
        end_on=season.end_on + timedelta(days=days),
        reason="秋雨多，晚熟",
        by=None,
        at=at,
    )


def told() -> int:
    return Notice.objects.filter(template="shop.setback_delay").count()


def promised(one: Campaign | Purchase) -> tuple[date, date]:
    one.refresh_from_db()
    return one.promised_from_on, one.promised_to_on


def test_later_season_moves_promise_and_orders_and_tells_each_backer_once(stripe: Running) -> None:
    campaign, pledges = collected(stripe, 3, 2)

    move(campaign)
    shop_jobs._collecting(NEXT)
    shop_jobs._collecting(NEXT + timedelta(minutes=5))

    setback = Setback.objects.get()
    assert (setback.kind, setback.reason) == (SetbackKind.DELAY, "秋雨多，晚熟")
    assert setback.is_from_calendar
    assert promised(campaign) == LATER
    assert {promised(one) for one in Purchase.objects.all()} == {LATER}
    assert told() == len(pledges) == setback.choices.count()


def test_backer_may_take_everything_back_and_who_says_nothing_waits(stripe: Running) -> None:
    campaign, (leaves, stays) = collected(stripe, 3, 2)
    move(campaign)
    declare_calendar_delays(at=NEXT)
    setback = Setback.objects.get()

    choose(setback_code=setback.code, pledge_code=leaves.code, remedy="refund", at=NEXT)
    jobs(stripe, at=setback.choose_by)

    assert state_of(leaves) == PledgeState.REFUNDED
    assert state_of(stays) == PledgeState.ORDERED
    assert sum(row["amount"] for row in stripe.world.refunds()) == 3 * 9200
    setback.refresh_from_db()
    assert setback.settled_at is not None
    assert faults() == []


@pytest.mark.parametrize("days", [-5, 0])
def test_season_that_does_not_end_later_is_not_declared(stripe: Running, days: int) -> None:
    campaign, _pledges = collected(stripe, 1)

    move(campaign, days=days)
    declare_calendar_delays(at=NEXT)

    assert not Setback.objects.exists()
    assert promised(campaign) == (date(2026, 9, 20), date(2026, 10, 10))


def test_one_day_later_is_declared(stripe: Running) -> None:
    campaign, _pledges = collected(stripe, 1)

    move(campaign, days=1)

    assert declare_calendar_delays(at=NEXT) == 1


def test_campaign_whose_season_nobody_moved_keeps_the_days_it_promised(stripe: Running) -> None:
    collected(stripe, 1)
    with_terms(Campaign.objects.get(), promised_to_on=date(2026, 10, 1))  # the shop's, narrower

    assert declare_calendar_delays(at=NEXT) == 0
    assert not Setback.objects.exists()


def test_while_money_is_collected_it_waits_and_the_next_tick_declares_it(stripe: Running) -> None:
    campaign = CampaignFactory(listing=make_ripening_listing(), goal_packs=1)
    backer(stripe, campaign, 3, number=1)
    reserved(campaign, 1, way=PledgeWay.LINK, number=2)  # has 72 hours to pay
    jobs(stripe, at=AFTER)
    move(campaign)

    jobs(stripe, at=NEXT)
    waiting = (campaign.stage, Setback.objects.count())
    campaign.refresh_from_db()
    assert campaign.stage == CampaignStage.COLLECTING
    jobs(stripe, at=AFTER + timedelta(hours=73))

    assert waiting[1] == 0
    assert Setback.objects.get().choices.count() == told() == 1
    assert promised(campaign) == LATER


def test_while_something_is_chosen_it_waits_for_the_end(stripe: Running) -> None:
    campaign, (_pledge,) = collected(stripe, 3)
    short = News(SetbackKind.PARTIAL, "晚霜", percent=60)
    first = declare_setback(code=campaign.code, news=short, by=None, at=MOVED)
    move(campaign)

    assert declare_calendar_delays(at=NEXT) == 0
    jobs(stripe, at=first.choose_by)

    assert [row.is_from_calendar for row in Setback.objects.order_by("pk")] == [False, True]


def test_two_moves_while_waiting_are_told_as_one(stripe: Running) -> None:
    campaign, _pledges = collected(stripe, 3)

    move(campaign, days=3)
    move(campaign, days=2, at=MOVED + timedelta(minutes=1))
    declare_calendar_delays(at=NEXT)
    declare_calendar_delays(at=NEXT)

    assert promised(campaign) == LATER
    assert told() == 1


def test_further_move_is_told_again_once_the_first_is_chosen(stripe: Running) -> None:
    campaign, _pledges = collected(stripe, 3)
    move(campaign)
    declare_calendar_delays(at=NEXT)
    jobs(stripe, at=NEXT + timedelta(days=8))

    move(campaign, at=NEXT + timedelta(days=8, hours=1))
    declare_calendar_delays(at=NEXT + timedelta(days=8, hours=2))

    assert Setback.objects.count() == told() == 2
    assert promised(campaign) == (date(2026, 9, 30), date(2026, 10, 20))


def test_orders_that_are_packed_keep_their_days(stripe: Running) -> None:
    campaign, _pledges = collected(stripe, 3, 2)
    packed, open_still = Purchase.objects.order_by("pk")
    Purchase.objects.filter(pk=packed.pk).update(state="packed")

    move(campaign)
    declare_calendar_delays(at=NEXT)

    assert promised(packed) == (date(2026, 9, 20), date(2026, 10, 10))
    assert promised(open_still) == LATER
    assert told() == 1


def test_who_pays_at_the_handing_over_is_told_of_the_later_days_once() -> None:
    campaign = CampaignFactory(listing=make_ripening_listing(), goal_packs=1)
    pledged(campaign, 3, fulfilment="collect", station=make_collection_station())
    close_due_campaigns(at=AFTER)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.stage) == ("succeeded", "")
    move(campaign)

    assert [declare_calendar_delays(at=NEXT) for _tick in range(2)] == [1, 0]
    settle_setbacks(at=NEXT)

    assert promised(campaign) == promised(Purchase.objects.get()) == LATER
    told_by = Notice.objects.filter(template="shop.setback_delay_on_collection")
    assert told_by.count() == 1
    setback = Setback.objects.get()
    assert setback.settled_at == NEXT
    assert not setback.choices.exists()


def test_one_campaigns_trouble_keeps_no_other_in_the_dark(
    stripe: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ones = collected(stripe, 1)
    second, _others = collected(stripe, 1)
    declare = calendar_delays.declare

    def refuse_first(campaign: Campaign, *args: object, **kwargs: object) -> Setback:
        if campaign.pk == first.pk:
            raise NotAllowed("not now")
        return declare(campaign, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(calendar_delays, "declare", refuse_first)
    move(first)
    move(second)

    assert declare_calendar_delays(at=NEXT) == 1
    assert Setback.objects.get().campaign_id == second.pk


def test_backer_reads_both_windows_and_where_to_choose(stripe: Running, client: Client) -> None:
    campaign, (pledge,) = collected(stripe, 3)
    move(campaign)
    declare_calendar_delays(at=NEXT)
    setback = Setback.objects.get()

    with time_machine.travel(NEXT, tick=False):
        chooses = client.get(choose_path(setback.code, pledge.code)).content.decode()
        own = client.get(f"/presale/pledges/{pledge.code}/").content.decode()

    for page in (chooses, own):
        assert "秋雨多，晚熟" in page
        assert "9月20日—10月10日" in page
        assert "9月25日—10月15日" in page
    assert "不要了，全退" in chooses
    assert "去选怎么办" in own


def test_operator_reads_that_the_calendar_declared_it(stripe: Running, client: Client) -> None:
    campaign, _pledges = collected(stripe, 3)
    move(campaign)
    declare_calendar_delays(at=NEXT)
    client.force_login(person_with("shop_operator", campaign.listing.shop))

    with time_machine.travel(NEXT, tick=False):
        page = client.get(f"/work/campaigns/{campaign.code}/").content.decode()

    assert "采收日历报的" in page
    assert "原来 9月20日—10月10日，现在 9月25日—10月15日" in page


def test_while_money_is_collected_only_no_harvest_can_be_declared(
    stripe: Running, client: Client
) -> None:
    campaign = CampaignFactory(goal_packs=1)
    backer(stripe, campaign, 3, number=1)
    reserved(campaign, 1, way=PledgeWay.LINK, number=2)
    jobs(stripe, at=AFTER)
    client.force_login(person_with("shop_operator", campaign.listing.shop))
    url = f"/work/campaigns/{campaign.code}/setback/"

    with time_machine.travel(MOVED, tick=False):
        page = client.get(f"/work/campaigns/{campaign.code}/").content.decode()
        refused = client.post(url, {"kind": "delay", "reason": "秋雨", "from_on": "2026-09-25"})

    assert "钱还在收" in page
    assert 'name="percent"' not in page
    assert refused.status_code == 422
    assert not Setback.objects.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_four_ticks_at_once_declare_one_move_once(stripe: Running) -> None:
    campaign, _pledges = collected(stripe, 3, 2)
    move(campaign)

    results = all_at_once([lambda: declare_calendar_delays(at=NEXT)] * 4)

    assert sorted(results) == [0, 0, 0, 1]
    assert Setback.objects.count() == 1
    assert told() == 2
