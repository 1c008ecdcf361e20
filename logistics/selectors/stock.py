"""What lies where, for whom it may be used, and whether the ledger still folds to it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from growers.models import User
from logistics.models import Lot, LotBalance, LotSource, MoveReason, ProcessStep, StockMove
from logistics.selectors.access import kept_stations, own_cooperatives


def stock_for(*, user: User, on: date) -> QuerySet[LotBalance]:
    """Stock of the person's cooperatives and at the person's stations, first to expire first."""
    mine = Q(lot__cooperative__in=own_cooperatives(user=user, on=on)) | Q(
        place__station__in=kept_stations(user=user, on=on)
    )
    rows = LotBalance.objects.filter(mine, weight_g__gt=0)
    rows = rows.select_related("lot__form__crop", "lot__shop", "place__station", "place__hub")
    return rows.order_by("lot__expires_on", "lot__harvested_on", "lot__code", "place__code")


def lots_for(*, user: User, on: date) -> QuerySet[Lot]:
    """Lots of the person's cooperatives."""
    mine = Lot.objects.filter(cooperative__in=own_cooperatives(user=user, on=on))
    return mine.select_related("form", "shop", "cooperative")


def moves_of(lot: Lot) -> QuerySet[StockMove]:
    """What happened to a lot, from its first gram on."""
    related = ("from_place__station", "from_place__hub", "to_place__station", "to_place__hub")
    return lot.moves.select_related(*related, "by").order_by("at", "pk")


def sources_of(lot: Lot) -> QuerySet[LotSource]:
    """Whose grams a lot holds: slips, or the lots it was made from."""
    return lot.sources.select_related("ticket__contract__household", "parent__form")


def steps_for(*, user: User, on: date) -> QuerySet[ProcessStep]:
    """Process steps of the person's cooperatives, latest first."""
    mine = ProcessStep.objects.filter(cooperative__in=own_cooperatives(user=user, on=on))
    return mine.select_related("output__form", "place__station", "place__hub", "by")


def usable_balances(
    *, cooperative_id: int, form_id: int, grade: str, on: date
) -> QuerySet[LotBalance]:
    """Where usable grams of one form and grade lie, in the order they are to be used (FEFO)."""
    lots = Lot.objects.filter(cooperative_id=cooperative_id, form_id=form_id, grade=grade)
    rows = LotBalance.objects.filter(lot__in=lots.usable_on(on), weight_g__gt=0)
    return rows.order_by("lot__expires_on", "lot__harvested_on", "lot__code", "place__code")


@dataclass(frozen=True)
class Held:
    """A listing's claim on a pool of lots."""

    pack_g: int
    promised_packs: int
    own_g: int  # grams in the pool that the listing's own shop received
    on_sale: bool


def packs_on_hand(pool_g: int, held: Sequence[Held]) -> list[int]:
    """Share a pool's grams over its listings so that no gram counts twice.

    Promises come first. What is left goes to the listings on sale in proportion to what their
    own shops received, equally when none received any. Short of the promises, the pool is shared
    in proportion to them.
    """
    promised = [one.promised_packs * one.pack_g for one in held]
    free_g = max(pool_g - sum(promised), 0)
    own = [one.own_g if one.on_sale else 0 for one in held]
    if not any(own):
        own = [int(one.on_sale) for one in held]
    covered_g = pool_g - free_g
    return [
        (_part(covered_g, promised, i) + _part(free_g, own, i)) // held[i].pack_g
        for i in range(len(held))
    ]


def _part(total: int, weights: Sequence[int], i: int) -> int:
    whole = sum(weights)
    return total * weights[i] // whole if whole else 0


@dataclass(frozen=True)
class Drift:
    """A balance that is not the fold of its moves."""

    lot: str
    place: str
    balance_g: int
    ledger_g: int


def stock_drift() -> list[Drift]:
    """Every balance that differs from the sum of its moves."""
    ledger: dict[tuple[str, str], int] = defaultdict(int)
    for sign, side in ((1, "to_place"), (-1, "from_place")):
        rows = StockMove.objects.exclude(**{side: None}).order_by()
        sums = rows.values_list("lot__code", f"{side}__code").annotate(grams=Sum("weight_g"))
        for lot, place, grams in sums:
            ledger[lot, place] += sign * grams
    kept = LotBalance.objects.order_by().values_list("lot__code", "place__code", "weight_g")
    balances = {(lot, place): grams for lot, place, grams in kept}
    return [
        Drift(lot, place, balances.get((lot, place), 0), ledger.get((lot, place), 0))
        for lot, place in sorted(balances.keys() | ledger.keys())
        if balances.get((lot, place), 0) != ledger.get((lot, place), 0)
    ]


@dataclass(frozen=True)
class GramTotals:
    """Where every gram that ever came in is now."""

    received_g: int
    packed_g: int
    spoiled_g: int
    lost_g: int
    worked_in_g: int
    worked_out_g: int
    balance_g: int

    @property
    def conserved(self) -> bool:
        """Grams in are grams out, lost and in stock; work neither makes nor swallows any."""
        gone = self.packed_g + self.spoiled_g + self.lost_g
        return self.received_g == gone + self.balance_g and self.worked_in_g == self.worked_out_g


def gram_totals() -> GramTotals:
    """The whole ledger by reason, and the sum of the balances."""
    sums = StockMove.objects.order_by().values_list("reason").annotate(Sum("weight_g"))
    by_reason: dict[str, int] = dict(sums)
    return GramTotals(
        received_g=by_reason.get(MoveReason.RECEIVE, 0),
        packed_g=by_reason.get(MoveReason.PACK, 0),
        spoiled_g=by_reason.get(MoveReason.SPOIL, 0),
        lost_g=by_reason.get(MoveReason.LOSS, 0),
        worked_in_g=by_reason.get(MoveReason.PROCESS_IN, 0),
        worked_out_g=by_reason.get(MoveReason.PROCESS_OUT, 0),
        balance_g=LotBalance.objects.aggregate(grams=Sum("weight_g"))["grams"] or 0,
    )


def pools() -> "QuerySet[Lot, tuple[int, int, str]]":
    """Every pool of stock: cooperative, form and grade."""
    return Lot.objects.order_by().values_list("cooperative", "form", "grade").distinct()
