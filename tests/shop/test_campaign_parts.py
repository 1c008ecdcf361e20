"""Boxes and stretch goals of a draft: written by the shop, frozen and shown with the terms."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import Error, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.errors import BadInput, NotAllowed
from shop.campaign_terms import Terms, hash_of_terms
from shop.models import Campaign, CampaignState, Listing, PledgeTier, StretchGoal
from shop.services.approving import return_campaign, submit_campaign, take_back_campaign
from shop.services.campaign_parts import BadPart, Box, Goal, write_parts
from shop.services.opening import change_draft
from tests.factories.growers import person_with
from tests.factories.presale import (
    DEADLINE,
    NOON,
    CampaignFactory,
    approver_of,
    drafted,
    make_ripening_listing,
    writer,
)

pytestmark = pytest.mark.django_db
FAMILY = Box("家庭装", 2, Decimal("180.00"), 10, 2)
TRIAL = Box("尝鲜装", 1, Decimal("95.00"), 20)
ICE = Goal(40, "cold", "每盒加两个冰袋")


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def listing() -> Listing:
    return make_ripening_listing()


@pytest.fixture
def draft(listing: Listing) -> Campaign:
    return drafted(listing)


@pytest.fixture
def desk(listing: Listing) -> Client:
    client = Client()
    client.force_login(person_with("shop_operator", listing.shop))
    return client


def write(
    draft: Campaign, boxes: tuple[Box, ...] = (FAMILY, TRIAL), goals: tuple[Goal, ...] = (ICE,)
) -> Campaign:
    seen = hash_of_terms(draft)
    return write_parts(code=draft.code, boxes=boxes, goals=goals, seen=seen, by=writer())


def test_boxes_and_goals_are_written_in_order_and_replaced(draft: Campaign) -> None:
    write(draft)
    write(draft, boxes=(TRIAL, FAMILY), goals=(replace(ICE, at_packs=60), ICE))

    assert list(draft.tiers.values_list("number", "title", "most_each")) == [
        (1, "尝鲜装", None),
        (2, "家庭装", 2),
    ]
    assert list(draft.stretch_goals.values_list("at_packs", "kind")) == [(40, "cold"), (60, "cold")]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"packs_per_unit": 21}, "packs_per_unit"),  # a mobile number may take a fifth of the cap
        ({"price": Decimal("179.99")}, "price"),
        ({"price": Decimal("1.00")}, "price"),
        ({"cap_units": 51}, "cap_units"),
        ({"most_each": 11}, "most_each"),
        ({"title": "尝鲜装"}, "title"),
    ],
)
def test_a_box_that_cannot_be_is_refused_with_its_row(
    draft: Campaign, wrong: dict[str, object], field: str
) -> None:
    crop = draft.listing.form.raw_crop
    crop.farm_gate_min = Decimal(60)  # the floor of a pack is 30.00
    crop.save()

    with pytest.raises(BadPart) as refused:
        write(draft, boxes=(TRIAL, replace(FAMILY, **wrong)))  # type: ignore[arg-type]

    assert (refused.value.part, refused.value.row, refused.value.field) == ("box", 1, field)
    assert not draft.tiers.exists()


@pytest.mark.parametrize("packs", [20, 101])
def test_a_stretch_goal_lies_between_goal_and_cap(draft: Campaign, packs: int) -> None:
    with pytest.raises(BadPart, match="要多于成团的 20 份"):
        write(draft, goals=(replace(ICE, at_packs=packs),))


def test_what_somebody_else_changed_meanwhile_is_not_written_over(draft: Campaign) -> None:
    read = hash_of_terms(draft)
    write(draft, boxes=(TRIAL,), goals=())

    with pytest.raises(NotAllowed, match="有人改过"):
        write_parts(code=draft.code, boxes=(FAMILY,), goals=(), seen=read, by=writer())

    assert draft.tiers.get().title == "尝鲜装"


def test_a_draft_whose_terms_moved_away_from_its_boxes_is_not_submitted(draft: Campaign) -> None:
    write(draft)
    terms = Terms(
        goal_packs=5, cap_packs=30, price=draft.price, opens_at=NOON, deadline_at=DEADLINE
    )
    change_draft(code=draft.code, terms=terms, by=writer(), at=NOON)

    with pytest.raises(NotAllowed, match="每盒加两个冰袋"):
        submit_campaign(code=draft.code, by=writer(), at=NOON)


def test_every_column_is_in_the_hash(draft: Campaign) -> None:
    seen = {hash_of_terms(draft)}
    for boxes in [
        (TRIAL,),
        (replace(TRIAL, title="别的"),),
        (replace(TRIAL, price=Decimal("96.00")),),
        (replace(TRIAL, cap_units=19),),
        (replace(TRIAL, most_each=1),),
        (FAMILY, TRIAL),
        (TRIAL, FAMILY),
    ]:
        seen.add(hash_of_terms(write(draft, boxes=boxes, goals=())))
    for goal in [ICE, replace(ICE, at_packs=41), replace(ICE, kind="packaging")]:
        seen.add(hash_of_terms(write(draft, boxes=(), goals=(goal,))))

    assert len(seen) == 11


@pytest.mark.parametrize("state", ["submitted", "approved", "live"])
def test_the_database_keeps_them_from_the_submission_on(state: str) -> None:
    campaign, other = CampaignFactory(state="draft"), CampaignFactory(state="draft")
    box = PledgeTier.objects.create(
        campaign=campaign, number=1, title="盒", price=Decimal(95), cap_units=5
    )
    goal = StretchGoal.objects.create(campaign=campaign, at_packs=50, kind="cold", promise="冰")
    facts = {"submitted_by": writer(), "submitted_at": NOON, "terms_hash": "f" * 64}
    if state != "submitted":
        facts |= {"approved_by": approver_of(campaign.listing), "approved_at": NOON}
    Campaign.objects.filter(pk=campaign.pk).update(state=state, **facts)
    frozen = pytest.raises(Error, match="while the campaign is a draft")

    for rows, change in [
        (PledgeTier.objects.filter(pk=box.pk), {"price": Decimal(1)}),
        (PledgeTier.objects.filter(pk=box.pk), {"campaign": other}),
        (StretchGoal.objects.filter(pk=goal.pk), {"kind": "packaging"}),
        (StretchGoal.objects.filter(pk=goal.pk), {"campaign": other}),
    ]:
        with frozen, transaction.atomic():
            rows.update(**change)  # type: ignore[attr-defined]
        with frozen, transaction.atomic():
            rows.delete()  # type: ignore[attr-defined]


# Pages ---------------------------------------------------------------------------------------
def typed(draft: Campaign, **more: str) -> dict[str, str]:
    return {
        "seen": hash_of_terms(draft),
        "box-0-title": "家庭装",
        "box-0-packs_per_unit": "2",
        "box-0-price": "180",
        "box-0-cap_units": "10",
        "box-0-most_each": "",
        "box-1-title": "",
        "goal-0-at_packs": "40",
        "goal-0-kind": "cold",
        "goal-0-promise": "每盒加两个冰袋",
        "goal-1-at_packs": "",
        "goal-1-kind": "households",
        "goal-1-promise": "",
    } | more


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]  # a response


def test_the_page_writes_them_and_the_approver_reads_them(
    listing: Listing, draft: Campaign, desk: Client
) -> None:
    address = f"/work/campaigns/{draft.code}/boxes/"
    assert "家庭装" not in text(desk.get(address)).replace("比如“家庭装”", "")
    done = desk.post(address, typed(draft))
    assert (done.status_code, done.headers["Location"]) == (302, f"/work/campaigns/{draft.code}/")
    assert 'value="家庭装"' in text(desk.get(address))
    submit_campaign(code=draft.code, by=writer(), at=NOON)

    approver = Client()
    approver.force_login(approver_of(listing))
    page = text(approver.get(f"/coop/campaigns/{draft.code}/"))

    assert "家庭装" in page
    assert "约到 40 份：全程冷链发货，每盒加两个冰袋" in page
    assert desk.get(address).status_code == 302  # it is frozen
    assert desk.post(address, typed(draft)).status_code == 302
    return_campaign(code=draft.code, reason="再想想", by=approver_of(listing), at=NOON)
    assert desk.post(address, typed(draft, **{"box-0-title": ""})).status_code == 422
    desk.post(address, typed(draft, **{"box-0-title": "大家庭"}))
    assert draft.tiers.get().title == "大家庭"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"box-0-price": "180.01"}, "不留零头"),
        ({"box-0-price": "a"}, "价格写成 88"),
        ({"box-1-title": "小盒"}, "写上一盒的价格"),
        ({"goal-0-at_packs": "20"}, "要多于成团的 20 份"),
        ({"box-0-title": "找我 13800001234"}, "电话"),
        ({"seen": "old"}, "有人改过"),
    ],
)
def test_nothing_typed_is_lost(
    draft: Campaign, desk: Client, wrong: dict[str, str], said: str
) -> None:
    data = typed(draft, **wrong)

    answer = desk.post(f"/work/campaigns/{draft.code}/boxes/", data)

    page = text(answer)
    assert (answer.status_code, said in page) == (422, True)
    assert not draft.tiers.exists()
    for name, value in data.items():
        if value and not name.endswith(("seen", "kind")):
            assert f'value="{value}"' in page, name
    assert f'name="seen" value="{hash_of_terms(draft)}"' in page


def test_a_typing_mistake_does_not_hide_that_somebody_changed_it(
    draft: Campaign, desk: Client
) -> None:
    data = typed(draft, **{"box-0-price": "abc"})
    write(draft, boxes=(), goals=(ICE, replace(ICE, at_packs=60)))
    address = f"/work/campaigns/{draft.code}/boxes/"

    mistyped = desk.post(address, data)
    data |= {"seen": seen_on(mistyped), "box-0-price": "180"}
    told = desk.post(address, data)

    assert "有人改过" not in text(mistyped)
    assert (told.status_code, "有人改过" in text(told)) == (422, True)
    assert draft.stretch_goals.count() == 2
    assert desk.post(address, data | {"seen": seen_on(told)}).status_code == 302
    assert draft.tiers.count() == 1


def seen_on(answer: Any) -> str:
    found = re.search(r'name="seen" value="(\w+)"', text(answer))
    assert found
    return found[1]


def test_clearing_a_row_drops_it(draft: Campaign, desk: Client) -> None:
    write(draft)
    draft.refresh_from_db()

    desk.post(f"/work/campaigns/{draft.code}/boxes/", {"seen": hash_of_terms(draft)})

    assert (draft.tiers.count(), draft.stretch_goals.count()) == (0, 0)


def test_the_page_asks_no_more_for_more_rows(draft: Campaign, desk: Client) -> None:
    counts = []
    for boxes in [(TRIAL,), (TRIAL, FAMILY, replace(TRIAL, title="三"))]:
        write(draft, boxes=boxes)
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(f"/work/campaigns/{draft.code}/boxes/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_too_many_are_refused(draft: Campaign) -> None:
    boxes = tuple(replace(TRIAL, title=f"第 {n}") for n in range(7))
    with pytest.raises(BadInput, match="最多 6 种"):
        write(draft, boxes=boxes)


def test_taken_back_it_can_be_written_again(draft: Campaign) -> None:
    write(draft)
    submit_campaign(code=draft.code, by=writer(), at=NOON)
    with pytest.raises(NotAllowed, match="先拿回来"):
        write(draft)
    take_back_campaign(code=draft.code, by=writer(), at=NOON)

    write(draft, boxes=())

    assert draft.state == CampaignState.DRAFT
    assert not draft.tiers.exists()
