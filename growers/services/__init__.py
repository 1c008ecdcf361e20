"""Everything that changes who grows, who is bound to whom and who may see what."""

from growers.services.bindings import bind_household, bind_village, end_binding
from growers.services.by_number import person_of_number
from growers.services.households import NewMember, register_household, set_status
from growers.services.identity import (
    Identity,
    Payee,
    log_access,
    read_identity,
    read_masked_names,
    read_payees,
)
from growers.services.people import create_person, end_role, give_role, issue_card

__all__ = [
    "Identity",
    "NewMember",
    "Payee",
    "bind_household",
    "bind_village",
    "create_person",
    "end_binding",
    "end_role",
    "give_role",
    "issue_card",
    "log_access",
    "person_of_number",
    "read_identity",
    "read_masked_names",
    "read_payees",
    "register_household",
    "set_status",
]
