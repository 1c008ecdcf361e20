"""Which step may follow which; nothing else moves a plan or a contract."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanState(models.TextChoices):
    DRAFT = "draft", _("还没算")
    SOLVING = "solving", _("正在算")
    SOLVED = "solved", _("已算好")
    PROPOSED = "proposed", _("等审批")
    APPROVED = "approved", _("已批准")
    OFFERED = "offered", _("已发合同")
    CLOSED = "closed", _("已结束")
    CANCELLED = "cancelled", _("已作废")


ENDED = (PlanState.CLOSED, PlanState.CANCELLED)

NEXT_PLAN = {
    PlanState.DRAFT: frozenset({PlanState.SOLVING, PlanState.CANCELLED}),
    PlanState.SOLVING: frozenset(
        {PlanState.SOLVING, PlanState.SOLVED, PlanState.DRAFT, PlanState.CANCELLED}
    ),
    PlanState.SOLVED: frozenset({PlanState.SOLVING, PlanState.PROPOSED, PlanState.CANCELLED}),
    PlanState.PROPOSED: frozenset({PlanState.SOLVED, PlanState.APPROVED, PlanState.CANCELLED}),
    PlanState.APPROVED: frozenset({PlanState.OFFERED, PlanState.CANCELLED}),
    PlanState.OFFERED: frozenset({PlanState.CLOSED}),
    PlanState.CLOSED: frozenset(),
    PlanState.CANCELLED: frozenset(),
}


class ContractState(models.TextChoices):
    OFFERED = "offered", _("等农户答复")
    ACCEPTED = "accepted", _("已签")
    DECLINED = "declined", _("农户没签")
    FULFILLED = "fulfilled", _("已交完")
    CANCELLED = "cancelled", _("已作废")


NEXT_CONTRACT = {
    ContractState.OFFERED: frozenset(
        {ContractState.ACCEPTED, ContractState.DECLINED, ContractState.CANCELLED}
    ),
    ContractState.ACCEPTED: frozenset({ContractState.FULFILLED}),
    ContractState.DECLINED: frozenset(),
    ContractState.FULFILLED: frozenset(),
    ContractState.CANCELLED: frozenset(),
}

# Contracts that use up harvest, station room and demand, and count as income.
BINDING = (ContractState.OFFERED, ContractState.ACCEPTED, ContractState.FULFILLED)
