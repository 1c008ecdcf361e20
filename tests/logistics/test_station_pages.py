"""The keeper's pages: who comes, weighing, slips, handing over."""

from datetime import date

import pytest
from django.urls import reverse

from logistics.models import WeighTicket
from tests.factories.growers import (
    CooperativeFactory,
    StationFactory,
    UserFactory,
    VillageShopFactory,
    person_with,
)
from tests.factories.logistics import (
    keeper_of,
    make_contract,
    make_ticket,
)
from tests.factories.shop import delivery_to_gansu
from tests.logistics.pages import assert_chinese, queries_of, sent_order, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def test_station_shows_who_comes_this_week_and_what_waits(signed_in):
    order = sent_order()
    shop = VillageShopFactory(station=order.station)
    due = make_contract(shop=shop)
    later = make_contract(shop=shop, monday=date(2026, 9, 7))
    elsewhere = make_contract()

    response = signed_in(keeper_of(order.station)).get(reverse("logistics:station_home"))

    said = text_of(response)
    assert due.code in said
    assert order.code in said
    assert later.code not in said
    assert elsewhere.code not in said
    assert "138****8000" in said
    assert_chinese(response)


def test_station_page_is_for_keepers(signed_in):
    make_contract()

    for stranger in (UserFactory(), person_with("shop_operator", VillageShopFactory())):
        response = signed_in(stranger).get(reverse("logistics:station_home"))
        assert response.status_code == 404


def test_code_typed_at_the_station_leads_to_its_page(signed_in):
    contract = make_contract()
    order = sent_order()
    client = signed_in(keeper_of(contract.station))

    found = client.get(reverse("logistics:station_home"), {"q": f" {contract.code.lower()} "})
    foreign = client.get(reverse("logistics:station_home"), {"q": order.code})

    assert found.url == reverse("logistics:weigh", args=[contract.code])
    assert "没找到" in text_of(foreign)


def test_station_page_costs_the_same_for_1_and_3_rows(signed_in):
    order = sent_order()
    shop = VillageShopFactory(station=order.station)
    client, url = signed_in(keeper_of(order.station)), reverse("logistics:station_home")
    make_ticket(make_contract(shop=shop))
    one = queries_of(client, url)

    for _ in range(2):
        make_ticket(make_contract(shop=shop))

    assert queries_of(client, url) == one


def weigh_form(**facts):
    return {
        "gross": "11",
        "tare": "1",
        "grade": "一级",
        "harvested_on": "2026-08-27",
        "key": "page-1",
    } | facts


def test_weighing_shows_net_and_amount_before_it_is_written(signed_in):
    contract = make_contract()
    client = signed_in(keeper_of(contract.station))
    url = reverse("logistics:weigh", args=[contract.code])

    response = client.post(url, weigh_form())

    said = text_of(response)
    assert "10 公斤" in said
    assert "¥180.00" in said
    assert not WeighTicket.objects.exists()
    assert_chinese(response)


def test_confirmed_weighing_is_written_once_and_leads_to_the_slip(signed_in):
    contract = make_contract()
    client = signed_in(keeper_of(contract.station))
    url = reverse("logistics:weigh", args=[contract.code])

    first = client.post(url, weigh_form(confirm="1"))
    again = client.post(url, weigh_form(confirm="1"))

    ticket = WeighTicket.objects.get()
    assert first.url == again.url == reverse("logistics:ticket", args=[ticket.code])
    assert (ticket.accepted_g, ticket.by) == (10_000, keeper_user(client))
    response = client.get(first.url)
    assert ticket.source.lot.code in text_of(response)
    assert_chinese(response)


def keeper_user(client):
    return type(UserFactory()).objects.get(pk=client.session["_auth_user_id"])


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"gross": "1"}, "gross", "毛重要比皮重大"),
        ({"gross": "五十"}, "gross", "只写数字"),
        ({"gross": "1_0"}, "gross", "只写数字"),
        ({"gross": "1e9"}, "gross", "一次最多"),
        ({"gross": "11.0001"}, "gross", "小数点后三位"),
        ({"tare": "-1"}, "tare", "不能小于 0"),
        ({"grade": "特级"}, "regrade_reason", "请写原因"),
        ({"harvested_on": "2026-08-29"}, "harvested_on", "今天以后"),
        ({"harvested_on": ""}, "harvested_on", "请填写这一项"),
    ],
)
def test_wrong_figures_are_refused_beside_their_field(signed_in, facts, field, sentence):
    contract = make_contract()
    client = signed_in(keeper_of(contract.station))

    response = client.post(
        reverse("logistics:weigh", args=[contract.code]), weigh_form(confirm="1", **facts)
    )

    assert sentence in " ".join(response.context["form"].errors[field])
    assert not WeighTicket.objects.exists()


def test_what_is_over_the_contract_is_said_before_and_on_the_slip(signed_in):
    contract = make_contract(weight_g=8_000)
    client = signed_in(keeper_of(contract.station))
    url = reverse("logistics:weigh", args=[contract.code])

    before = client.post(url, weigh_form())
    slip = client.post(url, weigh_form(confirm="1"), follow=True)

    assert "多出的 2 公斤 不收" in text_of(before)
    assert "超出合同，带回 2 公斤" in text_of(slip)


def test_weighing_page_of_another_station_is_not_found(signed_in):
    contract = make_contract()
    url = reverse("logistics:weigh", args=[contract.code])

    for stranger in (UserFactory(), keeper_of(StationFactory())):
        client = signed_in(stranger)
        assert client.get(url).status_code == 404
        assert client.post(url, weigh_form(confirm="1")).status_code == 404

    assert not WeighTicket.objects.exists()


def test_slip_is_shown_to_its_parties_only(signed_in):
    ticket = make_ticket()
    contract = ticket.contract
    url = reverse("logistics:ticket", args=[ticket.code])
    parties = (
        keeper_of(ticket.station),
        person_with("shop_operator", contract.shop),
        person_with("planner", contract.cooperative),
    )
    strangers = (
        UserFactory(),
        keeper_of(StationFactory()),
        person_with("household", contract.household),
        person_with("shop_operator", VillageShopFactory()),
        person_with("planner", CooperativeFactory()),
    )

    assert [signed_in(one).get(url).status_code for one in parties] == [200] * 3
    assert [signed_in(one).get(url).status_code for one in strangers] == [404] * 5


def test_handing_over_takes_the_money(signed_in):
    order = sent_order()
    client = signed_in(keeper_of(order.station))
    url = reverse("logistics:hand_over", args=[order.code])

    shown = client.get(url)
    short = client.post(url, {"amount": "100", "means": "cash"})
    done = client.post(url, {"amount": "116.00", "means": "cash"}, follow=True)

    order.refresh_from_db()
    assert_chinese(shown)
    assert "应收 116.00 元" in " ".join(short.context["form"].errors["amount"])
    assert order.state == "delivered"
    assert "交出去了" in text_of(done)
    assert "收到 ¥116.00（现金）" in text_of(client.get(url))


def test_hand_over_page_is_for_the_stations_keeper(signed_in):
    order = sent_order()
    url = reverse("logistics:hand_over", args=[order.code])
    operator = person_with("shop_operator", order.shop)

    for stranger in (UserFactory(), keeper_of(StationFactory()), operator):
        client = signed_in(stranger)
        assert client.get(url).status_code == 404
        assert client.post(url, {"amount": "116.00", "means": "cash"}).status_code == 404


def test_order_by_post_is_handed_over_by_its_shop(signed_in):
    order = sent_order(fulfilment=delivery_to_gansu())
    client = signed_in(person_with("shop_operator", order.shop))
    url = reverse("logistics:hand_over", args=[order.code])
    due = order.order.total_incl_tax

    response = client.post(url, {"amount": str(due), "means": "code"})

    order.refresh_from_db()
    assert response.url == reverse("logistics:pack")
    assert order.state == "delivered"
