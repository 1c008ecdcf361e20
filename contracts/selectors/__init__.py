"""What may be read of plans and contracts."""

from contracts.selectors.contracts import (
    contract_for,
    contract_reason,
    contracts_for,
    household_contracts,
    open_contracts,
)
from contracts.selectors.plans import plan_for, plan_rows_for, plan_summary, plans_for

__all__ = [
    "contract_for",
    "contract_reason",
    "contracts_for",
    "household_contracts",
    "open_contracts",
    "plan_for",
    "plan_rows_for",
    "plan_summary",
    "plans_for",
]
