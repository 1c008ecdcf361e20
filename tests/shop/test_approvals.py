"""Two persons before a campaign opens: submitting, approving, sending back, frozen terms."""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import Error, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.errors import BadInput, NotAllowed
from growers.models import User
from shop import guards
from shop.campaign_terms import FROZEN, Terms, hash_of_terms
from shop.models import Campaign, CampaignState, Listing, PledgeTier, StretchGoal
from shop.services.approving import (
    approve_campaign,
    return_campaign,
    submit_campaign,
    take_back_campaign,
)
from shop.services.campaigns import cancel_campaign, close_campaign, start_due_campaigns
from shop.services.opening import change_draft
from tests.factories.growers import UserFactory, person_with
from tests.factories.presale import (
    DEADLINE,
    NOON,
    CampaignFactory,
    approver_of,
    drafted,
    make_ripening_listing,
    opened,
    with_terms,
    writer,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
CHANGED = {
    "goal_packs": 21,
    "cap_packs": 99,
    "price": Decimal("91.99"),
    "deposit_percent": 5,
    "mode": "ordered",
    "deadline_at": DEADLINE + HOUR,
    "promised_from_on": NOON.date(),
    "promised_to_on": NOON.date() + timedelta(days=400),
}


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def listing() -> Listing:
    return make_ripening_listing()


def submitted(listing: Listing, **terms: object) -> Campaign:
    return submit_campaign(code=drafted(listing, **terms).code, by=writer(), at=NOON)


def test_a_second_person_lets_it_open(listing: Listing) -> None:
    waits = submitted(listing)

    done = approve_campaign(
        code=waits.code, seen=waits.terms_hash, by=approver_of(listing), at=NOON + HOUR
    )

    assert done.state == CampaignState.LIVE
    assert (done.submitted_by, done.approved_by) == (writer(), approver_of(listing))
    assert done.opens_at == NOON + HOUR  # not before it was approved
    told = list(done.changes.order_by("pk").values_list("new", flat=True))
    assert told == ["submitted", "approved", "live"]


def test_a_planned_one_waits_for_its_day(listing: Listing) -> None:
    later = opened(listing, opens_at=NOON + 24 * HOUR)

    assert later.state == CampaignState.APPROVED
    assert start_due_campaigns(at=NOON + 23 * HOUR) == []
    assert [one.code for one in start_due_campaigns(at=NOON + 24 * HOUR)] == [later.code]


def test_nobody_approves_what_they_submitted(listing: Listing) -> None:
    both = person_with("approver", listing.shop.cooperative)
    waits = submit_campaign(code=drafted(listing).code, by=both, at=NOON)

    with pytest.raises(NotAllowed, match="另一位"):
        approve_campaign(code=waits.code, seen=waits.terms_hash, by=both, at=NOON)

    with pytest.raises(IntegrityError, match="another_person"), transaction.atomic():
        Campaign.objects.filter(pk=waits.pk).update(approved_by=both, approved_at=NOON)


@pytest.mark.parametrize("role", ["planner", "stranger", "other approver"])
def test_only_an_approver_of_the_cooperative_decides(role: str, listing: Listing) -> None:
    someone = UserFactory()
    if role == "planner":
        person_with("planner", listing.shop.cooperative, user=someone)
    if role == "other approver":
        other = make_ripening_listing(supply_g=0)
        assert other.shop.cooperative != listing.shop.cooperative
        person_with("approver", other.shop.cooperative, user=someone)
    waits = submitted(listing)

    with pytest.raises(NotAllowed, match="审批人"):
        approve_campaign(code=waits.code, seen=waits.terms_hash, by=someone, at=NOON)
    with pytest.raises(NotAllowed, match="审批人"):
        return_campaign(code=waits.code, reason="不行", by=someone, at=NOON)

    assert Campaign.objects.get(pk=waits.pk).state == CampaignState.SUBMITTED


def test_sent_back_with_its_reason_it_is_changed_and_submitted_anew(listing: Listing) -> None:
    waits = submitted(listing)

    with pytest.raises(BadInput, match="为什么退回"):
        return_campaign(code=waits.code, reason=" ", by=approver_of(listing), at=NOON)
    return_campaign(code=waits.code, reason="价高了", by=approver_of(listing), at=NOON)

    draft = Campaign.objects.get(pk=waits.pk)
    assert (draft.state, draft.terms_hash, draft.submitted_by) == ("draft", "", None)
    assert draft.changes.first().reason == "价高了"  # type: ignore[union-attr]  # one was written
    again = submit_campaign(code=draft.code, by=writer(), at=NOON)
    assert again.terms_hash == waits.terms_hash


def test_the_approver_decides_on_the_terms_that_were_read(listing: Listing) -> None:
    read = submitted(listing)
    take_back_campaign(code=read.code, by=writer(), at=NOON)
    change_draft(code=read.code, terms=_terms(read, price=Decimal("95.00")), by=writer(), at=NOON)
    submit_campaign(code=read.code, by=writer(), at=NOON)

    with pytest.raises(NotAllowed, match="又改过"):
        approve_campaign(code=read.code, seen=read.terms_hash, by=approver_of(listing), at=NOON)


def _terms(campaign: Campaign, **changed: object) -> Terms:
    written = {one.name: getattr(campaign, one.name) for one in fields(Terms)}
    return Terms(**{**written, **changed})


def test_what_was_submitted_is_not_changed_by_its_writer(listing: Listing) -> None:
    waits = submitted(listing)

    with pytest.raises(NotAllowed, match="先拿回来"):
        change_draft(code=waits.code, terms=_terms(waits, goal_packs=1), by=writer(), at=NOON)


def test_a_deadline_that_has_passed_is_not_approved(listing: Listing) -> None:
    waits = submitted(listing)

    with pytest.raises(NotAllowed, match="截止日已经过了"):
        approve_campaign(
            code=waits.code, seen=waits.terms_hash, by=approver_of(listing), at=DEADLINE
        )


def test_a_listing_taken_down_does_not_open(listing: Listing) -> None:
    waits = submitted(listing)
    Listing.objects.filter(pk=listing.pk).update(state="withdrawn")

    with pytest.raises(NotAllowed, match="下架"):
        approve_campaign(code=waits.code, seen=waits.terms_hash, by=approver_of(listing), at=NOON)


@pytest.mark.parametrize("field", FROZEN)
@pytest.mark.parametrize("state", ["submitted", "approved", "live"])
def test_the_database_keeps_frozen_terms(state: str, field: str) -> None:
    campaign = with_terms(CampaignFactory(state=state))
    rows = Campaign.objects.filter(pk=campaign.pk)

    with pytest.raises(Error, match="change only with their hash"), transaction.atomic():
        rows.update(**{field: CHANGED[field]})

    assert with_terms(campaign, **{field: CHANGED[field]}).terms_hash == hash_of_terms(rows.get())


@pytest.mark.parametrize("field", FROZEN)
def test_every_frozen_term_is_in_the_hash(field: str) -> None:
    campaign = CampaignFactory(state="draft")
    before = hash_of_terms(campaign)
    assert hash_of_terms(Campaign.objects.get(pk=campaign.pk)) == before

    setattr(campaign, field, CHANGED[field])

    assert hash_of_terms(campaign) != before


def test_boxes_and_stretch_goals_are_frozen_too() -> None:
    campaign = CampaignFactory(state="draft")
    plain = hash_of_terms(campaign)
    box = PledgeTier.objects.create(
        campaign=campaign, number=1, title="大盒", price=Decimal(50), cap_units=5
    )
    StretchGoal.objects.create(campaign=campaign, at_packs=50, promise="加冰袋")
    assert hash_of_terms(campaign) != plain
    submit_campaign(code=campaign.code, by=writer(), at=NOON)

    with pytest.raises(Error, match="while the campaign is a draft"), transaction.atomic():
        PledgeTier.objects.filter(pk=box.pk).update(price=Decimal(60))
    with pytest.raises(Error, match="while the campaign is a draft"), transaction.atomic():
        StretchGoal.objects.create(campaign=campaign, at_packs=60, promise="再加")

    assert PledgeTier.objects.filter(pk=box.pk).update(taken_units=1) == 1  # that is only counted


def test_guards_stand_aside_for_a_migration_only() -> None:
    row = Campaign.objects.filter(pk=with_terms(CampaignFactory()).pk)

    guards.remove()
    assert row.update(goal_packs=21) == 1
    guards.install()

    with pytest.raises(Error, match="change only with their hash"), transaction.atomic():
        row.update(goal_packs=22)


STEPS = ["submit", "take_back", "approve", "approve_own", "return", "open", "close", "cancel"]


def _try(step: str, code: str, listing: Listing, own: User, now: Campaign) -> None:
    at = max(NOON, now.opens_at)
    if step == "submit":
        submit_campaign(code=code, by=own, at=NOON)
    elif step == "take_back":
        take_back_campaign(code=code, by=own, at=NOON)
    elif step.startswith("approve"):
        by = own if step == "approve_own" else approver_of(listing)
        approve_campaign(code=code, seen=now.terms_hash, by=by, at=NOON)
    elif step == "return":
        return_campaign(code=code, reason="改", by=approver_of(listing), at=NOON)
    elif step == "open":
        start_due_campaigns(at=at)
    elif step == "close":
        close_campaign(code=code, at=DEADLINE)
    else:
        cancel_campaign(code=code, by=own, at=NOON)


@pytest.mark.parametrize("seed", range(12))
def test_no_path_opens_without_another_persons_approval(seed: int, listing: Listing) -> None:
    """Random walks over every step: what was ever live was submitted and approved, in that order,
    by two persons, and the terms are the ones approved."""
    chance = random.Random(seed)  # noqa: S311  # a walk, no secret
    own = person_with("approver", listing.shop.cooperative)
    code = drafted(listing, opens_at=NOON + HOUR * (seed % 2)).code
    for _ in range(14):
        now = Campaign.objects.get(code=code)
        with suppress(NotAllowed), transaction.atomic():
            _try(chance.choice(STEPS), code, listing, own, now)

        after = Campaign.objects.get(code=code)
        path = list(after.changes.order_by("pk").values_list("new", "by"))
        if "live" in [new for new, _by in path]:
            place = [new for new, _by in path].index("live")
            assert [new for new, _by in path[place - 2 : place]] == ["submitted", "approved"]
            assert path[place - 2][1] == own.pk != path[place - 1][1]
            assert after.approved_by_id not in (None, after.submitted_by_id)
            assert after.terms_hash == hash_of_terms(after)
        if after.state == CampaignState.DRAFT:
            assert (after.terms_hash, after.approved_by) == ("", None)
        assert not after.opened_without_approval


@pytest.mark.parametrize("state", ["approved", "live", "succeeded", "failed"])
def test_no_row_goes_on_without_approval(state: str) -> None:
    campaign = CampaignFactory(state="draft")

    with pytest.raises(IntegrityError, match="goes_on_when_approved"), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(state=state, closed_at=NOON)


# Pages ---------------------------------------------------------------------------------------
def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(listing: Listing) -> Client:
    return signed_in(person_with("shop_operator", listing.shop))


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]  # a response


TYPED = {
    "goal_packs": "20",
    "cap_packs": "100",
    "price": "92.00",
    "deadline_on": "2026-09-06",
    "opens_on": "",
    "story": "头茬",
}


def test_pages_from_the_draft_to_the_opening(listing: Listing, desk: Client) -> None:
    desk.post(f"/work/campaigns/new/{listing.code}/", {**TYPED, "do": "submit"})
    one = Campaign.objects.get()
    assert one.state == CampaignState.SUBMITTED
    assert desk.get(f"/presale/{one.code}/").status_code == 404
    approver = signed_in(approver_of(listing))
    assert one.code in text(approver.get("/coop/campaigns/"))

    refused = approver.post(f"/coop/campaigns/{one.code}/", {"do": "return", "reason": ""})
    assert (refused.status_code, "写一句为什么退回" in text(refused)) == (422, True)
    approver.post(f"/coop/campaigns/{one.code}/", {"do": "return", "reason": "份数再少些"})
    assert "份数再少些" in text(desk.get(f"/work/campaigns/{one.code}/"))

    bad = desk.post(f"/work/campaigns/{one.code}/edit/", {**TYPED, "goal_packs": "200"})
    assert (bad.status_code, "上限不能低于成团数" in text(bad), "头茬" in text(bad)) == (
        422,
        True,
        True,
    )
    desk.post(f"/work/campaigns/{one.code}/edit/", {**TYPED, "cap_packs": "60", "do": "keep"})
    desk.post(f"/work/campaigns/{one.code}/submit/")
    one.refresh_from_db()
    assert (one.state, one.cap_packs) == (CampaignState.SUBMITTED, 60)
    approver.post(f"/coop/campaigns/{one.code}/", {"do": "approve", "seen": one.terms_hash})

    one.refresh_from_db()
    assert one.state == CampaignState.LIVE
    assert desk.get(f"/presale/{one.code}/").status_code == 200


def test_own_proposals_have_no_button(listing: Listing) -> None:
    both = person_with("approver", listing.shop.cooperative)
    waits = submit_campaign(code=drafted(listing).code, by=both, at=NOON)

    page = text(signed_in(both).get(f"/coop/campaigns/{waits.code}/"))

    assert "要由另一位同事批" in page
    assert 'value="approve"' not in page


def test_another_cooperatives_approver_finds_nothing(listing: Listing) -> None:
    other = make_ripening_listing(supply_g=0)
    waits = submitted(listing)
    stranger = signed_in(person_with("approver", other.shop.cooperative))

    assert waits.code not in text(stranger.get("/coop/campaigns/"))
    assert stranger.get(f"/coop/campaigns/{waits.code}/").status_code == 404
    assert stranger.post(f"/coop/campaigns/{waits.code}/", {"do": "approve"}).status_code == 404


def test_the_list_asks_no_more_for_more_rows(listing: Listing) -> None:
    client = signed_in(approver_of(listing))
    counts = []
    for n in range(3):
        CampaignFactory(listing=listing, state="submitted", code=f"PS-W{n}")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/coop/campaigns/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[2]
