"""Reservations of a campaign that succeeded and cannot become orders: no rate to their province."""

from django.db.models import Q, QuerySet

from payments.models import Payment, PaymentState
from shop.models import Campaign, CampaignState, Pledge, PledgeState


def stuck_pledges(campaign: Campaign) -> QuerySet[Pledge]:
    """Those that every tick tries again: paid, or to be paid at the handing over.

    A paid one is due, an unpaid one stands; what is ordered stands no longer.
    """
    rows = Pledge.objects.filter(campaign=campaign, order_link__isnull=True)
    if campaign.state != CampaignState.SUCCEEDED:
        return rows.none()
    due = rows.filter(state=PledgeState.DUE).values("payment_code")
    paid = Payment.objects.filter(state=PaymentState.PAID, code__in=due)
    stuck = Q(state=PledgeState.ACTIVE)
    stuck |= Q(state=PledgeState.DUE, payment_code__in=paid.values("code"))
    return rows.filter(stuck).order_by("created_at", "pk")
