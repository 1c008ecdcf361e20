"""The cooperative's pages: stock, steps, lots, what it owes."""

from datetime import date

import pytest
from django.urls import reverse

from logistics.models import PayoutDue, ProcessStep
from logistics.services.processing import spoil
from tests.factories.growers import (
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
from tests.factories.shop import NOON, ListingFactory
from tests.logistics.pages import assert_chinese, queries_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


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
    hub = StationHubFactory(station=station, hub__name_zh="县级仓").hub
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
