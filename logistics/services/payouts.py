"""Paying households by the bank: one person makes a batch, another approves it and has it paid."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.clock import day_of
from core.codes import new_code
from core.errors import BadInput, NotAllowed
from core.units import fen
from growers.models import Cooperative, Household, User
from logistics.models import HouseholdRelease, Payout, PayoutBatch, PayoutDue, PayoutState
from logistics.selectors.access import may_approve, may_plan
from logistics.selectors.payouts import payable_dues, payable_releases
from logistics.services.paying import post_payouts
from logistics.states import NEXT_BATCH, BatchState

MOST_HOUSEHOLDS = 2_000


@dataclass
class _Basket:
    """What one household is to get."""

    releases: list[HouseholdRelease] = field(default_factory=list)
    dues: list[PayoutDue] = field(default_factory=list)

    @property
    def fen(self) -> int:
        return sum(row.amount_fen for row in self.releases) + sum(
            fen(due.rest) for due in self.dues
        )


@transaction.atomic
def make_batch(*, cooperative: Cooperative, until: date, by: User, at: datetime) -> PayoutBatch:
    """Gather what households with an account are owed: all shares of orders, and slips due by a
    day. What it holds is in no other batch until it is cancelled.

    Raises
    ------
    NotAllowed
        The person does not plan for the cooperative.
    BadInput
        There is nothing to pay.
    """
    if not may_plan(user=by, cooperative=cooperative, on=day_of(at)):
        raise NotAllowed(_("只有“%s”的计划员能做付款批次。") % cooperative.name)
    Cooperative.objects.select_for_update().get(pk=cooperative.pk)
    baskets = {
        household: basket
        for household, basket in _baskets(cooperative, until).items()
        if basket.fen > 0
    }
    if not baskets:
        raise BadInput(_("到这一天没有要付的钱，或者该收钱的户还没有登记账号。"), field="until")
    chosen = dict(sorted(baskets.items(), key=lambda item: item[0].code)[:MOST_HOUSEHOLDS])
    batch = PayoutBatch.objects.create(
        code=new_code("PB"),
        cooperative=cooperative,
        amount_fen=sum(basket.fen for basket in chosen.values()),
        made_by=by,
        made_at=at,
    )
    _write(batch, chosen)
    return batch


def _baskets(cooperative: Cooperative, until: date) -> dict[Household, _Basket]:
    found: dict[Household, _Basket] = defaultdict(_Basket)
    locked = payable_releases(cooperative).select_for_update(of=("self",))
    for release in locked.select_related("household"):
        found[release.household].releases.append(release)
    dues = payable_dues(cooperative, until=until).select_for_update(of=("self",))
    for due in dues.select_related("household"):
        found[due.household].dues.append(due)
    return found


def _write(batch: PayoutBatch, baskets: dict[Household, _Basket]) -> None:
    made = Payout.objects.bulk_create(
        Payout(code=new_code("PO"), batch=batch, household=household, amount_fen=basket.fen)
        for household, basket in baskets.items()
    )
    releases, dues = [], []
    for payout, basket in zip(made, baskets.values(), strict=True):
        for release in basket.releases:
            release.payout = payout
            releases.append(release)
        for due in basket.dues:
            due.payout = payout
            dues.append(due)
    HouseholdRelease.objects.bulk_update(releases, ["payout"], batch_size=500)
    PayoutDue.objects.bulk_update(dues, ["payout"], batch_size=500)


@transaction.atomic
def approve_batch(*, code: str, by: User, at: datetime) -> PayoutBatch:
    """Another person looked at it: the bank may be told.

    Raises
    ------
    NotAllowed
        The person made the batch or does not approve for the cooperative, or its state forbids it.
    """
    batch = _locked(code, by=by, at=at)
    _refuse_jump(batch, BatchState.APPROVED)
    batch.state = BatchState.APPROVED
    batch.approved_by, batch.approved_at = by, at
    batch.save(update_fields=["state", "approved_by", "approved_at"])
    return batch


@transaction.atomic
def mark_batch_paid(*, code: str, by: User, at: datetime) -> PayoutBatch:
    """The bank paid: what was owed leaves the books, and slips paid in full are marked so.

    Raises
    ------
    NotAllowed
        The person made the batch or does not approve for the cooperative, or nobody fetched its
        file, or its state forbids it.
    """
    batch = _locked(code, by=by, at=at)
    _refuse_jump(batch, BatchState.PAID)
    if not hasattr(batch, "bank_file"):
        raise NotAllowed(_("%s 的银行文件还没有下载过，银行不会已经付了。") % code)
    post_payouts(batch, by=by, at=at)
    dues = PayoutDue.objects.filter(payout__batch=batch)
    dues.update(state=PayoutState.PAID, paid_at=at, paid_by=by)
    _end(batch, BatchState.PAID, by=by, at=at)
    return batch


@transaction.atomic
def cancel_batch(*, code: str, why: str, by: User, at: datetime) -> PayoutBatch:
    """Nothing of it is paid; what it held may be put into another batch.

    Raises
    ------
    NotAllowed
        The person does not work for the cooperative, or the batch is paid or cancelled.
    BadInput
        No reason is given.
    """
    batch = PayoutBatch.objects.select_for_update().select_related("cooperative").get(code=code)
    on, cooperative = day_of(at), batch.cooperative
    approves = may_approve(user=by, cooperative=cooperative, on=on)
    is_new = batch.state == BatchState.MADE
    plans = may_plan(user=by, cooperative=cooperative, on=on)
    if plans and not approves and not is_new:
        raise NotAllowed(_("%s 批准过了，要作废请找审批人。") % code)
    if not approves and not plans:
        raise NotAllowed(_("只有“%s”的人能作废这一批。") % cooperative.name)
    if not why.strip().isprintable() or not why.strip():
        raise BadInput(_("作废要写原因。"), field="why")
    _refuse_jump(batch, BatchState.CANCELLED)
    HouseholdRelease.objects.filter(payout__batch=batch).update(payout=None)
    PayoutDue.objects.filter(payout__batch=batch).update(payout=None)
    batch.end_reason = why.strip()[:120]
    _end(batch, BatchState.CANCELLED, by=by, at=at)
    return batch


def _locked(code: str, *, by: User, at: datetime) -> PayoutBatch:
    """The batch, for another person than its maker who approves for the cooperative."""
    rows = PayoutBatch.objects.select_for_update(of=("self",)).select_related("cooperative")
    batch = rows.get(code=code)
    refuse_maker(batch, by=by, on=day_of(at))
    return batch


def refuse_maker(batch: PayoutBatch, *, by: User, on: date) -> None:
    """Only an approver who did not make the batch goes on with it.

    Raises
    ------
    NotAllowed
        Anybody else.
    """
    if batch.made_by_id == by.pk:
        raise NotAllowed(_("这一批是你做的，要由另一位同事批准和付款。"))
    if not may_approve(user=by, cooperative=batch.cooperative, on=on):
        raise NotAllowed(_("只有“%s”的审批人能做这一步。") % batch.cooperative.name)


def _refuse_jump(batch: PayoutBatch, to: BatchState) -> None:
    if to not in NEXT_BATCH[batch.state]:
        facts = {"code": batch.code, "state": batch.get_state_display(), "to": to.label}
        raise NotAllowed(_("%(code)s 现在是“%(state)s”，不能改成“%(to)s”。") % facts)


def _end(batch: PayoutBatch, to: BatchState, *, by: User, at: datetime) -> None:
    batch.state, batch.ended_by, batch.ended_at = to, by, at
    batch.save(update_fields=["state", "ended_by", "ended_at", "end_reason"])
