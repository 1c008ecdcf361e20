"""The boxes and stretch goals of a campaign's draft: written all at once, frozen with its terms."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import BadInput, NotAllowed
from core.units import fen
from growers.models import User
from shop.campaign_terms import hash_of_terms
from shop.models import Campaign, CampaignState, PledgeTier, StretchGoal
from shop.price_rules import floor_price
from shop.services.campaign_moves import save_as
from shop.services.pledges import most_packs

MOST_BOXES = 6
MOST_GOALS = 4


@dataclass(frozen=True)
class Box:
    """A box as it is written."""

    title: str
    packs_per_unit: int
    price: Decimal
    cap_units: int
    most_each: int | None = None


@dataclass(frozen=True)
class Goal:
    """A stretch goal as it is written."""

    at_packs: int
    kind: str
    promise: str


class BadPart(BadInput):
    """One of several rows cannot be; ``row`` counts from nought."""

    def __init__(self, said: str, *, part: str, row: int, field: str) -> None:
        super().__init__(said, field=field)
        self.part, self.row = part, row


@transaction.atomic
def write_parts(
    *,
    code: str,
    boxes: Sequence[Box],
    goals: Sequence[Goal],
    seen: str,
    by: User | None,
) -> Campaign:
    """Replace the boxes and stretch goals of a draft. ``seen`` is the hash of the draft as read.

    Raises
    ------
    NotAllowed
        It is no draft any more, or somebody changed it since it was read.
    BadPart
        A row cannot be: below the floor price, above the cap, named twice.
    """
    rows = Campaign.objects.select_for_update(of=("self",))
    campaign = rows.select_related("listing__form__crop", "listing__form__raw_crop").get(code=code)
    if campaign.state != CampaignState.DRAFT:
        raise NotAllowed(_("交上去以后条件就定住了。要改，先拿回来。"))
    if hash_of_terms(campaign) != seen:
        raise NotAllowed(_("你写的时候这份草稿有人改过。下面是你写的，再存一次就以你的为准。"))
    _check_boxes(campaign, boxes)
    _check_goals(campaign, goals)
    _replace(campaign, boxes, goals)
    save_as(campaign, by=by, why=_("改了装法和加码"))
    return campaign


def check_parts(campaign: Campaign) -> None:
    """Refuse a draft whose goal, cap or price has moved away from its boxes or stretch goals.

    Raises
    ------
    NotAllowed
        What is wrong with which of them.
    """
    boxes, goals = _written(campaign)
    try:
        _check_boxes(campaign, boxes)
        _check_goals(campaign, goals)
    except BadPart as error:
        name = boxes[error.row].title if error.part == "box" else goals[error.row].promise
        facts = {"name": name, "why": str(error)}
        raise NotAllowed(_("先把装法和加码改对：“%(name)s”，%(why)s") % facts) from error


def check_packs_fit(campaign: Campaign, *, goal_packs: int, cap_packs: int) -> None:
    """Refuse another goal or cap of a running campaign that its boxes or stretch goals outgrow.

    Raises
    ------
    BadInput
        Which of them does not fit, at ``goal_packs`` or ``cap_packs``.
    """
    other = copy(campaign)
    other.goal_packs, other.cap_packs = goal_packs, cap_packs
    boxes, goals = _written(campaign)
    for box in boxes:
        try:
            _check_box_packs(other, box)
        except BadInput as error:
            raise _outgrown(box.title, error, "cap_packs") from error
    try:
        _check_goals(other, goals)
    except BadPart as error:
        goal = goals[error.row]
        field = "goal_packs" if goal.at_packs <= goal_packs else "cap_packs"
        raise _outgrown(goal.promise, error, field) from error


def _outgrown(name: str, error: BadInput, field: str) -> BadInput:
    facts = {"name": name, "why": str(error)}
    return BadInput(_("和说好的“%(name)s”对不上：%(why)s") % facts, field=field)


def _written(campaign: Campaign) -> tuple[list[Box], list[Goal]]:
    boxes = [
        Box(one.title, one.packs_per_unit, one.price, one.cap_units, one.most_each)
        for one in campaign.tiers.order_by("number")
    ]
    goals = [
        Goal(one.at_packs, one.kind, one.promise)
        for one in campaign.stretch_goals.order_by("at_packs")
    ]
    return boxes, goals


def _replace(campaign: Campaign, boxes: Sequence[Box], goals: Sequence[Goal]) -> None:
    campaign.tiers.all().delete()
    campaign.stretch_goals.all().delete()
    PledgeTier.objects.bulk_create(
        PledgeTier(campaign=campaign, number=number, **vars(box))
        for number, box in enumerate(boxes, start=1)
    )
    StretchGoal.objects.bulk_create(
        StretchGoal(campaign=campaign, **vars(goal))
        for goal in sorted(goals, key=lambda goal: goal.at_packs)
    )


def _check_boxes(campaign: Campaign, boxes: Sequence[Box]) -> None:
    if len(boxes) > MOST_BOXES:
        raise BadInput(_("最多 %(most)d 种装法。") % {"most": MOST_BOXES})
    for row, box in enumerate(boxes):
        if box.title in [other.title for other in boxes[:row]]:
            raise BadPart(_("这个名字上面用过了。"), part="box", row=row, field="title")
        try:
            _check_box(campaign, box)
        except BadInput as error:
            raise BadPart(str(error), part="box", row=row, field=error.field) from error


def _check_box(campaign: Campaign, box: Box) -> None:
    _check_box_packs(campaign, box)
    _check_box_price(campaign, box)
    if box.most_each is not None and not 0 < box.most_each <= box.cap_units:
        text = _("一个人最多几盒，写 1 到 %(most)d；不限就空着。")
        raise BadInput(text % {"most": box.cap_units}, field="most_each")


def _check_box_packs(campaign: Campaign, box: Box) -> None:
    each = most_packs(campaign)
    if not 0 < box.packs_per_unit <= each:
        text = _("一个手机号最多约 %(most)d 份，一盒不能装得更多。")
        raise BadInput(text % {"most": each}, field="packs_per_unit")
    most = campaign.cap_packs // box.packs_per_unit
    if not 0 < box.cap_units <= most:
        text = _("整场最多接 %(cap)d 份，这种最多 %(most)d 盒。")
        raise BadInput(text % {"cap": campaign.cap_packs, "most": most}, field="cap_units")


def _check_box_price(campaign: Campaign, box: Box) -> None:
    """A pack of a box costs whole fen, and the grower gets what is promised of each."""
    if box.price <= 0:
        raise BadInput(_("价格要大于 0。"), field="price")
    if fen(box.price) % box.packs_per_unit:
        raise BadInput(_("价格要能按份数分到分，不留零头。"), field="price")
    listing = campaign.listing
    floor = floor_price(listing.form, listing.pack_weight_g) * box.packs_per_unit
    if box.price < floor:
        raise BadInput(_("低于保底价 ¥%(floor)s。") % {"floor": floor}, field="price")


def _check_goals(campaign: Campaign, goals: Sequence[Goal]) -> None:
    if len(goals) > MOST_GOALS:
        raise BadInput(_("最多 %(most)d 条加码。") % {"most": MOST_GOALS})
    for row, goal in enumerate(goals):
        if not campaign.goal_packs < goal.at_packs <= campaign.cap_packs:
            text = _("要多于成团的 %(goal)d 份，不超过最多接的 %(cap)d 份。")
            facts = {"goal": campaign.goal_packs, "cap": campaign.cap_packs}
            raise BadPart(text % facts, part="goal", row=row, field="at_packs")
        if goal.at_packs in [other.at_packs for other in goals[:row]]:
            raise BadPart(_("这个份数上面用过了。"), part="goal", row=row, field="at_packs")
