"""The file a bank gets: written once when first fetched, the same bytes ever after, each fetch
logged with every household in it."""

import csv
import hashlib
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

from django.db import transaction
from django.utils.translation import gettext as _

from core.clock import day_of
from core.errors import NotAllowed
from core.tables import BYTE_ORDER_MARK, harmless
from core.units import from_fen
from growers.models import AccessKind, User
from growers.services.identity import log_access, read_payees
from logistics.models import BankFile, Payout, PayoutBatch
from logistics.services.payouts import refuse_maker
from logistics.states import BatchState

FETCHED = (BatchState.APPROVED, BatchState.PAID)
HEAD = ("序号", "收款人", "账号", "金额（元）", "附言")  # the bank's words, whoever reads


@dataclass(frozen=True)
class Fetched:
    """A file as it goes to the bank."""

    name: str
    content: bytes
    sha256: str


@transaction.atomic
def fetch_bank_file(*, code: str, by: User, at: datetime) -> Fetched:
    """The batch's file; the first fetch reads the accounts and seals what it wrote.

    Raises
    ------
    NotAllowed
        The batch is not approved, the person made it or does not approve for the cooperative, a
        household has no account any more, or the sealed file is not what was written.
    """
    rows = PayoutBatch.objects.select_for_update(of=("self",)).select_related("cooperative")
    batch = rows.get(code=code)
    refuse_maker(batch, by=by, on=day_of(at))
    if batch.state not in FETCHED:
        raise NotAllowed(_("%s 还没有批准，不能下载银行文件。") % code)
    kept = BankFile.objects.filter(batch=batch).first()
    if kept is None:
        kept = _write(batch, by=by, at=at)
    else:
        households = [one.household for one in _payouts(batch)]
        what, why = AccessKind.EXPORT, _purpose(batch)
        log_access(households=households, what=what, purpose=why, by=by, at=at)
    content = kept.content.encode()
    if hashlib.sha256(content).hexdigest() != kept.sha256:
        raise NotAllowed(_("%s 的银行文件和留下的指纹对不上，不要拿去付款。") % code)
    return Fetched(name=f"{code}.csv", content=content, sha256=kept.sha256)


def _purpose(batch: PayoutBatch) -> str:
    return _("付款 %s 的银行文件") % batch.code


def _payouts(batch: PayoutBatch) -> list[Payout]:
    return list(batch.payouts.select_related("household").order_by("household__code"))


def _write(batch: PayoutBatch, *, by: User, at: datetime) -> BankFile:
    payouts = _payouts(batch)
    households = [one.household for one in payouts]
    payees = read_payees(households=households, by=by, purpose=_purpose(batch), at=at)
    without = [one.household.code for one in payouts if not payees[one.household_id].account]
    if without:
        named = _("、").join(without[:5])
        raise NotAllowed(_("%s 没有登记银行账号了，作废这一批，重新做。") % named)
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    for number, one in enumerate(payouts, start=1):
        payee = payees[one.household_id]
        amount = from_fen(one.amount_fen)  # no thousands mark: the bank's program reads it
        cells = (number, payee.head_name, payee.account, amount, one.code)
        writer.writerow([harmless(cell) for cell in cells])
    content = BYTE_ORDER_MARK + text.getvalue()
    return BankFile.objects.create(
        batch=batch,
        content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        made_by=by,
        made_at=at,
    )
