"""Prices, plans with their frozen inputs, proposals with reasons, and contracts."""

from contracts.models.contract import Contract, ContractLine
from contracts.models.credit import DrawCredit
from contracts.models.files import PlanFiles
from contracts.models.plan import Plan, PlanCell, PlanHousehold, PlanLane
from contracts.models.price import PriceTerm
from contracts.models.proposal import HarvestOffer, PlanAllotment, PlanReason
from contracts.models.seed import SeedPromise

__all__ = [
    "Contract",
    "ContractLine",
    "DrawCredit",
    "HarvestOffer",
    "Plan",
    "PlanAllotment",
    "PlanCell",
    "PlanFiles",
    "PlanHousehold",
    "PlanLane",
    "PlanReason",
    "PriceTerm",
    "SeedPromise",
]
