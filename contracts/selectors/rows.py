"""A household's row of a plan as a text that anyone can hash again, and its proof."""

import hmac
import json
from collections import defaultdict
from typing import Any

from django.db.models import Sum
from django.db.models.functions import Coalesce

from contracts.engine.merkle import Path, path_of
from contracts.models import HarvestOffer, Plan, PlanHousehold


def row_texts(plan: Plan, households: list[int] | None = None) -> dict[int, str]:
    """By household the text of its row: what it could bring, what it gets and why; salted.

    The salt keeps those who know a neighbour's hash from guessing the neighbour's row.
    """
    offers = HarvestOffer.objects.filter(plan=plan).select_related("form", "reason")
    rows = plan.households.select_related("household").order_by("number")
    if households is not None:
        offers = offers.filter(household__in=households)
        rows = rows.filter(household__in=households)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    sums = offers.annotate(weight_g=Coalesce(Sum("allotments__weight_g"), 0))
    for offer in sums.order_by("household", "form__key", "grade"):
        found[offer.household_id].append(_offer(offer, offer.weight_g))
    return {row.household_id: _text(plan, row, found[row.household_id]) for row in rows}


def _offer(offer: HarvestOffer, weight_g: int) -> dict[str, Any]:
    reason = getattr(offer, "reason", None)
    return {
        "form": offer.form.key,
        "grade": offer.grade,
        "available_g": offer.available_g,
        "weight_g": weight_g,
        "reason": reason.reason if reason else "",
        "facts": reason.facts if reason else {},
    }


def _text(plan: Plan, row: PlanHousehold, offers: list[dict[str, Any]]) -> str:
    code = row.household.code
    facts = {
        "plan": plan.code,
        "household": code,
        "income_fen": row.income_fen,
        "level": f"{row.level:.6f}",
        "offers": offers,
        "salt": hmac.new(plan.rows_secret.encode(), code.encode(), "sha256").hexdigest(),
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def proof_of(plan: Plan, row: PlanHousehold) -> Path:
    """The hashes that lead from a household's row to the plan's published root."""
    leaves = dict(plan.households.order_by("number").values_list("pk", "leaf"))
    return path_of(list(leaves.values()), list(leaves).index(row.pk))
