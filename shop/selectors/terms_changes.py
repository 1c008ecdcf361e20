"""Changes of terms: what waits for an approver, what a campaign's readers and backers are told."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.templatetags.shanhuo import day_range, moment, yuan
from growers.selectors.people import Person
from shop.models import Campaign, CampaignState, Pledge, TermsChange, TermsChangeState
from shop.selectors.approvals import approved_cooperatives

FACTS = (
    "campaign__listing__product",
    "campaign__listing__form__crop",
    "campaign__listing__variety",
    "campaign__listing__grade",
    "campaign__listing__shop",
    "proposed_by",
    "decided_by",
)


def changes_for(user: Person, *, on: date) -> QuerySet[TermsChange]:
    """Changes of campaigns of the cooperatives a person approves for."""
    mine = approved_cooperatives(user, on=on)
    rows = TermsChange.objects.filter(campaign__listing__shop__cooperative__in=mine)
    return rows.select_related(*FACTS)


def changes_to_approve(user: Person, *, on: date) -> QuerySet[TermsChange]:
    """Those that wait, the longest waiting first."""
    waiting = changes_for(user, on=on).filter(state=TermsChangeState.PROPOSED)
    return waiting.order_by("proposed_at", "pk")


def applied_changes(campaign: Campaign) -> QuerySet[TermsChange]:
    """What was changed after the opening, the latest first."""
    return campaign.terms_changes.filter(state=TermsChangeState.APPLIED)


def told_changes(pledge: Pledge) -> QuerySet[TermsChange]:
    """What was changed since this backer reserved, the latest first."""
    return applied_changes(pledge.campaign).filter(decided_at__gte=pledge.created_at)


def free_change_of(pledge: Pledge, *, at: datetime) -> TermsChange | None:
    """The change for which this backer may leave for nothing now."""
    return told_changes(pledge).filter(free_until__gt=at).first()


def steps_of(change: TermsChange) -> list[tuple[str, str, str]]:
    """What is different: its name, old and new, in the language of the moment."""
    packs = _("%(n)d 份")
    window = [
        (getattr(change, f"{when}_promised_from_on"), getattr(change, f"{when}_promised_to_on"))
        for when in ("old", "new")
    ]
    rows = [
        (_("成团"), packs % {"n": change.old_goal_packs}, packs % {"n": change.new_goal_packs}),
        (_("最多接"), packs % {"n": change.old_cap_packs}, packs % {"n": change.new_cap_packs}),
        (_("每份"), yuan(change.old_price), yuan(change.new_price)),
        (_("截止"), moment(change.old_deadline_at), moment(change.new_deadline_at)),
        (_("发货"), day_range(*window[0]), day_range(*window[1])),
    ]
    return [(name, str(old), str(new)) for name, old, new in rows if old != new]


def said_of(change: TermsChange) -> str:
    """The same as one line of a message: ``每份 ¥92.00 → ¥98.00``."""
    return _("，").join(f"{name} {old} → {new}" for name, old, new in steps_of(change))


def why_fixed(campaign: Campaign) -> str:
    """Why no change of terms is proposed now, and what goes instead; empty while one may be."""
    if campaign.state == CampaignState.LIVE:
        return ""
    if campaign.state == CampaignState.DRAFT:
        return _("还是草稿，直接改就行。")
    if campaign.is_before_opening:
        return _("还没有人约，不用走改条件：拿回来改，改好重新批。")
    if campaign.state != CampaignState.SUCCEEDED:
        return _("这场已经结束，条件不能再改。")
    return _("已经截止，价格和份数不能再改；日子要晚、收成不够，在这一页报，每个人自己选怎么办。")
