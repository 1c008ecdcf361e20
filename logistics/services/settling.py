"""A delivered order's money leaves the buyers' escrow: growers first, the rest as published."""

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from core.clock import day_of
from core.errors import PlatformError
from core.units import from_fen
from growers.models import Household
from ledger.models import Account, Transfer, TransferKind
from ledger.services import Entry, post
from logistics.accounts import (
    cooperative_account,
    household_accounts,
    logistics_account,
    platform_account,
    shop_account,
)
from logistics.models import HouseholdRelease, OrderSettlement, PayoutDue, SlipShare
from logistics.selectors.line_money import LineMoney, lines_money
from logistics.services.share_groups import join_group
from shop.models import Purchase, PurchaseState, ShareKind
from shop.money import delivered_and_paid, escrow_of

log = logging.getLogger(__name__)
MADE_BY = "job:settle"


@transaction.atomic
def settle_order(*, code: str, at: datetime) -> OrderSettlement | None:
    """Move what a delivered order brought to those it is for, once; None where nothing is held.

    An order paid at the handing over has nothing in escrow: its households stay the cooperative's
    debt.
    """
    rows = Purchase.objects.select_for_update(of=("self",)).select_related(
        "order__pledge_link__pledge", "shop__cooperative", "hub"
    )
    purchase = rows.get(code=code)
    done = OrderSettlement.objects.filter(purchase=purchase).first()
    if done is not None or purchase.state != PurchaseState.DELIVERED:
        return done
    held = escrow_of(purchase)
    if held is None or held[1] <= 0:
        return None
    return _Settling(purchase, escrow=Account.objects.get(code=held[0]), fen=held[1], at=at).run()


def settle_all(at: datetime) -> int:
    """Settle whatever was delivered and not settled yet; how many orders that were."""
    waiting = delivered_and_paid().filter(settlement__isnull=True).order_by("delivered_at", "pk")
    return sum(settle_safely(code, at) for code in waiting.values_list("code", flat=True)[:500])


def settle_safely(code: str, at: datetime) -> bool:
    """Settle an order; what cannot be settled now is logged and tried again by the tick."""
    try:
        return settle_order(code=code, at=at) is not None
    except PlatformError as error:
        log.error("order %s is not settled: %s", code, error)
        return False


@dataclass(frozen=True)
class _Settling:
    """One order on its way out of escrow."""

    purchase: Purchase
    escrow: Account
    fen: int
    at: datetime

    def run(self) -> OrderSettlement:
        lines, carriage_fen = lines_money(self.purchase, available_fen=self.fen)
        dues = {slip.due.pk: slip.due for line in lines for slip in line.slips}
        homes = {due.household_id: due.household for due in dues.values()}
        owed = _owed_by_household(lines)
        accounts = household_accounts(home.code for home in homes.values())
        entries = [
            self._home_entry(line, homes[home], accounts, fen) for (line, home), fen in owed.items()
        ]
        entries += self._rest(lines, carriage_fen)
        post(entries=entries, made_by=MADE_BY, at=self.at)
        settlement = OrderSettlement.objects.create(
            purchase=self.purchase,
            amount_fen=sum(entry.amount for entry in entries),
            group=join_group(
                cooperative=self.purchase.shop.cooperative,
                grower_fen=_by_household(lines),
                on=day_of(self.at),
                at=self.at,
            ),
            at=self.at,
        )
        self._link_households(settlement, homes, owed)
        _link_slips(settlement, lines)
        _cover(lines)
        return settlement

    def _key(self, *words: object) -> str:
        return ":".join(["release", self.purchase.code, *map(str, words)])

    def _entry(self, key: str, account: Account, fen: int, counterparty: str) -> Entry:
        return Entry(
            key=key,
            kind=TransferKind.RELEASE,
            debit=self.escrow,
            credit=account,
            amount=fen,
            subject=f"order:{self.purchase.code}",
            counterparty=counterparty,
            group=f"settle:{self.purchase.code}",
        )

    def _home_entry(
        self, line: int, home: Household, accounts: dict[str, Account], fen: int
    ) -> Entry:
        key = self._key(line, home.code)
        return self._entry(key, accounts[home.code], fen, f"household:{home.code}")

    def _rest(self, lines: list[LineMoney], carriage_fen: int) -> list[Entry]:
        """What does not go to households: one transfer each for those it is for."""
        shop, cooperative = self.purchase.shop, self.purchase.shop.cooperative
        rest: dict[ShareKind, int] = defaultdict(int)
        for line in lines:
            for kind, fen in line.split.rest.items():
                rest[kind] += fen
        back = sum(line.split.untraced_fen for line in lines)
        back += sum(slip.due_fen for line in lines for slip in line.slips if slip.paid_before)
        wanted = [
            ("cooperative", back, cooperative_account, cooperative.code),
            ("shop", rest[ShareKind.PACKING] + rest[ShareKind.SHOP], shop_account, shop.code),
            ("hub", rest[ShareKind.TRANSPORT] + carriage_fen, None, self.purchase.hub.code),
            ("platform", rest[ShareKind.PLATFORM], None, "shanhuo"),
        ]
        common = {"hub": logistics_account, "platform": platform_account}
        found = []
        for word, fen, named, code in wanted:
            if fen:
                account = named(code) if named else common[word]()
                found.append(self._entry(self._key(word), account, fen, f"{word}:{code}"))
        return found

    def _link_households(
        self,
        settlement: OrderSettlement,
        homes: dict[int, Household],
        owed: dict[tuple[int, int], int],
    ) -> None:
        """One row for each transfer to a household."""
        keys = {self._key(line, homes[home].code): (line, home) for line, home in owed}
        transfers = dict(Transfer.objects.filter(key__in=keys).values_list("key", "pk"))
        HouseholdRelease.objects.bulk_create(
            HouseholdRelease(
                settlement=settlement,
                line_id=line,
                household=homes[home],
                cooperative=self.purchase.shop.cooperative,
                transfer_id=transfers[key],
                amount_fen=owed[line, home],
            )
            for key, (line, home) in keys.items()
        )


def _link_slips(settlement: OrderSettlement, lines: list[LineMoney]) -> None:
    """One row for each slip behind each line."""
    rows = HouseholdRelease.objects.filter(settlement=settlement)
    releases = {(row.line_id, row.household_id): row.pk for row in rows}
    SlipShare.objects.bulk_create(
        SlipShare(
            settlement=settlement,
            line_id=line.line_id,
            due=slip.due,
            release_id=releases.get((line.line_id, slip.due.household_id)),
            weight_g=slip.weight_g,
            due_fen=slip.due_fen,
            extra_fen=slip.extra_fen,
            paid_before=slip.paid_before,
        )
        for line in lines
        for slip in line.slips
    )


def _owed_by_household(lines: list[LineMoney]) -> dict[tuple[int, int], int]:
    """(line, household) → fen for it."""
    owed: dict[tuple[int, int], int] = defaultdict(int)
    for line in lines:
        for slip in line.slips:
            owed[line.line_id, slip.due.household_id] += slip.to_household_fen
    return {key: fen for key, fen in owed.items() if fen}


def _by_household(lines: list[LineMoney]) -> dict[int, int]:
    """Household → what its goods in the order brought growers, paid before or now."""
    found: dict[int, int] = defaultdict(int)
    for line in lines:
        for slip in line.slips:
            found[slip.due.household_id] += slip.due_fen + slip.extra_fen
    return dict(found)


def _cover(lines: list[LineMoney]) -> None:
    """Slips still open are covered by what came in; the cooperative owes the rest."""
    dues: dict[int, Any] = {}
    for line in lines:
        for slip in line.slips:
            if not slip.paid_before and slip.due_fen:
                due = dues.setdefault(slip.due.pk, slip.due)
                due.covered += from_fen(slip.due_fen)
    PayoutDue.objects.bulk_update(dues.values(), ["covered"])
