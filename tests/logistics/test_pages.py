"""The pages: own rows only, strangers find nothing, and rows do not cost queries."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contracts.models import Contract
from logistics.models import PayoutDue, ProcessStep, WeighTicket
from logistics.services.packing import pack_order, send_order
from logistics.services.processing import spoil
from tests.factories.growers import (
    AccessEventFactory,
    CooperativeFactory,
    HouseholdStatusFactory,
    StationFactory,
    StationHubFactory,
    UserFactory,
    VillageShopFactory,
    person_with,
)
from tests.factories.logistics import (
    keeper_of,
    make_contract,
    make_form,
    make_lot,
    make_ticket,
)
from tests.factories.shop import NOON, ListingFactory, PurchaseFactory, delivery_to_gansu

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def text_of(response):
    assert response.status_code == 200
    html = re.sub(r"(?s)<(script|style|svg|head).*?</\1>", " ", response.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def assert_chinese(response):
    """No English is left; codes, units and names of the fixture are."""
    said = re.sub(r"\b(CT|SD|LT|WT|PK|JG|HH|ST|VS|CO|PO)-[\w…]*", " ", text_of(response))
    left = set(re.findall(r"[A-Za-z]{2,}", said)) - {"kg"}
    assert not left


def sent_order(**facts):
    listing = ListingFactory(packs=0)
    make_lot(listing, 5_000)
    bought = PurchaseFactory(listing=listing, **facts)
    pack_order(code=bought.code, by=None, at=NOON)
    send_order(code=bought.code, by=None, at=NOON)
    return bought


# Station ------------------------------------------------------------------------------------


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
    assert "10 kg" in said
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
        ({"gross": "五十"}, "gross", "输入一个数字"),
        ({"gross": "11.0001"}, "gross", "3"),
        ({"tare": "-1"}, "tare", "0"),
        ({"grade": "特级"}, "regrade_reason", "请写原因"),
        ({"harvested_on": "2026-08-29"}, "harvested_on", "今天以后"),
        ({"harvested_on": ""}, "harvested_on", "必需"),
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

    assert "多出的 2 kg 不收" in text_of(before)
    assert "超出合同，带回 2 kg" in text_of(slip)


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


# Packing ------------------------------------------------------------------------------------


def test_pick_list_names_lots_and_packing_moves_the_order(signed_in):
    listing = ListingFactory(packs=0)
    lot = make_lot(listing, 5_000)
    order = PurchaseFactory(listing=listing, packs=3)
    client = signed_in(person_with("shop_operator", listing.shop))

    shown = client.get(reverse("logistics:pack"))
    packed = client.post(reverse("logistics:mark_packed", args=[order.code]), follow=True)
    sent = client.post(reverse("logistics:mark_sent", args=[order.code]), follow=True)

    order.refresh_from_db()
    assert lot.code in text_of(shown)
    assert "1.5 kg" in text_of(shown)
    assert_chinese(shown)
    assert "打好包了" in text_of(packed)
    assert_chinese(packed)
    assert "发出去了" in text_of(sent)
    assert order.state == "sent"


def test_order_without_enough_lots_says_what_is_missing(signed_in):
    listing = ListingFactory(packs=0)
    lot = make_lot(listing, 2_000)
    order = PurchaseFactory(listing=listing, packs=3)
    type(lot).objects.update(expires_on=date(2026, 8, 28))
    client = signed_in(person_with("shop_operator", listing.shop))

    shown = client.get(reverse("logistics:pack"))
    refused = client.post(reverse("logistics:mark_packed", args=[order.code]), follow=True)

    assert "要 1.5 kg，能用的只有 0 g" in text_of(shown)
    assert "一克都没有动" in text_of(refused)


def test_packing_pages_are_for_the_shops_operator(signed_in):
    listing = ListingFactory(packs=0)
    make_lot(listing, 5_000)
    order = PurchaseFactory(listing=listing)
    other = person_with("shop_operator", VillageShopFactory())

    assert signed_in(UserFactory()).get(reverse("logistics:pack")).status_code == 404
    client = signed_in(other)
    assert order.code not in text_of(client.get(reverse("logistics:pack")))
    for name in ("logistics:mark_packed", "logistics:mark_sent"):
        assert client.post(reverse(name, args=[order.code])).status_code == 404


def test_packing_page_costs_the_same_for_1_and_3_orders(signed_in):
    shop = VillageShopFactory()
    client, url = signed_in(person_with("shop_operator", shop)), reverse("logistics:pack")

    def add():
        listing = ListingFactory(shop=shop, packs=0)
        make_lot(listing, 9_000)
        PurchaseFactory(listing=listing)
        packed = PurchaseFactory(listing=listing)
        pack_order(code=packed.code, by=None, at=NOON)

    add()
    one = queries_of(client, url)
    add()
    add()

    assert queries_of(client, url) == one


# Cooperative --------------------------------------------------------------------------------


def test_stock_page_shows_own_lots_by_expiry(signed_in):
    listing = ListingFactory(packs=0)
    later = make_lot(listing, 5_000)
    gone = make_lot(listing, 1_000, expires_on=date(2026, 8, 28))
    foreign = make_lot(ListingFactory(packs=0), 1_000)

    response = signed_in(person_with("planner", later.cooperative)).get(reverse("logistics:stock"))

    said = text_of(response)
    assert said.index(gone.code) < said.index(later.code)
    assert "已过期，只能报损" in said
    assert foreign.code not in said
    assert_chinese(response)


def test_process_step_is_written_from_its_form(signed_in):
    form = make_form()
    listing = ListingFactory(form=form, packs=0)
    lot = make_lot(listing, 5_000)
    client = signed_in(person_with("planner", lot.cooperative))
    facts = {
        "kind": "sort",
        "lots": [f"{lot.code}@{lot.shop.station.code}"],
        "output_form": form.key,
        "output_grade": "特级",
        "output": "4.5",
        "key": "step-1",
    }
    url = reverse("logistics:process")

    shown = client.get(url)
    wrong = client.post(url, facts | {"loss": "0.4"})
    done = client.post(url, facts | {"loss": "0.5"}, follow=True)

    step = ProcessStep.objects.get()
    assert_chinese(shown)
    assert "加起来对不上" in " ".join(wrong.context["form"].errors["loss"])
    assert (step.input_g, step.output.grade) == (5_000, "特级")
    assert step.output.code in text_of(done)
    assert_chinese(done)


def test_lot_page_traces_carries_and_writes_off(signed_in):
    lot = make_ticket().source.lot
    station = lot.shop.station
    hub = StationHubFactory(station=station, hub__name="县级仓").hub
    client = signed_in(person_with("planner", lot.cooperative))
    url = reverse("logistics:lot", args=[lot.code])
    facts = {"act": "carry", "carry-place": station.code, "carry-hub": hub.code, "carry-key": "c"}
    bad = {"act": "spoil", "spoil-place": station.code, "spoil-why": "受潮", "spoil-key": "s"}

    shown = client.get(url)
    much = client.post(url, facts | {"carry-weight": "10.001"})
    client.post(url, facts | {"carry-weight": "4"})
    done = client.post(url, bad | {"spoil-weight": "0.5"}, follow=True)

    assert lot.sources.get().ticket.code in text_of(shown)
    assert "能用的只有 10 kg" in text_of(much)
    assert sorted(lot.balances.values_list("weight_g", flat=True)) == [4_000, 5_500]
    assert "受潮" in text_of(done)
    assert_chinese(done)


def test_lot_page_is_for_its_cooperative(signed_in):
    lot = make_ticket().source.lot
    url = reverse("logistics:lot", args=[lot.code])
    strangers = (
        UserFactory(),
        keeper_of(lot.shop.station),
        person_with("planner", CooperativeFactory()),
    )

    assert [signed_in(one).get(url).status_code for one in strangers] == [404] * 3


def test_lot_page_costs_the_same_for_1_and_3_moves(signed_in):
    lot = make_ticket().source.lot
    client = signed_in(person_with("planner", lot.cooperative))
    url = reverse("logistics:lot", args=[lot.code])
    facts = {"lot_code": lot.code, "place": lot.balances.get().place, "weight_g": 10}
    one = queries_of(client, url)

    for number in range(2):
        spoil(why="受潮", key=f"s{number}", by=None, at=NOON, **facts)

    assert queries_of(client, url) == one


@pytest.mark.parametrize("name", ["stock", "process", "payments_due"])
def test_cooperative_pages_are_for_its_people(signed_in, name):
    keeper = keeper_of(StationFactory())

    for stranger in (UserFactory(), keeper):
        assert signed_in(stranger).get(reverse(f"logistics:{name}")).status_code == 404


def test_stock_pages_cost_the_same_for_1_and_3_lots(signed_in):
    listing = ListingFactory(form=make_form(), packs=0)
    client = signed_in(person_with("planner", listing.shop.cooperative))
    urls = [reverse("logistics:stock"), reverse("logistics:process")]
    make_lot(listing, 1_000)
    one = [queries_of(client, url) for url in urls]

    make_lot(listing, 1_000)
    make_lot(listing, 1_000)

    assert [queries_of(client, url) for url in urls] == one


def test_payments_page_sums_by_household_and_shop_and_reddens_what_is_late(signed_in):
    ticket = make_ticket()
    contract = ticket.contract
    HouseholdStatusFactory(household=contract.household)
    make_ticket(contract, gross_g=3_000)
    PayoutDue.objects.filter(ticket=ticket).update(due_on=date(2026, 8, 26))
    foreign = make_ticket()

    response = signed_in(person_with("approver", contract.cooperative)).get(
        reverse("logistics:payments_due")
    )

    said = text_of(response)
    assert "还欠 1 户 ¥216.00" in said
    assert "其中 ¥180.00 已经过了该付的日子" in said
    assert "已过 2 天" in said
    assert contract.household.code in said
    assert contract.shop.name in said
    assert foreign.contract.household.code not in said
    for status in ("防止返贫致贫", "贫", "常态化帮扶"):
        assert status not in said
    assert_chinese(response)


def test_shop_sees_what_its_own_households_are_owed(signed_in):
    own, foreign = make_ticket(), make_ticket()

    response = signed_in(person_with("shop_operator", own.contract.shop)).get(
        reverse("logistics:payments_due")
    )

    assert own.contract.household.code in text_of(response)
    assert foreign.contract.household.code not in text_of(response)


def test_payments_page_costs_the_same_for_1_and_3_households(signed_in):
    shop = VillageShopFactory()
    client = signed_in(person_with("planner", shop.cooperative))
    url = reverse("logistics:payments_due")
    make_ticket(make_contract(shop=shop))
    one = queries_of(client, url)

    make_ticket(make_contract(shop=shop))
    make_ticket(make_contract(shop=shop))

    assert queries_of(client, url) == one


# Household ----------------------------------------------------------------------------------


def at_home(signed_in, household):
    return signed_in(person_with("household", household)).get(reverse("logistics:household_home"))


def test_household_reads_what_to_bring_in_jin_and_what_it_is_owed(signed_in):
    contract = make_contract(price_per_kg=Decimal("18.00"), monday=date(2026, 9, 14))
    make_ticket(contract)
    AccessEventFactory(household=contract.household, purpose="为了排合同")
    HouseholdStatusFactory(household=contract.household)

    response = at_home(signed_in, contract.household)

    said = text_of(response)
    assert "9月14日那周" in said
    assert "100 斤" in said  # 120 less the 20 weighed
    assert "就是 50 公斤" in said
    assert "每斤 9 元" in said
    assert "180 元" in said
    assert "最晚9月4日" in said
    assert "为了排合同" in said
    assert f'href="tel:{contract.shop.phone}"' in response.content.decode()
    assert "贫" not in said
    assert_chinese(response)


def test_offered_contract_comes_first_and_waits_for_an_answer(signed_in):
    contract = make_contract(state="offered")

    response = at_home(signed_in, contract.household)

    assert "有 1 份合同等你回话" in text_of(response)
    link = reverse("contracts:household_contract", args=[contract.code])
    assert link in response.content.decode()


def test_late_delivery_and_late_money_are_said(signed_in):
    contract = make_contract(monday=date(2026, 8, 17))
    ticket = make_ticket(contract)
    PayoutDue.objects.filter(ticket=ticket).update(due_on=date(2026, 8, 20))

    said = text_of(at_home(signed_in, contract.household))

    assert "原定8月17日那周，还没交完" in said
    assert "8月20日就该给了" in said


def test_household_sees_only_its_own(signed_in):
    own, foreign = make_ticket(), make_ticket(make_contract(weight_g=77_000), gross_g=7_777)

    said = text_of(at_home(signed_in, own.contract.household))

    assert own.contract.household.code in said
    assert foreign.contract.household.code not in said
    assert "13.6 斤" not in said


def test_household_reads_its_own_slips_only(signed_in):
    own, foreign = make_ticket(), make_ticket()
    client = signed_in(person_with("household", own.contract.household))

    shown = client.get(reverse("logistics:household_slip", args=[own.code]))
    hidden = client.get(reverse("logistics:household_slip", args=[foreign.code]))

    assert "20 斤" in text_of(shown)
    assert f'href="tel:{own.contract.shop.phone}"' in shown.content.decode()
    assert_chinese(shown)
    assert hidden.status_code == 404
    assert (
        signed_in(UserFactory())
        .get(reverse("logistics:household_slip", args=[own.code]))
        .status_code
        == 404
    )


def test_household_page_is_for_households(signed_in):
    contract = make_contract()
    url = reverse("logistics:household_home")

    for stranger in (UserFactory(), keeper_of(contract.station)):
        assert signed_in(stranger).get(url).status_code == 404


def test_household_page_costs_the_same_for_1_and_3_rows(signed_in):
    first = make_contract()
    client = signed_in(person_with("household", first.household))
    url = reverse("logistics:household_home")

    def add(contract):
        make_ticket(contract)
        make_contract(household=first.household, shop=first.shop, state="offered")
        AccessEventFactory(household=first.household)

    add(first)
    one = queries_of(client, url)
    for _ in range(2):
        add(make_contract(household=first.household, shop=first.shop))

    assert Contract.objects.filter(household=first.household).count() == 6
    assert queries_of(client, url) == one


@pytest.mark.parametrize(
    "name", ["station_home", "pack", "stock", "process", "payments_due", "household_home"]
)
def test_nobody_sees_anything_without_signing_in(client, name):
    response = client.get(reverse(f"logistics:{name}"))

    assert response.status_code == 302
    assert reverse("growers:sign_in") in response.url
