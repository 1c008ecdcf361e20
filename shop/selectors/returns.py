"""Which lines of an order may be sent back, until when, and why not (product.md E7)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.clock import day_of
from core.templatetags.shanhuo import day
from growers.models import VillageShop
from shop.models import Purchase, PurchaseState, ReturnRequest, ReturnState
from shop.order_rules import CLAIM_DAYS, return_until
from shop.selectors.orders import standing_lines

OPEN_RETURNS = (ReturnState.ASKED, ReturnState.ACCEPTED)
COUNTED = (*OPEN_RETURNS, ReturnState.REFUNDED)


@dataclass(frozen=True)
class LineRight:
    """What a buyer may do with one line."""

    line: Any
    packs: int  # not sent back yet
    until: date  # of sending it back without a reason
    why_not: str  # empty while it may be sent back without a reason
    claim_until: date
    may_claim: bool  # that it came broken

    @property
    def is_open(self) -> bool:
        """Whether anything may be asked for now."""
        return self.packs > 0 and (not self.why_not or self.may_claim)


def line_rights(purchase: Purchase, *, on: date) -> list[LineRight]:
    """The rights of each line of a delivered order; nothing before.

    Fresh and perishable goods are refused only where that was confirmed at checkout: what nobody
    confirmed may be sent back.
    """
    if purchase.state != PurchaseState.DELIVERED or purchase.delivered_at is None:
        return []
    received_on = day_of(purchase.delivered_at)
    until = return_until(received_on)
    claim_until = return_until(received_on, days=CLAIM_DAYS)
    asked: dict[int, int] = {}
    for row in purchase.returns.all():
        if row.state in COUNTED:
            asked[row.line_id] = asked.get(row.line_id, 0) + row.packs
    return [
        LineRight(
            line=line,
            packs=line.quantity - asked.get(line.pk, 0),
            until=until,
            why_not=_why_not(purchase, line, until=until, on=on),
            claim_until=claim_until,
            may_claim=on <= claim_until,
        )
        for line in standing_lines(purchase)
    ]


def is_perishable(line: Any) -> bool:
    """Fresh goods that spoil."""
    return bool(line.product and line.product.listing.form.crop.perishable)


def _why_not(purchase: Purchase, line: Any, *, until: date, on: date) -> str:
    if is_perishable(line) and purchase.perishable_confirmed_at is not None:
        return _("鲜活易腐，下单时勾过“签收后不能无理由退”。")
    if on > until:
        return _("七天无理由到 %(day)s为止，已经过了。") % {"day": day(until)}
    return ""


def returns_at(shop: VillageShop) -> QuerySet[ReturnRequest]:
    """Requests to a shop, those that wait first."""
    rows = ReturnRequest.objects.filter(purchase__shop=shop)
    facts = [f"line__product__listing__{fact}" for fact in ("form__crop", "variety", "grade")]
    related = ("purchase__order", "answered_by", *facts)
    return rows.select_related(*related).order_by("answered_at", "asked_at", "pk")


def waiting_returns(shop: VillageShop) -> QuerySet[ReturnRequest]:
    """Requests that wait for the shop's answer or its refund."""
    return returns_at(shop).filter(state__in=OPEN_RETURNS)
