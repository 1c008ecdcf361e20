"""What earlier contracts already bind in the weeks of a plan."""

from dataclasses import dataclass
from datetime import date

from contracts.models import ContractLine, Plan
from contracts.states import BINDING
from growers.models.scope import inside


@dataclass(frozen=True)
class SignedLine:
    """A line of a contract that is offered, signed or delivered."""

    household_id: int
    form_id: int
    grade: str
    hub_id: int
    monday: date
    weight_g: int


def signed_lines(plan: Plan) -> list[SignedLine]:
    """Lines of other plans' contracts with the area's households in the plan's weeks."""
    lines = ContractLine.objects.filter(
        inside("contract__household__village_id", [plan.area.region.prefix]),
        contract__state__in=BINDING,
        monday__range=(plan.first_monday, plan.last_monday),
    ).exclude(contract__plan=plan)
    rows = lines.order_by("contract__household_id", "contract_id", "monday", "hub_id").values_list(
        "contract__household_id",
        "contract__form_id",
        "contract__grade",
        "hub_id",
        "monday",
        "weight_g",
    )
    return [SignedLine(*row) for row in rows]
