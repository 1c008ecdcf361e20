"""What people do with plans and contracts."""

from contracts.services.answering import accept_contract, decline_contract, mark_fulfilled
from contracts.services.contracting import offer_contracts
from contracts.services.deciding import (
    approve_run,
    cancel_run,
    close_run,
    propose_run,
    return_run,
)
from contracts.services.exporting import export_run
from contracts.services.opening import open_run
from contracts.services.pricing import set_price
from contracts.services.solving import request_solving, solve_run

__all__ = [
    "accept_contract",
    "approve_run",
    "cancel_run",
    "close_run",
    "decline_contract",
    "export_run",
    "mark_fulfilled",
    "offer_contracts",
    "open_run",
    "propose_run",
    "request_solving",
    "return_run",
    "set_price",
    "solve_run",
]
