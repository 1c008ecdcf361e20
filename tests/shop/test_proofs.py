"""Proof by sale class: what is asked, what is shown, and what an ended one does."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from growers.models import Role
from notices.models import Notice
from shop.models import Listing, ListingProof, ProofKind
from shop.proofs import WHAT_IT_IS, WHO_NEEDS_IT, Standing, proofs_of, standing_of
from shop.services.listings import record_proof
from shop.services.proofs import take_off_unproven
from tests.factories.growers import VillageShopFactory, person_with
from tests.factories.harvest_calendar import CropFactory, ProductFormFactory
from tests.factories.presale import CampaignFactory
from tests.factories.shop import NOON, ListingFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 8, 28)
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def listing_with(valid_to, **facts):
    """A published listing whose only proof counts until a day."""
    listing = ListingFactory(**facts)
    listing.proofs.update(valid_to=valid_to)
    return listing


def page_of(client, listing):
    return client.get(reverse("shop:listing", args=[listing.code])).content.decode()


@pytest.mark.parametrize(
    ("issued_on", "valid_to", "standing"),
    [
        (TODAY, None, Standing.VALID),
        (TODAY, TODAY, Standing.SOON),
        (TODAY, TODAY + 13 * A_DAY, Standing.SOON),
        (TODAY, TODAY + 14 * A_DAY, Standing.VALID),
        (TODAY - 9 * A_DAY, TODAY - A_DAY, Standing.EXPIRED),
        (TODAY + A_DAY, None, Standing.EARLY),
    ],
)
def test_a_proof_counts_from_its_first_to_its_last_day(issued_on, valid_to, standing):
    proof = ListingProof(kind="compliance", number="1", issued_on=issued_on, valid_to=valid_to)

    assert standing_of(proof, on=TODAY) == standing


@pytest.mark.parametrize("kind", list(ProofKind))
def test_every_kind_is_explained(kind):
    assert str(WHAT_IT_IS[kind]).endswith("。")
    assert str(WHO_NEEDS_IT[kind]).endswith("。")


@pytest.mark.parametrize(
    ("crop", "kind"),
    [
        ({"category": "fruit"}, "承诺达标合格证"),
        ({"category": "fungus"}, "承诺达标合格证"),
        ({"category": "tea", "form": "fresh"}, "承诺达标合格证"),
        ({"category": "honey"}, "食品生产许可或小作坊登记"),
        ({"category": "tea", "form": "dried"}, "食品生产许可或小作坊登记"),
        ({"category": "livestock"}, "动物检疫证明"),
        ({"category": "spice"}, "自产自销声明"),
    ],
)
def test_the_page_names_what_the_law_asks_for(client, crop, kind):
    listing = ListingFactory(form=ProductFormFactory(crop=CropFactory(**crop)))

    section = page_of(client, listing).split('id="proof"')[1]

    assert kind in section
    assert str(WHO_NEEDS_IT[ListingProof.objects.get().kind]) in section
    assert listing.proofs.get().number in section
    assert "2020年1月1日开的，长期有效" in section


def test_fresh_wild_greens_are_not_told_as_dried(client):
    crop = CropFactory(category="wild_vegetable", form="fresh")
    listing = ListingFactory(form=ProductFormFactory(crop=crop))

    assert "干货" not in page_of(client, listing).split('id="proof"')[1].split("</section>")[0]


def test_an_ended_proof_is_shown_as_ended_beside_the_one_that_counts(client):
    listing = listing_with(TODAY - A_DAY)
    record_proof(listing=listing, kind="self_grown", number="NEW-1", issued_on=TODAY)

    section = page_of(client, listing).split('id="proof"')[1].split("</ul>")[0]

    new, old = section.split("</li>")[:2]
    assert "NEW-1" in new
    assert "有效" in new
    assert "已过期" in old
    assert "2020年1月1日—2026年8月27日" in old


def test_food_and_medicine_is_told_as_food_only(client):
    herb = CropFactory(category="herb", sale_class="food_and_medicine")

    herb_page = page_of(client, ListingFactory(form=ProductFormFactory(crop=herb)))
    other_page = page_of(client, ListingFactory())

    assert "不讲药效" in herb_page
    assert "药" not in other_page.split('id="proof"')[1].split("</section>")[0]


def test_a_certificates_picture_is_shown_but_not_that_of_a_signed_declaration(client):
    fruit = ListingFactory(form=ProductFormFactory(crop=CropFactory(category="fruit")))
    spice = ListingFactory()
    for listing in (fruit, spice):
        listing.proofs.update(scan=f"proofs/{listing.code}.jpg", scan_width=600, scan_height=800)

    assert f"/media/proofs/{fruit.code}.jpg" in page_of(client, fruit)
    assert 'width="600" height="800"' in page_of(client, fruit)
    assert f"/media/proofs/{spice.code}.jpg" not in page_of(client, spice)


def test_the_day_after_its_proof_ended_a_listing_leaves_the_shelf():
    ended, last_day = listing_with(TODAY - A_DAY), listing_with(TODAY)
    endless = ListingFactory()

    taken = take_off_unproven(on=TODAY, at=NOON)

    states = dict(Listing.objects.values_list("code", "state"))
    assert taken == 1
    assert states == {
        ended.code: "withdrawn",
        last_day.code: "published",
        endless.code: "published",
    }
    ended.product.refresh_from_db()
    assert not ended.product.is_public
    assert take_off_unproven(on=TODAY, at=NOON) == 0


@pytest.mark.parametrize(("phone", "told"), [("13900139000", 1), ("", 0), ("0939-123", 0)])
def test_the_shop_is_told_once_on_its_own_number(phone, told):
    listing = listing_with(TODAY - A_DAY, shop=VillageShopFactory(phone=phone))

    take_off_unproven(on=TODAY, at=NOON)
    Listing.objects.filter(pk=listing.pk).update(state="published")
    take_off_unproven(on=TODAY, at=NOON)

    notices = list(Notice.objects.filter(template="shop.proof_ended"))
    assert len(notices) == told
    for notice in notices:
        sealed = json.loads(notice.sealed)
        assert sealed["mobile"] == phone
        assert sealed["context"]["day"] == "8月27日"
        assert sealed["context"]["link"] == reverse("shop:work_listing", args=[listing.code])


def test_a_newer_proof_keeps_the_listing():
    listing = listing_with(TODAY - A_DAY)
    record_proof(listing=listing, kind="self_grown", number="NEW", issued_on=TODAY)

    assert take_off_unproven(on=TODAY, at=NOON) == 0


def test_an_ended_proof_nobody_asks_for_changes_nothing():
    listing = ListingFactory()
    record_proof(
        listing=listing,
        kind="compliance",
        number="X",
        issued_on=TODAY - 9 * A_DAY,
        valid_to=TODAY - A_DAY,
    )

    assert take_off_unproven(on=TODAY, at=NOON) == 0


def test_a_listing_on_presale_stays_to_be_seen_and_leaves_when_its_season_opens(client):
    campaign = CampaignFactory(listing=listing_with(TODAY - A_DAY, season_state="presale"))
    listing = campaign.listing

    assert take_off_unproven(on=TODAY, at=NOON) == 0
    assert "过期了，换上新的才能卖。" in page_of(client, listing)
    assert "放进篮子" not in page_of(client, listing)
    Listing.objects.filter(pk=listing.pk).update(season_state="in_season")
    assert take_off_unproven(on=TODAY, at=NOON) == 1


def test_the_tick_runs_it():
    from core.ticks import jobs

    listing = listing_with(TODAY - A_DAY)
    job = next(job for job in jobs() if job.name == "shop.proofs")

    job.run(NOON)

    listing.refresh_from_db()
    assert listing.state == "withdrawn"
    assert job.every_minutes == 60


@pytest.mark.parametrize(
    ("days", "state", "said"),
    [
        (-1, "withdrawn", "过期的货不能卖，已经自动下架。录入新的，就能再上架。"),
        (-1, "published", "预售还开着，先留在店里；发货前要补上新的。"),
        (5, "published", "到期还没有新的，第二天自动下架。"),
    ],
)
def test_the_desk_says_plainly_what_happened_and_what_to_do(client, days, state, said):
    shop = VillageShopFactory()
    listing = listing_with(TODAY + days * A_DAY, shop=shop, season_state="presale")
    Listing.objects.filter(pk=listing.pk).update(state=state)
    client.force_login(
        person_with(Role.SHOP_OPERATOR, shop), backend="growers.sign_in.MobileOrCardBackend"
    )

    page = client.get(reverse("shop:work_listing", args=[listing.code])).content.decode()

    assert said in page


def test_the_desk_says_nothing_while_a_proof_holds(client):
    shop = VillageShopFactory()
    listing = ListingFactory(shop=shop)
    client.force_login(
        person_with(Role.SHOP_OPERATOR, shop), backend="growers.sign_in.MobileOrCardBackend"
    )

    page = client.get(reverse("shop:work_listing", args=[listing.code])).content.decode()

    assert "自动下架" not in page


def test_until_is_the_last_day_any_asked_proof_covers():
    crop = CropFactory()
    proofs = [
        ListingProof(kind="self_grown", number="1", issued_on=TODAY, valid_to=TODAY + A_DAY),
        ListingProof(kind="self_grown", number="2", issued_on=TODAY, valid_to=TODAY + 3 * A_DAY),
        ListingProof(kind="compliance", number="3", issued_on=TODAY, valid_to=TODAY + 9 * A_DAY),
    ]

    assert proofs_of(crop, proofs, on=TODAY).until == TODAY + 3 * A_DAY
    assert proofs_of(crop, [], on=TODAY).standing == Standing.MISSING
