"""What anybody may check of a plan, and a household's own row with its proof."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from contracts.selectors.published import (
    own_lines,
    own_rows,
    published_plan,
    published_plans,
    standing_promises,
    totals_of,
)
from contracts.selectors.rows import proof_of, row_texts
from core import clock
from core.http import MemberRequest

ROWS = 12
PLANS = 50


@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """Plans that were carried out, and the promised seeds of the next ones."""
    context = {"plans": published_plans()[:PLANS], "promises": standing_promises()}
    return render(request, "contracts/runs.html", context)


@require_GET
def run(request: HttpRequest, code: str) -> HttpResponse:
    """A plan's hashes, its seed, and totals of ten households or more."""
    plan = published_plan(code)
    return render(request, "contracts/run.html", {"plan": plan, "totals": totals_of(plan)})


@login_required
@require_GET
def rows(request: MemberRequest) -> HttpResponse:
    """What the signed-in household got in each plan, why, and the proof of it."""
    found = list(own_rows(request.user, clock.today())[:ROWS])
    return render(request, "contracts/own_rows.html", {"rows": own_lines(found)})


@login_required
@require_GET
def proof(request: MemberRequest, code: str) -> HttpResponse:
    """The household's row as a text, the path of hashes, and the root they lead to."""
    kept = own_rows(request.user, clock.today()).exclude(leaf="")
    row = get_object_or_404(kept, plan__code=code)
    facts = {
        "row": row_texts(row.plan, [row.household_id])[row.household_id],
        "path": [{"side": side, "hash": other} for side, other in proof_of(row.plan, row)],
        "root": row.plan.rows_root,
    }
    response = JsonResponse(facts, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{row.plan.code}-proof.json"'
    return response
