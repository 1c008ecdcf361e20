"""Where a price goes: what is shown always adds up."""

from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.errors import BadInput
from core.units import from_fen
from growers.models import Role
from shop.forms.price_split import PriceSplitForm
from shop.models import Listing, PriceShare, ShareKind
from shop.selectors.price_split import price_split
from shop.services.listings import change_listing
from shop.services.price_split import UnevenSplit, publish_split, take_back_split
from tests.factories.growers import VillageShopFactory, person_with
from tests.factories.harvest_calendar import CropFactory, ProductFormFactory
from tests.factories.shop import NOON, ListingFactory

pytestmark = pytest.mark.django_db
GOOD = {
    "grower": "40.00",
    "packing": "5.00",
    "transport": "6.50",
    "shop": "5.00",
    "platform": "1.50",
}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def amounts(**changes):
    return {ShareKind(kind): Decimal(value) for kind, value in (GOOD | changes).items()}


def post(**changes):
    return {f"split-{kind}": value for kind, value in (GOOD | changes).items()}


def test_five_shares_that_are_the_price_are_kept():
    listing = ListingFactory(price=Decimal("58.00"))

    publish_split(listing=listing, amounts=amounts())

    parts = price_split(listing)
    assert [str(part.amount) for part in parts] == list(GOOD.values())
    assert sum(part.amount for part in parts) == listing.price


@pytest.mark.parametrize(
    ("change", "missing"), [({"shop": "3.80"}, "1.20"), ({"shop": "5.01"}, "-0.01")]
)
def test_shares_that_are_not_the_price_are_refused_with_the_difference(change, missing):
    listing = ListingFactory(price=Decimal("58.00"))
    publish_split(listing=listing, amounts=amounts())

    with pytest.raises(UnevenSplit) as caught:
        publish_split(listing=listing, amounts=amounts(**change))

    assert caught.value.missing == Decimal(missing)
    assert price_split(listing)[3].amount == Decimal("5.00")


@pytest.mark.parametrize(
    "bad", [{"shop": "-1.00", "grower": "46.00"}, {"grower": "20.00", "shop": "25.00"}]
)
def test_a_negative_share_and_a_grower_below_the_floor_are_refused(bad):
    form = ProductFormFactory(crop=CropFactory(farm_gate_min=Decimal("60.00")))
    listing = ListingFactory(price=Decimal("58.00"), form=form)  # 30 yuan for 500 g

    with pytest.raises(BadInput) as caught:
        publish_split(listing=listing, amounts=amounts(**bad))

    assert caught.value.field in {"shop", "grower"}
    assert not PriceShare.objects.exists()


def test_a_missing_share_is_refused():
    listing = ListingFactory(price=Decimal("58.00"))
    given_amounts = amounts(grower="41.50")
    del given_amounts[ShareKind.PLATFORM]

    with pytest.raises(BadInput) as caught:
        publish_split(listing=listing, amounts=given_amounts)

    assert caught.value.field == "platform"


def test_a_new_price_takes_the_split_back_and_the_same_price_does_not():
    listing = ListingFactory(price=Decimal("58.00"))
    publish_split(listing=listing, amounts=amounts())

    change_listing(code=listing.code, price=Decimal("58"), description="新", by=None, at=NOON)
    kept = PriceShare.objects.count()
    change_listing(code=listing.code, price=Decimal("59"), description="新", by=None, at=NOON)

    assert kept == 5
    assert not PriceShare.objects.exists()


def test_what_stopped_adding_up_behind_our_back_is_not_shown():
    listing = ListingFactory(price=Decimal("58.00"))
    publish_split(listing=listing, amounts=amounts())
    Listing.objects.filter(pk=listing.pk).update(price=Decimal("60.00"))

    assert price_split(Listing.objects.get()) == []


@pytest.mark.parametrize(
    "row",
    [{"kind": "grower", "amount": 1}, {"kind": "shop", "amount": -1}, {"kind": "x", "amount": 1}],
)
def test_the_database_refuses_what_can_never_be(row):
    listing = ListingFactory()
    PriceShare.objects.create(listing=listing, kind="grower", amount=Decimal(1))

    with pytest.raises(IntegrityError), transaction.atomic():
        PriceShare.objects.create(listing=listing, **row)


class EverySplit(TestCase):
    """Whatever is typed, what is shown is the price."""

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.integers(0, 9_000), min_size=5, max_size=5), st.integers(-3, 3))
    def test_shown_shares_are_the_price(self, fen, off):
        listing = ListingFactory(price=Decimal("58.00"))
        Listing.objects.filter(pk=listing.pk).update(price=from_fen(max(1, sum(fen) + off)))
        listing.refresh_from_db()

        try:
            publish_split(
                listing=listing,
                amounts={k: from_fen(v) for k, v in zip(ShareKind, fen, strict=True)},
            )
        except BadInput:
            assert not price_split(listing)
        else:
            assert sum(part.amount for part in price_split(listing)) == listing.price


@pytest.fixture
def desk(client):
    shop = VillageShopFactory()
    client.force_login(
        person_with(Role.SHOP_OPERATOR, shop), backend="growers.sign_in.MobileOrCardBackend"
    )
    client.listing = ListingFactory(shop=shop, price=Decimal("58.00"))
    client.address = reverse("shop:work_split", args=[client.listing.code])
    return client


def test_the_operator_publishes_and_takes_back(desk):
    desk.post(desk.address, post())
    shown = PriceShare.objects.count()
    page = desk.get(reverse("shop:work_listing", args=[desk.listing.code])).content.decode()
    desk.post(desk.address, {"remove": "1"})

    assert shown == 5
    assert 'value="40.00"' in page
    assert not PriceShare.objects.exists()


def test_the_difference_is_said_and_what_was_typed_is_kept(desk):
    answer = desk.post(desk.address, post(shop="3.80"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "五份加起来 56.80 元，价格是 58.00 元，还差 1.20 元。" in page
    assert 'value="3.80"' in page
    assert not PriceShare.objects.exists()


def test_too_much_is_said_too(desk):
    page = desk.post(desk.address, post(shop="5.30")).content.decode()

    assert "多了 0.30 元" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "写个数，没有就写 0。"),
        ("很多", "写成 52 或 52.50 这样。"),
        ("-1", "不能小于 0。"),
        ("1.234", "最多两位小数。"),
        ("99999999999", "这个数太大了。"),
        ("NaN", "写成 52 或 52.50 这样。"),
    ],
)
def test_a_bad_amount_is_refused_beside_its_field(desk, typed, said):
    answer = desk.post(desk.address, post(packing=typed))

    form = answer.context["split_form"]
    assert answer.status_code == 422
    assert list(form.errors) == ["packing"]
    assert form.errors["packing"] == [said]
    assert not PriceShare.objects.exists()


def test_another_shops_operator_finds_nothing(desk, client):
    other = person_with(Role.SHOP_OPERATOR, VillageShopFactory())
    client.force_login(other, backend="growers.sign_in.MobileOrCardBackend")

    answer = client.post(desk.address, post())

    assert answer.status_code == 404
    assert not PriceShare.objects.exists()


def test_the_desk_says_that_a_new_price_took_the_split_back(desk):
    publish_split(listing=desk.listing, amounts=amounts())

    answer = desk.post(
        reverse("shop:work_listing", args=[desk.listing.code]),
        {"price": "60", "description": ""},
        follow=True,
    )

    assert "撤下了，请重新写。" in answer.content.decode()


def test_the_form_knows_the_floor(desk):
    form = ProductFormFactory(crop=CropFactory(farm_gate_min=Decimal("60.00")))
    listing = ListingFactory(form=form)

    shown = PriceSplitForm(listing=listing, amounts={})

    assert shown.fields["grower"].help_text == "不低于保底价 30 元。"


def test_taking_back_leaves_other_listings_alone():
    first, second = (ListingFactory(price=Decimal("58.00")) for _ in range(2))
    for listing in (first, second):
        publish_split(listing=listing, amounts=amounts())

    take_back_split(listing=first)

    assert set(PriceShare.objects.values_list("listing", flat=True)) == {second.pk}
