"""Deposits that go back twice, as platform staff and the backer read them."""

from django.db.models import Case, IntegerField, QuerySet, Value, When

from shop.models import DoubleDeposit, DoubleState, Pledge


def double_deposits() -> QuerySet[DoubleDeposit]:
    """All of them, those not sent yet first, the longest waiting first."""
    waits = Case(
        When(state=DoubleState.PAID, then=Value(1)), default=Value(0), output_field=IntegerField()
    )
    rows = DoubleDeposit.objects.select_related(
        "pledge__campaign__listing__product",
        "pledge__campaign__listing__shop",
        "proposed_by",
        "approved_by",
    )
    return rows.order_by(waits, "owed_at", "pk")


def double_of(pledge: Pledge) -> DoubleDeposit | None:
    """The second deposit of one reservation; asked for only where there was a first."""
    if not pledge.deposit_code:
        return None
    return DoubleDeposit.objects.filter(pledge=pledge).first()
