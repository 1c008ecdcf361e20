"""100,000 transfers in bulk, rolled back afterwards, on the database in use."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import connection, transaction

from ledger import checks
from ledger.models import AccountKind, TransferKind
from ledger.services import Entry, open_account, post

TRANSFERS = 100_000
BATCH = 1000
CAMPAIGNS = 200
AT = datetime(2026, 8, 28, 4, tzinfo=UTC)


def lines() -> Iterator[str]:
    """Seconds to post, and to check the books afterwards."""
    with transaction.atomic():
        started = time.perf_counter()
        _post_all()
        posted = time.perf_counter() - started
        started = time.perf_counter()
        faults = [fault for result in checks.run_all() for fault in result.faults]
        checked = time.perf_counter() - started
        transaction.set_rollback(True)
    yield (
        f"{TRANSFERS:,} transfers on {connection.vendor}: {posted:.1f} s; "
        f"books checked in {checked:.2f} s, {len(faults)} faults"
    )


def _post_all() -> None:
    clearing = open_account(code="bench:in", kind=AccountKind.CLEARING, allow_negative=True)
    escrows = [open_account(code=f"bench:{n}", kind=AccountKind.ESCROW) for n in range(CAMPAIGNS)]
    for start in range(0, TRANSFERS, BATCH):
        entries = [
            Entry(
                key=f"bench:{n}",
                kind=TransferKind.PAY,
                debit=clearing,
                credit=escrows[n % CAMPAIGNS],
                amount=100 + n % 5000,
                subject=f"pledge:PL-{n}",
            )
            for n in range(start, start + BATCH)
        ]
        post(entries=entries, made_by="bench", at=AT)
