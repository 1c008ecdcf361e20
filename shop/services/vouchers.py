"""Vouchers: taken by one conditional UPDATE, shared over a checkout's orders, paid in by us."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from core.clock import day_of
from core.errors import BadInput
from core.templatetags.shanhuo import day, yuan
from core.units import fen, shares
from ledger.models import AccountKind, Transfer, TransferKind
from ledger.services import Entry, open_account, post
from shop.models import Purchase, Voucher, VoucherUse
from shop.money import escrow_of
from shop.selectors.bills import voucher_brings, voucher_fen

SOURCE = "platform:vouchers"


@transaction.atomic
def use_voucher(*, code: str, purchases: Sequence[Purchase], at: datetime) -> Voucher | None:
    """Take a voucher for the orders of a checkout, in proportion to what each comes to.

    Raises
    ------
    BadInput
        There is no such voucher, it is not valid today, used up, or the goods are too few for it.
    """
    typed = code.strip().upper()
    if not typed or not purchases:
        return None
    totals = [fen(one.order.total_incl_tax) for one in purchases]
    goods = sum(fen(one.order.total_incl_tax - one.order.shipping_incl_tax) for one in purchases)
    voucher = check_voucher(code=typed, goods_fen=goods, at=at)
    left = Voucher.objects.filter(pk=voucher.pk, used__lt=F("most_uses"))
    if not left.update(used=F("used") + 1):
        raise BadInput(_("这个券用完了。"), field="voucher")
    parts = shares(voucher_brings(voucher, sum(totals)), totals)
    VoucherUse.objects.bulk_create(
        VoucherUse(voucher=voucher, purchase=one, amount_fen=part)
        for one, part in zip(purchases, parts, strict=True)
        if part
    )
    return voucher


def check_voucher(*, code: str, goods_fen: int, at: datetime) -> Voucher:
    """The voucher, if it may be used now for goods of so much. Raises what ``use_voucher`` does."""
    voucher = Voucher.objects.filter(code=code.strip().upper()).first()
    if voucher is None:
        raise BadInput(_("没有这个券，看看有没有抄错。"), field="voucher")
    on = day_of(at)
    if not voucher.valid_from <= on <= voucher.valid_to:
        facts = {"first": day(voucher.valid_from), "last": day(voucher.valid_to)}
        raise BadInput(_("这个券从 %(first)s用到 %(last)s。") % facts, field="voucher")
    if goods_fen < fen(voucher.least_goods):
        least = yuan(voucher.least_goods)
        raise BadInput(_("这个券要山货满 %(least)s 才能用。") % {"least": least}, field="voucher")
    if voucher.used >= voucher.most_uses:
        raise BadInput(_("这个券用完了。"), field="voucher")
    return voucher


def give_voucher_back(purchase: Purchase) -> None:
    """The order came to nothing: the voucher may be used again, once for a checkout."""
    use = VoucherUse.objects.filter(purchase=purchase).first()
    if use is None:
        return
    use.delete()
    twins = VoucherUse.objects.filter(
        voucher=use.voucher_id, purchase__checkout_key=purchase.checkout_key
    )
    if not twins.exists():
        Voucher.objects.filter(pk=use.voucher_id, used__gt=0).update(used=F("used") - 1)


def pay_in(purchase: Purchase, *, escrow: str, at: datetime) -> None:
    """The platform's part of a paid order comes into escrow beside the buyer's, once."""
    amount = voucher_fen(purchase)
    if not amount:
        return
    entry = Entry(
        key=f"voucher:{purchase.code}",
        kind=TransferKind.PAY,
        debit=open_account(code=SOURCE, kind=AccountKind.CLEARING, allow_negative=True),
        credit=open_account(code=escrow, kind=AccountKind.ESCROW),
        amount=amount,
        subject=f"order:{purchase.code}",
    )
    post(entries=[entry], made_by="job:voucher", at=at)


def pay_back(purchase: Purchase, *, escrow: str, at: datetime) -> None:
    """The order is refunded whole: what is left of the platform's part goes back, once."""
    _bring_back(
        purchase, voucher_left(purchase), escrow=escrow, key=f"voucher-back:{purchase.code}", at=at
    )


def pay_back_part(purchase: Purchase, amount: int, *, key: str, at: datetime) -> None:
    """Lines are cancelled: the platform's part of them goes back, never more than is left."""
    held = escrow_of(purchase)
    if held:
        part = min(amount, voucher_left(purchase))
        _bring_back(purchase, part, escrow=held[0], key=f"voucher-back:{key}", at=at)


def voucher_left(purchase: Purchase) -> int:
    """What a voucher brought to an order and the platform has not had back, in fen."""
    brought = voucher_fen(purchase)
    if not brought:
        return 0
    went = Transfer.objects.filter(
        subject=f"order:{purchase.code}", credit__code=SOURCE, reversed_by__isnull=True
    )
    return brought - int(went.order_by().aggregate(fen=Sum("amount"))["fen"] or 0)


def _bring_back(purchase: Purchase, amount: int, *, escrow: str, key: str, at: datetime) -> None:
    if not amount:
        return
    entry = Entry(
        key=key,
        kind=TransferKind.REFUND,
        debit=open_account(code=escrow, kind=AccountKind.ESCROW),
        credit=open_account(code=SOURCE, kind=AccountKind.CLEARING, allow_negative=True),
        amount=amount,
        subject=f"order:{purchase.code}",
    )
    post(entries=[entry], made_by="job:voucher", at=at)
