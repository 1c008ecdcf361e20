"""Turn an approved plan into one contract for each household, form and grade."""

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction

from contracts.models import Contract, ContractLine, HarvestOffer, Plan, PlanAllotment
from contracts.selectors.roles import require_role
from contracts.services.credits import settle_credit
from contracts.services.moving import locked_plan, move_plan
from contracts.states import PlanState
from core.codes import new_code
from growers.models import Role, User

BATCH = 2000


@transaction.atomic
def offer_contracts(*, code: str, by: User | None, at: datetime, on: date) -> Plan:
    """Offer every household what the plan gives it; a second call is refused by the state."""
    plan = locked_plan(code)
    require_role(by, Role.PLANNER, plan.area.lead, on)
    move_plan(plan, PlanState.OFFERED)
    allotments: dict[int, list[PlanAllotment]] = defaultdict(list)
    for allotment in plan.allotments.order_by("offer_id", "monday", "hub_id"):
        allotments[allotment.offer_id].append(allotment)
    offers = plan.offers.filter(pk__in=allotments).select_related("household").order_by("pk")
    contracts = _contracts(plan, list(offers), allotments, at)
    Contract.objects.bulk_create([contract for _offer, contract in contracts], batch_size=BATCH)
    ContractLine.objects.bulk_create(
        [
            ContractLine(
                contract=contract, hub_id=row.hub_id, monday=row.monday, weight_g=row.weight_g
            )
            for offer, contract in contracts
            for row in allotments[offer.pk]
        ],
        batch_size=BATCH,
    )
    settle_credit(plan)
    return plan


def _contracts(
    plan: Plan, offers: list[HarvestOffer], allotments: dict[int, list[PlanAllotment]], at: datetime
) -> list[tuple[HarvestOffer, Contract]]:
    rows = plan.households.select_related("shop")
    place = {row.household_id: row for row in rows}
    cells = plan.cells.order_by("pk")
    prices = {(cell.form_id, cell.grade): cell for cell in cells}
    found = []
    for offer in offers:
        row, price = place[offer.household_id], prices[offer.form_id, offer.grade]
        contract = Contract(
            code=new_code("CT"),
            plan=plan,
            household_id=offer.household_id,
            cooperative_id=offer.household.cooperative_id or row.shop.cooperative_id,
            shop_id=row.shop_id,
            station_id=row.station_id,
            form_id=offer.form_id,
            grade=offer.grade,
            price_per_kg=price.price_per_kg,
            floor_per_kg=price.floor_per_kg,
            weight_g=sum(line.weight_g for line in allotments[offer.pk]),
            offered_at=at,
        )
        found.append((offer, contract))
    return found
