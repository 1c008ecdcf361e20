"""Terms of a running campaign: proposed, approved by another person, told to every backer."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from core.errors import BadInput, NotAllowed
from growers.models import User
from harvest_calendar.models import SupplyClaim
from notices.models import Notice
from shop.campaign_terms import NewTerms, hash_of_terms, terms_now
from shop.models import Campaign, Listing, Pledge, PledgeState, TermsChange
from shop.services.approving import approve_campaign, submit_campaign
from shop.services.campaign_parts import Box, Goal, write_parts
from shop.services.campaigns import close_campaign
from shop.services.pledges import cancel_pledge
from shop.services.terms_changes import apply_terms, propose_terms, refuse_terms
from tests.factories.growers import UserFactory, person_with
from tests.factories.presale import (
    DEADLINE,
    NOON,
    approver_of,
    drafted,
    make_ripening_listing,
    opened,
    pledged,
    writer,
)
from tests.factories.shop import make_collection_station
from tests.notices.inbox import texts_to

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NEW: dict[str, Any] = {
    "goal_packs": 30,
    "cap_packs": 80,
    "price": Decimal("98.00"),
    "deadline_at": DEADLINE + 5 * DAY,
}


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def listing() -> Listing:
    return make_ripening_listing()


@pytest.fixture
def campaign(listing: Listing) -> Campaign:
    return opened(listing)


def other(campaign: Campaign, **terms: Any) -> NewTerms:
    return replace(terms_now(campaign), **terms)


def proposed(campaign: Campaign, **terms: Any) -> TermsChange:
    return propose_terms(
        code=campaign.code,
        terms=other(campaign, **(terms or NEW)),
        reason="霜冻，收成少了",
        by=writer(),
        at=NOON,
    )


def applied(campaign: Campaign, **terms: Any) -> TermsChange:
    change = proposed(campaign, **terms)
    return apply_terms(code=change.code, by=approver_of(campaign.listing), at=NOON)


def test_nothing_changes_until_a_second_person_approves(campaign: Campaign) -> None:
    before = terms_now(campaign)

    change = proposed(campaign)

    assert terms_now(Campaign.objects.get()) == before
    assert Notice.objects.filter(template="shop.terms_changed").count() == 0
    apply_terms(code=change.code, by=approver_of(campaign.listing), at=NOON)
    now = Campaign.objects.get()
    assert terms_now(now) == other(campaign, **NEW)
    assert now.terms_hash == hash_of_terms(now) != campaign.terms_hash
    row = now.history.first()
    assert (row.history_user, row.history_change_reason) == (
        approver_of(campaign.listing),
        "霜冻，收成少了",
    )
    assert SupplyClaim.objects.get().weight_g == campaign.listing.form.raw_g(80 * 500)


def test_the_proposer_never_decides(listing: Listing, campaign: Campaign) -> None:
    both = person_with("approver", listing.shop.cooperative)
    change = propose_terms(
        code=campaign.code, terms=other(campaign, **NEW), reason="霜冻", by=both, at=NOON
    )

    for decide in (
        lambda: apply_terms(code=change.code, by=both, at=NOON),
        lambda: refuse_terms(code=change.code, reason="不行", by=both, at=NOON),
    ):
        with pytest.raises(NotAllowed, match="另一位"):
            decide()
    with pytest.raises(IntegrityError, match="another_person"), transaction.atomic():
        TermsChange.objects.update(state="refused", refusal="不", decided_by=both, decided_at=NOON)


def test_a_stranger_does_not_decide(campaign: Campaign) -> None:
    change = proposed(campaign)

    with pytest.raises(NotAllowed, match="审批人"):
        apply_terms(code=change.code, by=UserFactory(), at=NOON)


def test_it_is_decided_once(campaign: Campaign) -> None:
    change = applied(campaign)

    with pytest.raises(NotAllowed, match="已经定了"):
        apply_terms(code=change.code, by=approver_of(campaign.listing), at=NOON)
    with pytest.raises(NotAllowed, match="已经定了"):
        refuse_terms(code=change.code, reason="晚了", by=approver_of(campaign.listing), at=NOON)


def test_one_waits_at_a_time(campaign: Campaign) -> None:
    change = proposed(campaign)
    with pytest.raises(NotAllowed, match="还在等审批"):
        proposed(campaign, goal_packs=25)

    refuse_terms(code=change.code, reason="不用改", by=approver_of(campaign.listing), at=NOON)

    assert TermsChange.objects.get().refusal == "不用改"
    assert proposed(campaign, goal_packs=25).state == "proposed"


@pytest.mark.parametrize(
    ("terms", "field", "said"),
    [
        ({"goal_packs": 0}, "goal_packs", "至少要 1 份"),
        ({"cap_packs": 19}, "cap_packs", "不能低于成团数"),
        ({"goal_packs": 1, "cap_packs": 2}, "cap_packs", "已经约了的 3 份"),
        ({"price": Decimal(0)}, "price", "大于 0"),
        ({"deadline_at": NOON}, "deadline_on", "今天以后"),
        ({"deadline_at": DEADLINE + 30 * DAY}, "deadline_on", "早于发货"),
        ({"promised_to_on": NOON.date()}, "promised_to_on", "最晚发货"),
        ({}, "", "什么都没有改"),
    ],
)
def test_terms_that_cannot_be_are_refused(
    terms: dict[str, Any], field: str, said: str, campaign: Campaign
) -> None:
    pledged(campaign, 3)

    with pytest.raises(BadInput, match=said) as refused:
        propose_terms(
            code=campaign.code, terms=other(campaign, **terms), reason="改", by=writer(), at=NOON
        )

    assert refused.value.field == field
    assert not TermsChange.objects.exists()


@pytest.mark.parametrize(
    ("terms", "field", "said"),
    [
        ({"goal_packs": 50}, "goal_packs", "每盒加两个冰袋.*要多于成团的 50 份"),
        ({"cap_packs": 39}, "cap_packs", "每盒加两个冰袋.*不超过最多接的 39 份"),
        ({"goal_packs": 10, "cap_packs": 35}, "cap_packs", "家庭装.*最多 17 盒"),
        ({"cap_packs": 24}, "cap_packs", "大箱.*最多约 5 份"),
    ],
)
def test_goal_and_cap_stay_around_boxes_and_stretch_goals(
    listing: Listing, terms: dict[str, Any], field: str, said: str
) -> None:
    draft = drafted(listing)
    every: dict[str, tuple[tuple[Box, ...], tuple[Goal, ...]]] = {
        "每": ((), (Goal(40, "cold", "每盒加两个冰袋"),)),
        "家": ((Box("家庭装", 2, Decimal("184.00"), 18),), ()),
        "大": ((Box("大箱", 6, Decimal("552.00"), 2),), ()),
    }
    boxes, goals = every[said[0]]
    seen = hash_of_terms(draft)
    write_parts(code=draft.code, boxes=boxes, goals=goals, seen=seen, by=writer())
    seen = submit_campaign(code=draft.code, by=writer(), at=NOON).terms_hash
    approve_campaign(code=draft.code, seen=seen, by=approver_of(listing), at=NOON)
    campaign = Campaign.objects.get()

    with pytest.raises(BadInput, match=said) as refused:
        proposed(campaign, **terms)

    assert refused.value.field == field
    change = proposed(campaign, cap_packs=60)
    TermsChange.objects.filter(pk=change.pk).update(
        **{f"new_{name}": value for name, value in terms.items()}
    )
    with pytest.raises(BadInput, match=said):
        apply_terms(code=change.code, by=approver_of(listing), at=NOON)


def test_a_cap_above_the_harvest_is_refused(listing: Listing, campaign: Campaign) -> None:
    change = proposed(campaign, cap_packs=900)

    with pytest.raises(BadInput, match="收成没那么多"):
        apply_terms(code=change.code, by=approver_of(listing), at=NOON)

    assert Campaign.objects.get().cap_packs == 100


def test_what_was_reserved_meanwhile_is_not_cut_off(listing: Listing, campaign: Campaign) -> None:
    change = proposed(campaign, goal_packs=5, cap_packs=10)
    pledged(campaign, 11)

    with pytest.raises(BadInput, match="已经约了的 11 份"):
        apply_terms(code=change.code, by=approver_of(listing), at=NOON)


def test_a_backer_owes_what_was_promised(campaign: Campaign) -> None:
    station = make_collection_station()
    before = pledged(campaign, 20, fulfilment="collect", station=station, province_code="")
    applied(campaign, price=Decimal("98.00"))
    after = pledged(campaign, 1, fulfilment="collect", station=station, province_code="")

    close_campaign(code=campaign.code, at=DEADLINE)

    totals = {
        one: Pledge.objects.get(pk=one.pk).order_link.order.total_incl_tax
        for one in (before, after)
    }
    assert totals == {before: Decimal("1840.00"), after: Decimal("98.00")}


def test_every_backer_is_told_once_in_their_language(campaign: Campaign) -> None:
    pledged(campaign, 2, mobile="13700000001")
    pledged(campaign, 2, mobile="13700000002", language="en")
    pledged(campaign, 2, mobile="13700000003", state="cancelled")

    change = applied(campaign, price=Decimal("98.00"))

    (chinese,) = texts_to("13700000001")
    (english,) = texts_to("13700000002")
    assert "每份 ¥92.00 → ¥98.00。原因：霜冻，收成少了" in chinese
    assert "A pack ¥92.00 → ¥98.00" in english
    assert texts_to("13700000003") == []
    assert Notice.objects.filter(key__contains=change.code).count() == 2


def test_who_is_called_to_pay_still_leaves_for_nothing(campaign: Campaign) -> None:
    pledge = pledged(campaign, 20)
    applied(campaign, price=Decimal("98.00"))
    Pledge.objects.filter(pk=pledge.pk).update(state=PledgeState.DUE)

    cancel_pledge(code=pledge.code, at=NOON + 6 * DAY)

    campaign.refresh_from_db()
    pledge.refresh_from_db()
    assert (pledge.state, campaign.pledged_packs) == (PledgeState.CANCELLED, 0)


@pytest.mark.parametrize("made", ["late", "after"])
def test_others_do_not(made: str, campaign: Campaign) -> None:
    """The days are over, or the backer reserved on the new terms."""
    at = NOON + DAY if made == "after" else NOON - DAY
    pledge = pledged(campaign, 20, at=at)
    applied(campaign, price=Decimal("98.00"))
    Pledge.objects.filter(pk=pledge.pk).update(state=PledgeState.DUE)

    with pytest.raises(NotAllowed, match="截止"):
        cancel_pledge(code=pledge.code, at=NOON + (8 if made == "late" else 2) * DAY)


# Pages ---------------------------------------------------------------------------------------
def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    said: str = answer.content.decode()
    return said


TYPED = {
    "goal_packs": "20",
    "cap_packs": "100",
    "price": "98",
    "deadline_on": "2026-09-06",
    "promised_from_on": "2026-09-20",
    "promised_to_on": "2026-10-10",
    "reason": "纸箱涨价",
}


def test_pages_from_the_proposal_to_the_backer(listing: Listing, campaign: Campaign) -> None:
    desk = signed_in(person_with("shop_operator", listing.shop))
    owner = UserFactory()
    pledge = pledged(campaign, 2, user=owner)
    address = f"/work/campaigns/{campaign.code}/terms/"
    assert "92.00" in text(desk.get(address))

    refused = desk.post(address, {**TYPED, "cap_packs": "1"})
    assert (refused.status_code, "不能低于成团数" in text(refused)) == (422, True)
    assert "纸箱涨价" in text(refused)
    desk.post(address, TYPED)
    change = TermsChange.objects.get()
    assert change.new_deadline_at == campaign.deadline_at  # the day was not touched
    approver = signed_in(approver_of(listing))
    assert f"/coop/campaigns/terms/{change.code}/" in text(approver.get("/coop/campaigns/"))
    page = f"/coop/campaigns/terms/{change.code}/"
    assert "¥92.00" in text(approver.get(page))
    assert approver.post(page, {"do": "return", "reason": ""}).status_code == 422
    approver.post(page, {"do": "approve"})

    public = text(Client().get(f"/presale/{campaign.code}/"))
    mine = text(signed_in(owner).get(f"/presale/pledges/{pledge.code}/"))
    for said in (public, mine):
        assert "<s>¥92.00</s> → <b>¥98.00</b>" in said
    assert "改过：" in public
    assert "你约好的价钱不变" in mine
    assert "取消这份预约" in mine


def test_other_shops_and_cooperatives_find_nothing(listing: Listing, campaign: Campaign) -> None:
    far = make_ripening_listing(supply_g=0)
    change = proposed(campaign)
    desk = signed_in(person_with("shop_operator", far.shop))
    approver = signed_in(person_with("approver", far.shop.cooperative))

    assert desk.get(f"/work/campaigns/{campaign.code}/terms/").status_code == 404
    assert desk.post(f"/work/campaigns/{campaign.code}/terms/", TYPED).status_code == 404
    assert approver.get(f"/coop/campaigns/terms/{change.code}/").status_code == 404
    assert change.code not in text(approver.get("/coop/campaigns/"))
