"""Places, lots and their grams, weigh tickets, what is owed, and what was packed from what."""

from logistics.models.lot import Lot, LotBalance, LotState, MoveReason, StockMove
from logistics.models.packing import Packing, PackLine
from logistics.models.payout import BankFile, Payout, PayoutBatch
from logistics.models.place import Place, PlaceKind
from logistics.models.process import ProcessKind, ProcessStep
from logistics.models.settlement import (
    HouseholdRelease,
    OrderSettlement,
    ShareGroup,
    SlipShare,
)
from logistics.models.weighing import LotSource, PayoutDue, PayoutState, WeighTicket

__all__ = [
    "BankFile",
    "HouseholdRelease",
    "Lot",
    "LotBalance",
    "LotSource",
    "LotState",
    "MoveReason",
    "OrderSettlement",
    "PackLine",
    "Packing",
    "Payout",
    "PayoutBatch",
    "PayoutDue",
    "PayoutState",
    "Place",
    "PlaceKind",
    "ProcessKind",
    "ProcessStep",
    "ShareGroup",
    "SlipShare",
    "StockMove",
    "WeighTicket",
]
