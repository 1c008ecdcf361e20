"""Changing the terms of a running campaign: one person proposes, another approves, all are told.

What stands reserved keeps its price, whatever becomes of the campaign's; who does not want the new
terms leaves for nothing for some days, also when the closing has come in between.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core.clock import day_of
from core.codes import new_code
from core.errors import BadInput, NotAllowed
from core.templatetags.shanhuo import moment
from growers.models import User
from shop import pledge_wording as paying
from shop.campaign_terms import NewTerms, hash_of_terms, terms_now
from shop.models import (
    CHANGEABLE,
    Campaign,
    CampaignState,
    Pledge,
    PledgeState,
    TermsChange,
    TermsChangeState,
)
from shop.selectors.approvals import may_approve
from shop.selectors.terms_changes import said_of
from shop.services.campaign_moves import save_as
from shop.services.campaign_parts import check_packs_fit
from shop.services.opening import check_price, claim_days
from shop.services.pledge_notices import tell_all
from shop.services.telling import with_words
from shop.services.waiting_offers import offer_next
from shop.services.wallet_windows import close_late_wallets

TOLD = (PledgeState.PENDING, PledgeState.ACTIVE)


@transaction.atomic
def propose_terms(
    *, code: str, terms: NewTerms, reason: str, by: User, at: datetime
) -> TermsChange:
    """Ask the cooperative to change the terms of a running campaign.

    Raises
    ------
    NotAllowed
        The campaign does not run, or a change of it waits already.
    BadInput
        Nothing is different, the reason is missing, or the terms cannot be.
    """
    campaign = _locked(code)
    _refuse_ended(campaign, at=at)
    if campaign.terms_changes.filter(state=TermsChangeState.PROPOSED).exists():
        raise NotAllowed(_("上一次改动还在等审批。"))
    if terms == terms_now(campaign):
        raise BadInput(_("什么都没有改。"))
    if not reason.strip():
        raise BadInput(_("写一句为什么改，约过的人会看到。"), field="reason")
    _check(campaign, terms, at=at)
    return TermsChange.objects.create(
        code=new_code("TC"),
        campaign=campaign,
        reason=reason.strip(),
        old_hash=campaign.terms_hash,
        proposed_by=by,
        proposed_at=at,
        **{f"old_{name}": getattr(campaign, name) for name in CHANGEABLE},
        **{f"new_{name}": getattr(terms, name) for name in CHANGEABLE},
    )


@transaction.atomic
def apply_terms(*, code: str, by: User, at: datetime) -> TermsChange:
    """Approve a change and carry it out at once: terms, hash, history, one message to each backer.

    Raises
    ------
    NotAllowed
        It is decided, it is the person's own, the person does not approve for the cooperative, or
        the campaign has ended or changed since.
    BadInput
        The new terms cannot be (any more): more is reserved than the new cap, or days have passed.
    """
    change, campaign = _open_change(code, by=by, at=at)
    _refuse_ended(campaign, at=at)
    if change.old_hash != campaign.terms_hash:
        raise NotAllowed(_("提出以后这场预售的条件变过，退回去重新提。"))
    terms = NewTerms(**{name: getattr(change, f"new_{name}") for name in CHANGEABLE})
    _check(campaign, terms, at=at)
    told = with_words(campaign.pledges.filter(state__in=TOLD))
    _keep_prices(campaign)
    _write(campaign, terms, reason=change.reason, by=by, at=at)
    change.state, change.new_hash = TermsChangeState.APPLIED, campaign.terms_hash
    change.decided_by, change.decided_at = by, at
    change.free_until = at + timedelta(days=settings.TERMS_CHANGE_FREE_DAYS)
    change.save()
    _tell(told, change, at=at)
    offer_next(campaign.pk, at=at)
    return change


@transaction.atomic
def refuse_terms(*, code: str, reason: str, by: User, at: datetime) -> TermsChange:
    """Leave the terms as they are, with the reason.

    Raises
    ------
    NotAllowed
        It is decided, it is the person's own, or another cooperative's.
    BadInput
        No reason is given.
    """
    change, _campaign = _open_change(code, by=by, at=at)
    if not reason.strip():
        raise BadInput(_("写一句为什么不批，店里好改。"), field="reason")
    change.state, change.refusal = TermsChangeState.REFUSED, reason.strip()
    change.decided_by, change.decided_at = by, at
    change.save()
    return change


@transaction.atomic
def withdraw_terms(*, code: str, by: User, at: datetime) -> TermsChange:
    """The shop that proposed a change takes it back before it is decided.

    Raises
    ------
    NotAllowed
        It is decided already.
    """
    _locked(Campaign.objects.get(terms_changes__code=code).code)
    change = TermsChange.objects.select_for_update(of=("self",)).get(code=code)
    _refuse_decided(change)
    change.state, change.withdrawn_by, change.decided_at = TermsChangeState.WITHDRAWN, by, at
    change.save()
    return change


def _refuse_decided(change: TermsChange) -> None:
    if change.state != TermsChangeState.PROPOSED:
        raise NotAllowed(_("这次改动已经定了：%(state)s。") % {"state": change.get_state_display()})


def _locked(code: str) -> Campaign:
    rows = Campaign.objects.select_for_update(of=("self",))
    return rows.select_related(
        "listing__shop", "listing__form__crop", "listing__form__raw_crop", "listing__origin"
    ).get(code=code)


def _open_change(code: str, *, by: User, at: datetime) -> tuple[TermsChange, Campaign]:
    """The campaign is locked first, as whoever reserves locks it."""
    campaign = _locked(Campaign.objects.get(terms_changes__code=code).code)
    change = TermsChange.objects.select_for_update(of=("self",)).get(code=code)
    _refuse_decided(change)
    if change.proposed_by_id == by.pk:
        raise NotAllowed(_("这次改动是你提的，要由另一位同事批。"))
    if not may_approve(by, campaign, on=day_of(at)):
        raise NotAllowed(_("只有这家店所在合作社的审批人能批。"))
    return change, campaign


def _refuse_ended(campaign: Campaign, *, at: datetime) -> None:
    if campaign.state != CampaignState.LIVE or campaign.deadline_at <= at:
        raise NotAllowed(_("只有正在预售、还没截止的才能改条件。"))


def _check(campaign: Campaign, terms: NewTerms, *, at: datetime) -> None:
    taken = campaign.pledged_packs + campaign.held_packs
    if terms.goal_packs < 1:
        raise BadInput(_("成团至少要 1 份。"), field="goal_packs")
    if terms.cap_packs < max(terms.goal_packs, taken):
        text = _("上限不能低于成团数，也不能低于已经约了的 %(taken)d 份。")
        raise BadInput(text % {"taken": taken}, field="cap_packs")
    check_packs_fit(campaign, goal_packs=terms.goal_packs, cap_packs=terms.cap_packs)
    check_price(campaign.listing, terms.price)
    if terms.deadline_at <= at:
        raise BadInput(_("截止要在今天以后。"), field="deadline_on")
    if terms.promised_from_on > terms.promised_to_on:
        raise BadInput(_("最晚发货要在最早发货以后。"), field="promised_to_on")
    if day_of(terms.deadline_at) >= terms.promised_from_on:
        raise BadInput(_("截止要早于发货。"), field="deadline_on")


def _keep_prices(campaign: Campaign) -> None:
    """Who pays on collection owed the campaign's price: from now on their own, as it was."""
    standing = campaign.pledges.filter(state__in=TOLD, price__isnull=True)
    standing.update(price=campaign.price)


def _write(campaign: Campaign, terms: NewTerms, *, reason: str, by: User, at: datetime) -> None:
    if terms.cap_packs != campaign.cap_packs:
        claim_days(campaign, packs=terms.cap_packs, at=at)
    later = terms.promised_to_on > campaign.promised_to_on
    for name in CHANGEABLE:
        setattr(campaign, name, getattr(terms, name))
    campaign.terms_hash = hash_of_terms(campaign)
    save_as(campaign, by=by, why=reason, only=[*CHANGEABLE, "terms_hash"])
    if later:
        close_late_wallets(campaign, at=at)


def _tell(pledges: list[Pledge], change: TermsChange, *, at: datetime) -> None:
    def more(_pledge: Pledge) -> Mapping[str, str]:
        words = {"changed": said_of(change), "reason": change.reason}
        return words | {"until": moment(change.free_until) if change.free_until else ""}

    tell_all(pledges, paying.TERMS_CHANGED, at=at, happening=change.code, more=more)
