"""Approvers, writers, backers and the clock at once: a campaign opens once, and only approved; its
terms change once, for everybody or nobody."""

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from core.errors import NotAllowed
from notices.models import Notice
from shop.campaign_terms import terms_now
from shop.contact import Contact
from shop.models import Campaign, CampaignState, CampaignStateChange, Pledge, TermsChange
from shop.services.approving import (
    approve_campaign,
    return_campaign,
    submit_campaign,
    take_back_campaign,
)
from shop.services.opening import start_due_campaigns
from shop.services.pledges import reserve
from shop.services.terms_changes import apply_terms, propose_terms
from tests.factories.growers import person_with
from tests.factories.presale import (
    NOON,
    approver_of,
    drafted,
    make_ripening_listing,
    opened,
    writer,
)
from tests.factories.shop import make_rate_card
from tests.shop.test_presale_races import HOME, all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def test_two_approvers_at_once_approve_once() -> None:
    listing = make_ripening_listing()
    people = [approver_of(listing), person_with("approver", listing.shop.cooperative)]
    waits = submit_campaign(code=drafted(listing).code, by=writer(), at=NOON)

    def approve(number: int) -> Any:
        by = people[number]
        return approve_campaign(code=waits.code, seen=waits.terms_hash, by=by, at=NOON)

    results = all_at_once([lambda: approve(0), lambda: approve(1)] * 3)

    assert sum(isinstance(one, Campaign) for one in results) == 1
    assert sum(isinstance(one, NotAllowed) for one in results) == 5
    told = CampaignStateChange.objects.filter(campaign=waits, new="approved")
    assert told.get().by_id == Campaign.objects.get().approved_by_id


def test_taken_back_sent_back_approved_and_ticked_at_once() -> None:
    listing = make_ripening_listing()
    by = approver_of(listing)
    waits = submit_campaign(code=drafted(listing).code, by=writer(), at=NOON)
    code = waits.code

    all_at_once(
        [
            lambda: take_back_campaign(code=code, by=writer(), at=NOON),
            lambda: return_campaign(code=code, reason="改", by=by, at=NOON),
            lambda: approve_campaign(code=code, seen=waits.terms_hash, by=by, at=NOON),
            lambda: start_due_campaigns(at=NOON),
        ]
    )

    after = Campaign.objects.get()
    path = list(after.changes.order_by("pk").values_list("new", flat=True))
    if after.state == CampaignState.LIVE:
        assert path == ["submitted", "approved", "live"]
        assert after.approved_by == by
    else:
        assert (after.state, after.approved_by) == (CampaignState.DRAFT, None)
        assert path == ["submitted", "draft"]


def test_terms_change_while_people_reserve() -> None:
    """Whoever reserved before keeps the old price and is told; whoever comes after owes the new."""
    listing = make_ripening_listing()
    make_rate_card()
    campaign, by = opened(listing), approver_of(listing)
    change = propose_terms(
        code=campaign.code,
        terms=replace(terms_now(campaign), price=Decimal("98.00")),
        reason="纸箱涨价",
        by=writer(),
        at=NOON,
    )

    def one(number: int) -> Any:
        return reserve(
            campaign_code=campaign.code,
            packs=1,
            contact=Contact("李测试", f"139{number:08d}"),
            fulfilment=HOME,
            submit_key=f"race-{number}",
            user=None,
            at=NOON,
        )

    approve = [lambda: apply_terms(code=change.code, by=by, at=NOON)] * 2
    people = [partial(one, number) for number in range(8)]
    results = all_at_once([*people[:4], *approve, *people[4:]])

    assert sum(isinstance(each, TermsChange) for each in results) == 1
    assert sum(isinstance(each, Pledge) for each in results) == 8
    told = Notice.objects.filter(template="shop.terms_changed").values_list("key", flat=True)
    kept = Pledge.objects.exclude(price=None)
    assert sorted(key.split(":")[-1] for key in told) == sorted(one.code for one in kept)
    assert {one.price for one in kept} <= {Decimal("92.00")}
    assert Campaign.objects.get().pledged_packs == 8
