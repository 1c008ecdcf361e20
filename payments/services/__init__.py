"""Verbs of payments; none of those that reach the provider may be called in a transaction."""

from payments.services.aside import put_back, set_aside
from payments.services.asking import ask, limit_means, make_due, payer_of, void
from payments.services.charging import charge
from payments.services.paging import hosted_page, refresh
from payments.services.refunding import (
    approve_by_bank,
    propose_by_bank,
    refund,
    send,
    settle_refund,
)
from payments.services.settling import settle

__all__ = [
    "approve_by_bank",
    "ask",
    "charge",
    "hosted_page",
    "limit_means",
    "make_due",
    "payer_of",
    "propose_by_bank",
    "put_back",
    "refresh",
    "refund",
    "send",
    "set_aside",
    "settle",
    "settle_refund",
    "void",
]
