"""Places, lots and their grams, weigh tickets, what is owed, and what was packed from what."""

from logistics.models.lot import Lot, LotBalance, LotState, MoveReason, StockMove
from logistics.models.packing import Packing, PackLine
from logistics.models.place import Place, PlaceKind
from logistics.models.process import ProcessKind, ProcessStep
from logistics.models.weighing import LotSource, PayoutDue, PayoutState, WeighTicket

__all__ = [
    "Lot",
    "LotBalance",
    "LotSource",
    "LotState",
    "MoveReason",
    "PackLine",
    "Packing",
    "PayoutDue",
    "PayoutState",
    "Place",
    "PlaceKind",
    "ProcessKind",
    "ProcessStep",
    "StockMove",
    "WeighTicket",
]
