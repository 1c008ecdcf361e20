"""The nightly look at the books."""

import logging
from datetime import datetime

from ledger import checks

log = logging.getLogger(__name__)


def check_nightly(at: datetime) -> None:
    """Log what does not hold; the auditor's page and ``ledger_check`` show the same."""
    for result in checks.run_all():
        for fault in result.faults:
            log.error("%s: %s", result.name, fault)
