"""The operator's desk through HTTP: own shop only, drafts to the shelf, campaigns, orders."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from growers.models import User, VillageShop
from shop.models import Campaign, Listing, ListingProof, ListingState, PurchaseState
from shop.services.stock import set_stock
from tests.factories.growers import UserFactory, VillageShopFactory, person_with
from tests.factories.presale import NOON, CampaignFactory, make_ripening_listing
from tests.factories.shop import ListingFactory, PurchaseFactory
from tests.factories.uploads import photo
from tests.shop.test_drafts import grown_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="growers.sign_in.MobileOrCardBackend")
    return client


@pytest.fixture
def shop() -> VillageShop:
    mine: VillageShop = VillageShopFactory()
    return mine


@pytest.fixture
def operator(shop: VillageShop) -> Client:
    return signed_in(person_with("shop_operator", shop))


def text(response: Any) -> str:
    return str(response.content.decode())


PAGES = ["/work/", "/work/drafts/", "/work/listings/", "/work/campaigns/", "/work/orders/"]


@pytest.mark.parametrize("page", PAGES)
def test_desk_opens_to_operators_only(page: str, operator: Client, client: Client) -> None:
    assert operator.get(page).status_code == 200

    assert client.get(page)["Location"].startswith("/sign-in/")
    assert signed_in(UserFactory()).get(page).status_code == 404


def test_operator_whose_role_ended_is_a_stranger(shop: VillageShop) -> None:
    gone = signed_in(person_with("shop_operator", shop, valid_to=date(2026, 8, 27)))

    assert gone.get("/work/").status_code == 404


def test_another_shops_rows_are_not_found(operator: Client, shop: VillageShop) -> None:
    own, foreign = ListingFactory(shop=shop), ListingFactory()
    campaign = CampaignFactory(listing=foreign)
    assert operator.get(f"/work/listings/{own.code}/").status_code == 200

    for address in (
        f"/work/listings/{foreign.code}/",
        f"/work/campaigns/new/{foreign.code}/",
        f"/work/campaigns/{campaign.code}/cancel/",
        f"/work/?shop={foreign.shop.code}",
    ):
        assert operator.get(address).status_code == 404
    for step in ("proof", "publish", "withdraw"):
        assert operator.post(f"/work/listings/{foreign.code}/{step}/").status_code == 404
    assert operator.post(f"/work/campaigns/{campaign.code}/cancel/").status_code == 404
    foreign.refresh_from_db()
    campaign.refresh_from_db()
    assert (foreign.state, campaign.state) == ("published", "live")


def test_operator_of_two_shops_changes_between_them(shop: VillageShop) -> None:
    second = VillageShopFactory()
    person = person_with("shop_operator", shop)
    person_with("shop_operator", second, user=person)
    client = signed_in(person)
    assert client.get("/work/").context["shop"] == shop

    client.get(f"/work/?shop={second.code}")

    assert client.get("/work/orders/").context["shop"] == second


def test_today_counts_what_waits(operator: Client, shop: VillageShop) -> None:
    grown_for(shop)
    listing = ListingFactory(shop=shop)
    CampaignFactory(listing=listing)
    PurchaseFactory(listing=listing)
    PurchaseFactory(listing=listing, state=PurchaseState.PACKED)
    ListingFactory(shop=shop, state=ListingState.DRAFT)
    PurchaseFactory()

    counts = operator.get("/work/").context["counts"]

    assert (counts.drafts, counts.to_pack, counts.campaigns) == (1, 1, 1)
    assert (counts.unpublished, counts.published) == (1, 1)


def test_draft_to_shelf_waits_for_the_proof(operator: Client, shop: VillageShop) -> None:
    form = grown_for(shop)
    drafts = text(operator.get("/work/drafts/"))
    assert f"/work/drafts/{form.key}/" in drafts
    assert "9月20日—10月10日·最多卖 210 kg（420 份）" in drafts
    assert "建议 ¥85.00，保底价 ¥30.00" in drafts
    typed = {"pack_weight_g": "500", "price": "85", "description": "高坡的"}

    answer = operator.post(f"/work/drafts/{form.key}/", {**typed, "publish": "1"})
    listing = Listing.objects.get()
    assert answer["Location"] == f"/work/listings/{listing.code}/"
    assert listing.state == ListingState.DRAFT
    blocked = text(operator.get(answer["Location"]))
    assert "还缺“自产自销声明”，录入后才能上架。" in blocked
    assert operator.get(f"/shop/listings/{listing.code}/").status_code == 404

    operator.post(
        f"/work/listings/{listing.code}/proof/",
        {
            "proof-number": "ZC-1",
            "proof-issued_on": "2026-08-01",
            "proof-valid_to": "",
            "proof-scan": photo(),
        },
    )
    scan = listing.proofs.get()
    assert scan.scan.url in text(operator.get(answer["Location"]))
    assert (scan.scan_width, scan.scan_height) == (64, 48)
    done = text(operator.post(f"/work/listings/{listing.code}/publish/", follow=True))

    listing.refresh_from_db()
    assert listing.state == ListingState.PUBLISHED
    assert "上架了，店里和日历里都看得到。" in done
    assert operator.get(f"/shop/listings/{listing.code}/").status_code == 200
    assert listing.product.title in text(operator.get("/shop/"))


def test_draft_price_below_the_floor_is_refused_beside_the_field(
    operator: Client, shop: VillageShop
) -> None:
    form = grown_for(shop)

    answer = operator.post(f"/work/drafts/{form.key}/", {"pack_weight_g": "1000", "price": "59.99"})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"price": ["低于保底价 ¥60.00。"]}
    assert not Listing.objects.exists()


def test_form_of_no_draft_is_not_found(operator: Client, shop: VillageShop) -> None:
    listed = ListingFactory(shop=shop)

    assert operator.get(f"/work/drafts/{listed.form.key}/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"proof-number": "", "proof-issued_on": "2026-08-01"}, "number"),
        ({"proof-number": "1", "proof-issued_on": ""}, "issued_on"),
        ({"proof-number": "1", "proof-issued_on": "2026-08-29"}, "issued_on"),
        (
            {
                "proof-number": "1",
                "proof-issued_on": "2026-08-01",
                "proof-valid_to": "2026-08-27",
            },
            "valid_to",
        ),
        ({"proof-number": "1", "proof-issued_on": "0026-08-01"}, "issued_on"),
        (
            {
                "proof-number": "1",
                "proof-issued_on": "2026-08-01",
                "proof-valid_to": "9999-12-31",
            },
            "valid_to",
        ),
        ({"proof-number": "\u202e", "proof-issued_on": "2026-08-01"}, "number"),
        (
            {
                "proof-number": "1",
                "proof-issued_on": "2026-08-01",
                "proof-scan": photo(content=b"%PDF-1.7"),
            },
            "scan",
        ),
        ({"proof-number": "1", "proof-issued_on": "2026-08-01", "proof-scan": ""}, "scan"),
    ],
)
def test_bad_proof_is_refused_beside_its_field(
    operator: Client, shop: VillageShop, typed: dict[str, Any], field: str
) -> None:
    listing = ListingFactory(shop=shop, state=ListingState.DRAFT)

    sent = {"proof-scan": photo(), **typed}
    answer = operator.post(f"/work/listings/{listing.code}/proof/", sent)

    assert answer.status_code == 422
    assert list(answer.context["proof_form"].errors) == [field]
    assert answer.context["proof_form"]["number"].value() == typed["proof-number"]  # kept
    assert not ListingProof.objects.exists()


@pytest.mark.parametrize("typed", ["打 138 0013 8000 找老赵", "身份证11010519491231002X"])
def test_no_number_of_a_person_is_written_into_a_listing(
    operator: Client, shop: VillageShop, typed: str
) -> None:
    listing = ListingFactory(shop=shop, description="高坡的")

    answer = operator.post(f"/work/listings/{listing.code}/", {"price": "60", "description": typed})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["description"]
    assert typed in answer.content.decode()  # nothing typed is lost
    listing.refresh_from_db()
    assert listing.description == "高坡的"


def test_what_is_written_of_goods_reads_as_it_looks(operator: Client, shop: VillageShop) -> None:
    listing = ListingFactory(shop=shop)
    typed = {"price": "60", "description": "高坡\u202e的\u200b，晒\r\n\r\n\r\n\r\n三天"}

    operator.post(f"/work/listings/{listing.code}/", typed)

    listing.refresh_from_db()
    assert listing.description == "高坡的，晒\n\n三天"


@pytest.mark.parametrize(("packs", "said"), [(0, True), (3, False)])
def test_a_listing_without_goods_says_how_they_come(
    operator: Client, shop: VillageShop, packs: int, said: bool
) -> None:
    listing = ListingFactory(shop=shop)
    set_stock(listing=listing, packs=packs, at=NOON)

    page = text(operator.get(f"/work/listings/{listing.code}/"))

    assert ("过秤入库以后自动能买" in page) is said


def test_new_price_reaches_the_stock_record(operator: Client, shop: VillageShop) -> None:
    listing = ListingFactory(shop=shop)

    operator.post(f"/work/listings/{listing.code}/", {"price": "61.50", "description": ""})

    listing.refresh_from_db()
    assert listing.price == Decimal("61.50")
    assert listing.product.stockrecords.get().price == Decimal("61.50")


def test_withdrawn_listing_leaves_the_shelf(operator: Client, shop: VillageShop) -> None:
    listing = ListingFactory(shop=shop)

    operator.post(f"/work/listings/{listing.code}/withdraw/")

    listing.refresh_from_db()
    assert listing.state == ListingState.WITHDRAWN
    page = operator.get(f"/shop/listings/{listing.code}/").content.decode()
    assert "这件山货已经下架。" in page  # an old link leads somewhere, but sells nothing
    assert "放进篮子" not in page
    assert listing.code not in operator.get("/shop/").content.decode()


def test_listing_on_presale_is_not_withdrawn(operator: Client, shop: VillageShop) -> None:
    listing = ListingFactory(shop=shop)
    CampaignFactory(listing=listing)

    page = text(operator.post(f"/work/listings/{listing.code}/withdraw/", follow=True))

    listing.refresh_from_db()
    assert listing.state == ListingState.PUBLISHED
    assert "正在预售" in page


@pytest.mark.parametrize("front", ["", "/en"])
@pytest.mark.parametrize("step", ["publish", "proof", "split"])
def test_a_forms_address_without_the_form_leads_back_to_its_page(
    operator: Client, shop: VillageShop, step: str, front: str
) -> None:
    listing = ListingFactory(shop=shop)
    page = f"{front}/work/listings/{listing.code}/"

    answer = operator.get(f"{page}{step}/")

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert f'href="{page}"' in text(answer)
    assert operator.get(page).status_code == 200


def test_operator_opens_a_campaign(operator: Client, shop: VillageShop) -> None:
    listing = make_ripening_listing(shop=shop, supply_g=20_000)
    address = f"/work/campaigns/new/{listing.code}/"
    page = text(operator.get(address))
    assert "9月20日—10月10日" in page
    assert "按收成最多 120 份" in page
    typed = {"goal_packs": "60", "price": "92", "deadline_on": "2026-09-06", "story": ""}
    typed |= {"opens_on": "", "do": "keep"}

    refused = operator.post(address, {**typed, "cap_packs": "121"})
    answer = operator.post(address, {**typed, "cap_packs": "120"})

    assert "最多 120 份" in refused.context["form"].errors["cap_packs"][0]
    campaign = Campaign.objects.get()
    assert answer["Location"] == f"/work/campaigns/{campaign.code}/"
    assert campaign.state == "draft"
    assert campaign.deadline_at.isoformat() == "2026-09-06T12:00:00+00:00"
    assert (campaign.goal_packs, campaign.cap_packs) == (60, 120)


def test_operator_cancels_a_campaign_with_a_reason(operator: Client, shop: VillageShop) -> None:
    campaign = CampaignFactory(listing=ListingFactory(shop=shop))
    address = f"/work/campaigns/{campaign.code}/cancel/"
    assert "为什么取消" in text(operator.get(address))

    empty = operator.post(address, {"reason": ""})
    operator.post(address, {"reason": "冰雹"})

    campaign.refresh_from_db()
    assert empty.status_code == 422
    assert campaign.state == "cancelled"


def test_buyers_number_is_whole_until_the_goods_are_handed_over(
    operator: Client, shop: VillageShop
) -> None:
    listing = ListingFactory(shop=shop)
    PurchaseFactory(listing=listing)
    assert "13800138000" in text(operator.get("/work/orders/"))

    shop.purchases.update(state=PurchaseState.DELIVERED, delivered_at=NOON)

    page = text(operator.get("/work/orders/"))
    assert "13800138000" not in page
    assert "138****8000" in page


def test_orders_are_the_shops_own_and_by_state(operator: Client, shop: VillageShop) -> None:
    listing = ListingFactory(shop=shop)
    placed = PurchaseFactory(listing=listing)
    packed = PurchaseFactory(listing=listing, state=PurchaseState.PACKED)
    foreign = PurchaseFactory()

    every, some = (
        text(operator.get("/work/orders/")),
        text(operator.get("/work/orders/?state=packed")),
    )

    assert placed.code in every
    assert packed.code in every
    assert foreign.code not in every
    assert placed.code not in some
    assert packed.code in some


def fill(shop: VillageShop) -> None:
    """One more row on every list of the desk."""
    grown_for(shop)
    listing = ListingFactory(shop=shop)
    PurchaseFactory(listing=listing)
    CampaignFactory(listing=listing)
    make_ripening_listing(shop=shop)
    ListingFactory(shop=shop, state=ListingState.DRAFT)


@pytest.mark.parametrize("page", PAGES)
def test_desk_asks_no_more_for_more_rows(page: str, operator: Client, shop: VillageShop) -> None:
    fill(shop)
    operator.get(page)
    with CaptureQueriesContext(connection) as one:
        operator.get(page)
    fill(shop)
    fill(shop)

    with CaptureQueriesContext(connection) as three:
        operator.get(page)

    assert len(three) == len(one)
