"""Fold the stock ledger and compare it with the balances."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from logistics.selectors.stock import gram_totals, stock_drift


class Command(BaseCommand):
    help = "Fold every stock move and report each balance that differs, and the grams in and out."

    def handle(self, *args: Any, **options: Any) -> None:
        totals = gram_totals()
        facts = {
            "came": totals.received_g,
            "left": totals.packed_g + totals.spoiled_g,
            "lost": totals.lost_g,
            "here": totals.balance_g,
        }
        text = _("收进 %(came)d g = 出去 %(left)d g + 损耗 %(lost)d g + 在库 %(here)d g")
        self.stdout.write(text % facts)
        drift = stock_drift()
        for row in drift:
            line = _("批次 %(lot)s 在 %(place)s：余额 %(balance)d g，流水 %(ledger)d g")
            self.stderr.write(
                line
                % {
                    "lot": row.lot,
                    "place": row.place,
                    "balance": row.balance_g,
                    "ledger": row.ledger_g,
                }
            )
        if drift or not totals.conserved:
            raise CommandError(_("库存和流水对不上。"))
        self.stdout.write(_("库存和流水一克不差。"))
