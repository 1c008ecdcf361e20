"""The household's page: what to bring, slips, what it is owed."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from contracts.models import Contract
from logistics.models import PayoutDue
from tests.factories.growers import (
    AccessEventFactory,
    HouseholdStatusFactory,
    UserFactory,
    person_with,
)
from tests.factories.logistics import (
    keeper_of,
    make_contract,
    make_ticket,
)
from tests.logistics.pages import assert_chinese, queries_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


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

    assert "有 1 份合同" in text_of(response)
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
