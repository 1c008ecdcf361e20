"""The synthetic county keeps every rule that the platform lives by."""

import re
from collections import defaultdict
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from devtools.county.size import SMALL
from devtools.views import walk_code
from growers.models import Household, HouseholdIdentity, Region, User, VillageShop
from growers.selectors import member_counts, needs_fen_at
from harvest_calendar.models import Crop, SupplyClaim
from harvest_calendar.selectors import supply_between
from logistics.models import Lot
from shop.campaign_terms import hash_of_terms
from shop.models import Campaign, CampaignState, Listing, Pledge, Purchase, SeasonState
from shop.selectors.approvals import campaigns_to_approve
from tests.site.world import NOW, TODAY, Site

pytestmark = pytest.mark.django_db
INVENTED = re.compile(r"199\d{8}")


def test_there_are_as_many_as_the_size_says(site: Site) -> None:
    world = site.world

    assert len(world.counties) == SMALL.counties
    assert len(world.townships) == SMALL.counties * SMALL.townships_per_county
    assert len(world.villages) == len(world.townships) * SMALL.villages_per_township
    assert Household.objects.count() == SMALL.households
    assert VillageShop.objects.count() == SMALL.shops
    assert len(world.people) == 9


def test_every_household_has_people_and_need(site: Site) -> None:
    households = list(Household.objects.values_list("pk", flat=True))

    needs = needs_fen_at(households, TODAY)

    assert set(needs) == set(households) == set(member_counts(households, TODAY))
    assert min(needs.values()) > 0


def test_claims_together_are_never_above_the_supply(site: Site) -> None:
    claims: dict[tuple[Crop, Region], list[SupplyClaim]] = defaultdict(list)
    for claim in SupplyClaim.objects.filter(released_at=None).select_related("crop", "county"):
        claims[claim.crop, claim.county].append(claim)

    over = [
        (crop.key, county.code)
        for (crop, county), held in claims.items()
        if sum(claim.weight_g for claim in held)
        > supply_between(
            crop=crop,
            county=county,
            first=min(claim.first_on for claim in held),
            last=max(claim.last_on for claim in held),
        ).p10_g
    ]

    assert len(claims) > 0
    assert over == []


def test_no_campaign_is_above_its_cap(site: Site) -> None:
    kept = {c.pk: 0 for c in Campaign.objects.all()}
    for campaign, packs in Pledge.objects.filter(state="active").values_list("campaign", "packs"):
        kept[campaign] += packs

    live = Campaign.objects.filter(state=CampaignState.LIVE)

    assert [c.code for c in Campaign.objects.all() if kept[c.pk] > c.cap_packs] == []
    assert [c.code for c in live if kept[c.pk] != c.pledged_packs] == []


def test_the_stock_is_what_the_lots_hold(site: Site) -> None:
    assert Lot.objects.count() > 0

    call_command("stock_check", stdout=StringIO())


def test_every_number_is_of_the_invented_block(site: Site) -> None:
    phones = {row.phone for row in HouseholdIdentity.objects.all()}
    phones |= set(User.objects.exclude(mobile=None).values_list("mobile", flat=True))
    phones |= set(VillageShop.objects.values_list("phone", flat=True))
    for model in (Pledge, Purchase):
        phones |= set(model.objects.values_list("mobile", flat=True))

    assert sorted(number for number in phones if not INVENTED.fullmatch(number)) == []


def test_the_walk_is_half_way_today(site: Site) -> None:
    campaign = Campaign.objects.get(code=walk_code())

    gone = (NOW - campaign.opens_at) / (campaign.deadline_at - campaign.opens_at)

    assert campaign.state == CampaignState.LIVE
    assert campaign.listing.shop == site.world.shops[0]
    assert 0.4 < gone < 0.6
    assert 0 < campaign.pledged_packs < campaign.cap_packs


def test_something_is_ripe_and_something_has_just_closed(site: Site) -> None:
    ripe = Listing.objects.filter(season_state=SeasonState.IN_SEASON, state="published")
    closed = Campaign.objects.filter(closed_at__gte=NOW - timedelta(days=7))

    assert ripe.filter(product__stockrecords__num_in_stock__gt=0).exists()
    assert closed.exists()


def test_a_campaign_waits_for_the_approver(site: Site) -> None:
    waits = campaigns_to_approve(site.people["approver"], on=TODAY)

    assert waits.count() == 1
    assert waits[0].submitted_by != site.people["approver"]


def test_every_campaign_was_approved_by_a_second_person(site: Site) -> None:
    went_on = Campaign.objects.exclude(state__in=["draft", "submitted"])

    assert went_on.count() > 10
    assert not went_on.filter(opened_without_approval=True).exists()
    assert [one.code for one in went_on if one.terms_hash != hash_of_terms(one)] == []
    for one in went_on.prefetch_related("changes"):
        path = [step.new for step in reversed(one.changes.all())]
        assert path[:3] == ["submitted", "approved", "live"]
