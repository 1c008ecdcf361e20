"""Paying for a reservation through HTTP: what the page says, and where each button leads."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from devtools.stripe_emulator.testing import Running
from growers.models import Role
from shop.models import Campaign, CampaignStage, Pledge, PledgeState, PledgeWay
from tests.factories.growers import MembershipFactory, UserFactory
from tests.factories.presale import DEADLINE, NOON, CampaignFactory
from tests.factories.shop import make_collection_station, make_rate_card
from tests.shop.paying import LATER_NO, backer, jobs, reserved, stripe

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db
AFTER = DEADLINE + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    make_rate_card()
    with time_machine.travel(NOON, tick=False):
        yield


def typed(**facts: Any) -> dict[str, Any]:
    station = make_collection_station()
    return {
        "packs": "3",
        "name": "李测试",
        "mobile": "139 0000 0001",
        "fulfilment": "collect",
        "station": str(station.pk),
        "submit_key": "form-1",
        **facts,
    }


def text(response: Any) -> str:
    return str(response.content.decode())


def page_of(client: Client, pledge: Pledge) -> str:
    session = client.session
    session["pledges"] = [pledge.code]
    session.save()
    return text(client.get(f"/presale/pledges/{pledge.code}/"))


def operator_of(campaign: Campaign) -> Client:
    person = UserFactory()
    MembershipFactory(user=person, role=Role.SHOP_OPERATOR, shop=campaign.listing.shop)
    client = Client()
    client.force_login(person, backend="growers.sign_in.MobileOrCardBackend")
    return client


def test_page_offers_three_ways_and_says_when_money_moves(stripe: Running, client: Client) -> None:
    campaign = CampaignFactory()

    page = text(client.get(f"/presale/{campaign.code}/"))

    for value in ("card_later", "link", "now"):
        assert f'value="{value}"' in page
    assert "9月6日 20:00 截止，成团后自动扣；没成团不扣" in page
    assert "72 小时内" in page
    assert "拿到手再付" not in page


def test_without_a_provider_nothing_is_asked(client: Client) -> None:
    campaign = CampaignFactory()

    page = text(client.get(f"/presale/{campaign.code}/"))

    assert 'name="way"' not in page
    assert "拿到手再付" in page


def test_way_has_to_be_chosen(stripe: Running, client: Client) -> None:
    campaign = CampaignFactory()

    refused = client.post(f"/presale/{campaign.code}/", typed())

    assert refused.status_code == 422
    assert "选一种付法" in text(refused)
    assert not Pledge.objects.exists()


def test_card_is_saved_on_the_provider_s_page(stripe: Running, client: Client) -> None:
    campaign = CampaignFactory()

    placed = client.post(f"/presale/{campaign.code}/", typed(way="card_later"))
    pledge = Pledge.objects.get()
    pending = text(client.get(placed["Location"]))
    away = client.post(f"/presale/pledges/{pledge.code}/pay/")
    back = stripe.buyer.pay(away["Location"])
    home = client.get(back.replace("http://testserver", ""), follow=True)

    assert pledge.state == PledgeState.PENDING
    assert "还差一步：记下银行卡" in pending
    assert "¥276.00" in pending
    assert away["Location"].startswith(stripe.base)
    assert back == f"http://testserver/presale/pledges/{pledge.code}/back/"
    assert "约好了" in text(home)
    assert "卡记下了，还没扣钱" in text(home)
    assert Pledge.objects.get().state == PledgeState.ACTIVE


def test_provider_that_does_not_answer_loses_nothing(
    stripe: Running, client: Client, settings: Any
) -> None:
    campaign = CampaignFactory()
    client.post(f"/presale/{campaign.code}/", typed(way="card_later"))
    pledge = Pledge.objects.get()
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"

    away = client.post(f"/presale/pledges/{pledge.code}/pay/", follow=True)

    assert away.status_code == 200
    assert "付款页暂时打不开" in text(away)
    assert "去付款页记卡" in text(away)


def test_stranger_cannot_pay_or_come_back(stripe: Running) -> None:
    pledge = reserved(CampaignFactory())

    for part in ("pay", "back"):
        assert Client().post(f"/presale/pledges/{pledge.code}/{part}/").status_code == 404


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (PledgeWay.LINK, "成团后发付款链接，72 小时内付清，一共 ¥276.00"),
        (PledgeWay.NOW, "收到 ¥276.00。没成团，原路全退"),
    ],
)
def test_standing_reservation_says_what_will_be_taken(
    stripe: Running, client: Client, way: PledgeWay, said: str
) -> None:
    pledge = backer(stripe, CampaignFactory(), way=way)

    page = page_of(client, pledge)

    assert said in page
    assert "取消" in page


def test_after_success_each_reads_what_to_do(stripe: Running, client: Client) -> None:
    campaign = CampaignFactory(goal_packs=3)
    good = backer(stripe, campaign, number=1)
    bad = backer(stripe, campaign, number=2, card=LATER_NO)
    link = backer(stripe, campaign, number=3, way=PledgeWay.LINK)

    with time_machine.travel(AFTER, tick=False):
        jobs(stripe, at=AFTER)
        paid, trouble, asked = (page_of(client, one) for one in (good, bad, link))

    assert "成功：已付款，转成订单" in paid
    assert "看订单" in paid
    assert "成团了，卡上没扣成" in trouble
    assert "9月13日 20:01 前办好都算数" in trouble
    assert 'href="/pay/' in trouble
    assert "成团了，请付款" in asked
    assert "9月9日 20:01 前付都算数" in asked
    assert 'href="/pay/' in asked


def test_failed_campaign_reads_all_given_back(stripe: Running, client: Client) -> None:
    campaign = CampaignFactory(goal_packs=50)
    pledge = backer(stripe, campaign, way=PledgeWay.NOW)

    with time_machine.travel(AFTER, tick=False):
        jobs(stripe, at=AFTER)
        jobs(stripe, at=AFTER + timedelta(hours=1))
        page = page_of(client, pledge)
        public = text(client.get(f"/presale/{campaign.code}/"))

    assert "未达成，已全额退回" in page
    assert page.count("已退回") == 1
    assert "付过的原路全退" in public


# The shop's desk ---------------------------------------------------------------------------------


def test_desk_shows_how_the_money_comes(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=3)
    for number, card in ((1, "4242424242424242"), (2, LATER_NO)):
        backer(stripe, campaign, number=number, card=card)
    client = operator_of(campaign)

    with time_machine.travel(AFTER, tick=False):
        jobs(stripe, at=AFTER)
        page = text(client.get(f"/work/campaigns/{campaign.code}/"))
        paused = client.post(
            f"/work/campaigns/{campaign.code}/pause/", {"do": "pause"}, follow=True
        )

    assert "2 位里 1 位付好了" in page
    assert "¥276.00" in page
    assert "先停一停" in page
    assert "接着收" in text(paused)


def test_desk_decides_and_declares(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=8)
    pledge = backer(stripe, campaign, 5, number=1)
    backer(stripe, campaign, 5, number=2, card=LATER_NO)
    late = AFTER + timedelta(days=7, hours=2)
    jobs(stripe, at=AFTER)
    jobs(stripe, at=late)
    desk = f"/work/campaigns/{campaign.code}/"

    with time_machine.travel(late, tick=False):
        client = operator_of(campaign)
        asked = text(client.get(desk))
        refused = client.post(f"{desk}decide/", {"decision": "go_on", "reason": ""})
        client.post(f"{desk}decide/", {"decision": "cover", "reason": "食堂要 5 份"})
        bad = client.post(f"{desk}setback/", {"kind": "partial", "reason": "晚霜"})
        all_ten = {"kind": "partial", "percent": "150", "reason": "晚霜"}
        over = text(client.post(f"{desk}setback/", all_ten))
        client.post(f"{desk}setback/", {"kind": "partial", "percent": "60", "reason": "晚霜"})
        page = text(client.get(desk))

    assert "不到八成" in asked
    assert refused.status_code == 422
    assert bad.status_code == 422
    assert "写上能发几成" in text(bad)
    assert "写 1 到 99 的整数" in over
    assert "写上能发几成" not in over
    campaign.refresh_from_db()
    assert campaign.stage == CampaignStage.GROWING
    assert "单位采购补上：食堂要 5 份" in page
    assert "还没选 1 位" in page
    assert pledge.setback_choices.get().keep_fen == 5 * 9200 * 60 // 100


@pytest.mark.parametrize("part", ["", "pause/", "decide/", "harvested/", "setback/"])
def test_desk_of_another_shop_is_closed(part: str) -> None:
    campaign = CampaignFactory()
    stranger = operator_of(CampaignFactory())

    assert stranger.post(f"/work/campaigns/{campaign.code}/{part}").status_code == 404


def test_cancelled_before_paying_shows_no_step_as_done(stripe: Running, client: Client) -> None:
    pledge = reserved(CampaignFactory(), way=PledgeWay.NOW)
    waiting = page_of(client, pledge)

    client.post(f"/presale/pledges/{pledge.code}/cancel/")
    page = page_of(client, pledge)

    assert "什么时候动钱" in waiting
    assert "这份预约取消了" in page
    assert "什么时候动钱" not in page
    assert "<dt>要付</dt>" not in page
