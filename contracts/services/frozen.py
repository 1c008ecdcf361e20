"""What one plan is made of while its rows are being written."""

from collections import defaultdict
from dataclasses import dataclass, field

from contracts.models import Plan, PriceTerm
from contracts.services.signed import SignedLine, signed_lines
from harvest_calendar.models import ProductForm

BATCH = 2000
Product = tuple[int, str]


@dataclass
class Frozen:
    """A plan with its prices, the demand by product and what earlier contracts bind."""

    plan: Plan
    forms: dict[int, ProductForm]
    terms: dict[Product, PriceTerm]
    demand: dict[Product, int] = field(default_factory=lambda: defaultdict(int))
    signed: list[SignedLine] = field(default_factory=list)


def frozen_for(plan: Plan) -> Frozen:
    """Prices of the eligibility day and signed lines of a new plan."""
    terms: dict[Product, PriceTerm] = {}
    known = PriceTerm.objects.filter(valid_from__lte=plan.eligibility_on)
    for term in known.order_by("form_id", "grade", "valid_from"):
        terms[term.form_id, term.grade] = term
    forms = ProductForm.objects.filter(pk__in={form for form, _grade in terms})
    found = {form.pk: form for form in forms.select_related("crop", "raw_crop")}
    return Frozen(plan=plan, forms=found, terms=terms, signed=signed_lines(plan))
