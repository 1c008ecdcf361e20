"""What each line of a delivered order brings each slip behind it, before anything is moved."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Sum

from core.units import fen, shares
from logistics.models import PackLine, PayoutDue, PayoutState, SlipShare
from logistics.selectors.tracing import slips_behind
from logistics.splitting import POLICY, LineSplit, SlipPart, split_line
from shop.models import Listing, Purchase, ShareKind
from shop.price_rules import floor_price
from shop.selectors.price_split import amounts_of


@dataclass(frozen=True)
class SlipLine:
    """What a line brings one slip."""

    due: PayoutDue
    weight_g: int
    due_fen: int
    extra_fen: int

    @property
    def paid_before(self) -> bool:
        """The cooperative has paid the slip, or has told the bank to."""
        return self.due.state == PayoutState.PAID or self.due.payout_id is not None

    @property
    def to_household_fen(self) -> int:
        """What of it goes to the household now."""
        return self.extra_fen + (0 if self.paid_before else self.due_fen)


@dataclass(frozen=True)
class LineMoney:
    """A line's money and the slips behind it."""

    line_id: int
    split: LineSplit
    slips: tuple[SlipLine, ...]


def lines_money(purchase: Purchase, *, available_fen: int) -> tuple[list[LineMoney], int]:
    """The money of every line, and what is for carriage; together ``available_fen``.

    Where a part was refunded, lines and carriage have all lost in proportion. Locks the slips,
    so it runs inside the caller's transaction.
    """
    lines = list(
        purchase.order.lines.filter(allocation_cancelled=False)
        .select_related("product__listing__form__crop", "product__listing__form__raw_crop")
        .prefetch_related("product__listing__price_shares")
        .order_by("pk")
    )
    amounts = [fen(line.line_price_incl_tax) for line in lines]
    carriage = fen(purchase.order.shipping_incl_tax)
    *lines_fen, carriage_fen = shares(available_fen, [*amounts, carriage])
    packed = _packed(purchase)
    behind = slips_behind({lot for rows in packed.values() for lot, _grams in rows})
    dues = _locked_dues(behind)
    reader = _Reader(packed, behind, dues, _used(dues.values()))
    found = [
        reader.read(line, amount_fen=amount, whole_fen=whole)
        for line, amount, whole in zip(lines, lines_fen, amounts, strict=True)
    ]
    return found, carriage_fen


def _packed(purchase: Purchase) -> dict[int, list[tuple[int, int]]]:
    """Listing → (lot, grams) that went into the order."""
    rows = PackLine.objects.filter(packing__purchase=purchase).order_by("pk")
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for listing, lot, grams in rows.values_list("listing", "lot", "weight_g"):
        found[listing].append((lot, grams))
    return found


def _locked_dues(behind: Mapping[int, Mapping[int, Fraction]]) -> dict[int, PayoutDue]:
    """Ticket → what is owed for it; the rows are locked in the order of their keys."""
    tickets = {ticket for slips in behind.values() for ticket in slips}
    rows = PayoutDue.objects.select_for_update(of=("self",)).filter(ticket__in=tickets)
    found = rows.select_related("ticket", "household").order_by("pk")
    return {due.ticket_id: due for due in found}


def _used(dues: Iterable[PayoutDue]) -> dict[int, int]:
    """Due → fen that earlier orders brought for its weight, to whomever."""
    shared = SlipShare.objects.filter(due__in=[due.pk for due in dues]).order_by()
    return dict(shared.values_list("due").annotate(Sum("due_fen")))


@dataclass
class _Reader:
    packed: Mapping[int, list[tuple[int, int]]]
    behind: Mapping[int, Mapping[int, Fraction]]
    dues: Mapping[int, PayoutDue]
    used: dict[int, int]

    def read(self, line: Any, *, amount_fen: int, whole_fen: int) -> LineMoney:
        """One line; ``amount_fen`` is what is left of its ``whole_fen``."""
        listing: Listing = line.product.listing
        lots = self.packed.get(listing.pk, [])
        weighed = self._weighed(lots)
        parts = [self._part(ticket, *grams) for ticket, grams in sorted(weighed.items())]
        published, weights = _published(listing, line)
        split = split_line(
            amount_fen=amount_fen,
            grower_fen=published * amount_fen // whole_fen if whole_fen else 0,
            packed_g=sum(grams for _lot, grams in lots) or 1,
            slips=parts,
            weights=weights,
        )
        for one in split.slips:
            due = self.dues[one.slip]
            self.used[due.pk] = self.used.get(due.pk, 0) + one.due_fen
        slips = tuple(
            SlipLine(self.dues[one.slip], round(weighed[one.slip][1]), one.due_fen, one.extra_fen)
            for one in split.slips
        )
        return LineMoney(line.pk, split, slips)

    def _weighed(self, lots: list[tuple[int, int]]) -> dict[int, tuple[Fraction, Fraction]]:
        """Ticket → (grams as packed, grams as weighed) behind the lots."""
        packed: dict[int, Fraction] = defaultdict(Fraction)
        weighed: dict[int, Fraction] = defaultdict(Fraction)
        for lot, grams in lots:
            whole = sum(self.behind[lot].values(), Fraction(0))
            for ticket, each in self.behind[lot].items():
                weighed[ticket] += each * grams
                packed[ticket] += each / whole * grams
        return {ticket: (packed[ticket], weighed[ticket]) for ticket in packed}

    def _part(self, ticket: int, packed_g: Fraction, weighed_g: Fraction) -> SlipPart:
        due = self.dues[ticket]
        whole = fen(due.amount)
        return SlipPart(
            slip=ticket,
            packed_g=packed_g,
            price_fen=weighed_g * whole / due.ticket.accepted_g,
            open_fen=max(whole - self.used.get(due.pk, 0), 0),
        )


def _published(listing: Listing, line: Any) -> tuple[int, dict[ShareKind, int]]:
    """What growers get of the line by the published split, and the weights of the rest.

    Without a split that adds up to the line's price: the floor price, and the policy.
    """
    told = amounts_of(listing.price_shares.all())
    if sum(told.values(), Decimal(0)) != line.unit_price_incl_tax:
        floor = floor_price(listing.form, listing.pack_weight_g)
        return fen(floor) * line.quantity, dict(POLICY)
    grower = told.pop(ShareKind.GROWER)
    return fen(grower) * line.quantity, {kind: fen(amount) for kind, amount in told.items()}
