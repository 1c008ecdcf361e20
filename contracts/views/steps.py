"""The steps of a plan: which a person sees, and taking one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from contracts import services
from contracts.models import Plan
from contracts.selectors import plan_for
from contracts.selectors.roles import has_role, may_approve
from contracts.services.solving import given_up
from contracts.states import PlanState
from contracts.tasks import start_solving
from core import clock
from core.errors import PlatformError
from core.http import MemberRequest, say_error
from growers.models import Role, User


@dataclass(frozen=True)
class Step:
    """A button: its address word, its label, its look and what is said afterwards."""

    key: str
    label: Promise
    variant: str
    done: Promise


SOLVE = Step("solve", _("重新算一次"), "dai", _("开始算了。"))
PROPOSE = Step("propose", _("提交审批"), "go", _("已提交，等另一位同事审批。"))
RETURN = Step("return", _("退回"), "", _("已退回。"))
APPROVE = Step("approve", _("批准"), "go", _("已批准。"))
OFFER = Step("offer", _("发合同给农户"), "go", _("合同已发给农户。"))
CLOSE = Step("close", _("结束这个方案"), "", _("方案已结束，没答复的合同作废。"))
CANCEL = Step("cancel", _("作废"), "", _("方案已作废。"))

PLANNER_STEPS = {
    PlanState.DRAFT: (SOLVE, CANCEL),
    PlanState.SOLVED: (PROPOSE, SOLVE, CANCEL),
    PlanState.PROPOSED: (CANCEL,),
    PlanState.APPROVED: (OFFER, CANCEL),
    PlanState.OFFERED: (CLOSE,),
}
ALL_STEPS = {step.key: step for step in (SOLVE, PROPOSE, RETURN, APPROVE, OFFER, CLOSE, CANCEL)}


def steps_for(user: User, plan: Plan, *, at: datetime, on: date) -> list[Step]:
    """Steps this person may take now; whoever proposed sees no button to approve."""
    state = PlanState(plan.state)
    found: list[Step] = []
    if may_approve(user, plan, on):
        found += [APPROVE, RETURN]
    if has_role(user, Role.PLANNER, plan.area.lead, on):
        found += PLANNER_STEPS.get(state, ())
        if state == PlanState.SOLVING and given_up(plan, at):
            found.append(SOLVE)
    return found


def _actions(code: str, by: User) -> dict[str, Callable[[], object]]:
    at, on = clock.now(), clock.today()
    return {
        "solve": lambda: start_solving(code=code, by=by, at=at, on=on),
        "propose": lambda: services.propose_run(code=code, by=by, at=at, on=on),
        "return": lambda: services.return_run(code=code, by=by, on=on),
        "approve": lambda: services.approve_run(code=code, by=by, at=at, on=on),
        "offer": lambda: services.offer_contracts(code=code, by=by, at=at, on=on),
        "close": lambda: services.close_run(code=code, by=by, on=on),
        "cancel": lambda: services.cancel_run(code=code, by=by, on=on),
    }


@login_required
@require_POST
def take(request: MemberRequest, code: str, step: str) -> HttpResponse:
    """Take one step of a plan the person may see."""
    plan = plan_for(request.user, code, clock.today())
    if step not in ALL_STEPS:
        raise Http404
    try:
        _actions(plan.code, request.user)[step]()
    except PlatformError as error:
        say_error(request, error)
    else:
        messages.success(request, str(ALL_STEPS[step].done))
    return redirect("contracts:plan", code=plan.code)
