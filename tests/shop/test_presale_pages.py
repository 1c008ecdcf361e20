"""Pre-sale pages through HTTP: reserving, changing, and who sees what."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.codes import check_character
from growers.models import User
from shop.models import Campaign, Pledge, PledgeState
from shop.services.campaigns import cancel_campaign, close_campaign
from tests.factories.growers import UserFactory
from tests.factories.presale import DEADLINE, NOON, CampaignFactory, pledged, with_terms
from tests.factories.shop import make_collection_station, make_rate_card

pytestmark = pytest.mark.django_db
AFTER = DEADLINE + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
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
        "province_code": "",
        "city": "",
        "address": "",
        "submit_key": "form-1",
        **facts,
    }


def address(campaign: Campaign) -> str:
    return f"/presale/{campaign.code}/"


def text(response: Any) -> str:
    return str(response.content.decode())


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="growers.sign_in.MobileOrCardBackend")
    return client


def test_list_shows_open_campaigns_with_progress(client: Client) -> None:
    campaign = CampaignFactory(goal_packs=20)
    pledged(campaign, 5)
    draft = CampaignFactory(state="draft")

    page = text(client.get("/presale/"))

    assert campaign.listing.product.title in page
    assert "已约 2.5 kg，10 kg 成团" in page
    assert "还有 9 天" in page
    assert draft.code not in page


def test_list_with_nothing_says_so(client: Client) -> None:
    assert "眼下没有预售" in text(client.get("/presale/"))


def test_guest_reserves_with_name_and_mobile_for_collection(client: Client) -> None:
    campaign = CampaignFactory()

    answer = client.post(address(campaign), typed())

    pledge = Pledge.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/presale/pledges/{pledge.code}/"
    assert (pledge.packs, pledge.mobile, pledge.fulfilment) == (3, "13900000001", "collect")
    page = text(client.get(answer["Location"]))
    assert "约好了" in page
    assert "139****0001" in page
    assert "13900000001" not in page
    assert "¥276.00" in page


def test_guest_reserves_for_delivery(client: Client) -> None:
    make_rate_card()
    campaign = CampaignFactory()

    client.post(
        address(campaign),
        typed(
            fulfilment="delivery", province_code="62", county_code="620102", address="测试路 1 号"
        ),
    )

    pledge = Pledge.objects.get()
    assert (pledge.fulfilment, pledge.station, pledge.county_code) == ("delivery", None, "620102")
    assert pledge.place == "甘肃省 兰州市 城关区 测试路 1 号"


def test_same_form_sent_twice_is_one_reservation(client: Client) -> None:
    campaign = CampaignFactory()
    form = typed()

    first = client.post(address(campaign), form)
    second = client.post(address(campaign), form)

    assert first["Location"] == second["Location"]
    assert Pledge.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"packs": "0"}, "至少约 1 份。"),
        ({"packs": "x"}, "份数写一个整数。"),
        ({"packs": "21"}, "最多约 20 份"),
        ({"name": ""}, "写上收货人的名字"),
        ({"mobile": "123"}, "手机号是 11 位数字"),
        ({"station": ""}, "选一个取货的站点。"),
        ({"fulfilment": "delivery"}, "选一个省份"),
    ],
)
def test_errors_stand_beside_their_field_and_nothing_is_stored(
    client: Client, facts: dict[str, Any], said: str
) -> None:
    campaign = CampaignFactory()

    answer = client.post(address(campaign), typed(**facts))

    assert answer.status_code == 422
    assert said in text(answer)
    assert not Pledge.objects.exists()


def test_too_few_left_is_said_beside_the_packs(client: Client) -> None:
    campaign = CampaignFactory(goal_packs=5, cap_packs=50)
    pledged(campaign, 48)

    answer = client.post(address(campaign), typed(packs="3"))

    assert answer.status_code == 422
    assert "要 3，还剩 2" in answer.context["form"].errors["packs"][0]


def test_after_the_deadline_the_page_stays_readable_with_the_reason(client: Client) -> None:
    campaign = CampaignFactory()
    pledged(campaign, 2)

    with time_machine.travel(AFTER, tick=False):
        waiting = text(client.get(address(campaign)))
        refused = client.post(address(campaign), typed())
        close_campaign(code=campaign.code, at=AFTER)
        closed = text(client.get(address(campaign)))

    assert "正在清点，不再接新的预约" in waiting
    assert refused.status_code == 422
    assert Pledge.objects.count() == 1
    assert "没有成团，差 9 kg" in closed
    assert "一分没收" in closed
    assert 'name="packs"' not in closed


def test_cancelled_campaign_says_why(client: Client) -> None:
    campaign = CampaignFactory()
    cancel_campaign(code=campaign.code, by=None, at=NOON, reason="六月下了冰雹")

    assert "六月下了冰雹" in text(client.get(address(campaign)))


def test_draft_campaign_is_not_public(client: Client) -> None:
    campaign = CampaignFactory(state="draft")

    assert client.get(address(campaign)).status_code == 404


def move_window(campaign: Campaign, *, days: int) -> None:
    span = timedelta(days=days)
    with_terms(
        campaign,
        promised_from_on=campaign.promised_from_on + span,
        promised_to_on=campaign.promised_to_on + span,
    )


def test_moved_window_is_said_with_both_ranges(client: Client) -> None:
    campaign = CampaignFactory()
    move_window(campaign, days=5)

    page = text(client.get(address(campaign)))

    assert "原来 9月20日—10月10日，现在 9月25日—10月15日发货" in page


def test_risks_stand_open_on_the_page(client: Client) -> None:
    page = text(client.get(address(CampaignFactory())))

    assert "没有利息，也没有分红" in page
    assert "<details" not in page


def test_stranger_cannot_open_change_or_cancel_a_pledge(client: Client) -> None:
    owner = UserFactory()
    pledge = pledged(CampaignFactory(), 2, user=owner)
    url = f"/presale/pledges/{pledge.code}/"
    assert signed_in(owner).get(url).status_code == 200

    for visitor in (client, signed_in(UserFactory())):
        assert visitor.get(url).status_code == 404
        assert visitor.post(f"{url}change/", {"packs": "1"}).status_code == 404
        assert visitor.post(f"{url}cancel/").status_code == 404

    pledge.refresh_from_db()
    assert (pledge.packs, pledge.state) == (2, PledgeState.ACTIVE)


def test_code_and_mobile_together_open_a_pledge(client: Client) -> None:
    code = "PL-2222222" + check_character("2222222")
    pledged(CampaignFactory(), 2, mobile="13900000001", code=code)
    url = f"/presale/pledges/{code}/"

    wrong = client.post("/presale/pledges/", {"code": code, "mobile": "13900000002"})
    assert wrong.status_code == 422
    assert client.get(url).status_code == 404
    right = client.post("/presale/pledges/", {"code": code.lower(), "mobile": "13900000001"})

    assert right["Location"] == url
    assert client.get(url).status_code == 200


def test_owner_changes_and_cancels_before_the_deadline() -> None:
    owner = UserFactory()
    campaign = CampaignFactory()
    pledge = pledged(campaign, 2, user=owner)
    client = signed_in(owner)
    url = f"/presale/pledges/{pledge.code}/"

    client.post(f"{url}change/", {"packs": "5"})
    campaign.refresh_from_db()
    assert campaign.pledged_packs == 5
    page = text(client.post(f"{url}cancel/", follow=True))

    campaign.refresh_from_db()
    assert campaign.pledged_packs == 0
    assert "取消了，没有收过钱。" in page


def test_after_the_deadline_a_pledge_shows_no_way_to_change_it() -> None:
    owner = UserFactory()
    pledge = pledged(CampaignFactory(), 2, user=owner)
    client = signed_in(owner)
    url = f"/presale/pledges/{pledge.code}/"

    with time_machine.travel(AFTER, tick=False):
        page = text(client.get(url))
        answer = client.post(f"{url}change/", {"packs": "5"})

    pledge.refresh_from_db()
    assert "改成这么多" not in page
    assert answer.status_code == 422
    assert pledge.packs == 2


def test_ordered_pledge_leads_to_its_order(client: Client) -> None:
    campaign = CampaignFactory(goal_packs=1)
    client.post(address(campaign), typed())
    pledge = Pledge.objects.get()
    close_campaign(code=campaign.code, at=AFTER)

    page = text(client.get(f"/presale/pledges/{pledge.code}/"))

    order = pledge.order_link.order.purchase.code
    assert f"/shop/orders/{order}/" in page
    assert client.get(f"/shop/orders/{order}/").status_code == 200


def test_list_asks_no_more_for_more_campaigns(client: Client) -> None:
    CampaignFactory()
    client.get("/presale/")
    with CaptureQueriesContext(connection) as one:
        client.get("/presale/")
    CampaignFactory()
    CampaignFactory()

    with CaptureQueriesContext(connection) as three:
        client.get("/presale/")

    assert len(three) == len(one)


def test_moved_window_is_said_to_those_who_reserved() -> None:
    owner = UserFactory()
    campaign = CampaignFactory()
    pledge = pledged(campaign, 2, user=owner)
    move_window(campaign, days=5)

    page = text(signed_in(owner).get(f"/presale/pledges/{pledge.code}/"))

    assert "现在 9月25日—10月15日发货。等，还是不要了？" in page
