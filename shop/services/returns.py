"""Sending goods back: the buyer asks, the shop answers with a reason, the money follows."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.clock import day_of
from core.codes import new_code
from core.errors import BadInput, NotAllowed
from core.uploads import Photo
from growers.models import User
from payments.models import Refund
from shop import order_wording as paying
from shop.models import Purchase, ReturnKind, ReturnPhoto, ReturnRequest, ReturnState
from shop.selectors.order_money import line_fen, order_money
from shop.selectors.returns import LineRight, line_rights
from shop.services.credits import credit_brought_back
from shop.services.order_refunds import refund_order
from shop.services.telling import tell_of_order

NEXT_RETURN: dict[str, frozenset[str]] = {
    ReturnState.ASKED: frozenset(
        {ReturnState.ACCEPTED, ReturnState.REFUSED, ReturnState.WITHDRAWN}
    ),
    ReturnState.ACCEPTED: frozenset({ReturnState.REFUNDED, ReturnState.WITHDRAWN}),
    ReturnState.REFUSED: frozenset(),
    ReturnState.REFUNDED: frozenset(),
    ReturnState.WITHDRAWN: frozenset(),
}


@transaction.atomic
def ask_return(
    *,
    purchase: Purchase,
    line_pk: int,
    packs: int,
    kind: str,
    words: str,
    at: datetime,
    photos: Sequence[Photo] = (),
) -> ReturnRequest:
    """Ask to send packs of a line back, with photographs of what is broken.

    Raises
    ------
    NotAllowed
        The line may not be sent back for that reason (any more); the sentence says why.
    BadInput
        No such line, or more packs than there are; or what is broken is not told.
    """
    Purchase.objects.select_for_update().get(pk=purchase.pk)
    _refuse(_right(purchase, line_pk, at=at), packs=packs, kind=kind, words=words)
    try:
        with transaction.atomic():
            row = ReturnRequest.objects.create(
                code=new_code("RT"),
                purchase=purchase,
                line_id=line_pk,
                packs=packs,
                kind=kind,
                words=words.strip()[:300],
                asked_at=at,
            )
    except IntegrityError:
        raise NotAllowed(_("这一样已经在退了，等村店答复。")) from None
    _keep_photos(row, photos)
    return row


def _refuse(right: LineRight, *, packs: int, kind: str, words: str) -> None:
    if not 1 <= packs <= right.packs:
        raise BadInput(_("最多能退 %(most)d 份。") % {"most": right.packs}, field="packs")
    if kind == ReturnKind.NO_REASON and right.why_not:
        raise NotAllowed(_("这一样不能无理由退：%(why)s") % {"why": right.why_not})
    if kind == ReturnKind.DAMAGED and not right.may_claim:
        raise NotAllowed(_("收到两个星期了，请直接打村店电话。"))
    if kind == ReturnKind.DAMAGED and not words.strip():
        raise BadInput(_("写一句哪里坏了、少了多少。"), field="words")


def _keep_photos(row: ReturnRequest, photos: Sequence[Photo]) -> None:
    for number, photo in enumerate(photos, start=1):
        ReturnPhoto.objects.create(
            request=row, number=number, image=photo.file, width=photo.width, height=photo.height
        )


def _right(purchase: Purchase, line_pk: int, *, at: datetime) -> LineRight:
    for right in line_rights(purchase, on=day_of(at)):
        if right.line.pk == line_pk:
            return right
    raise BadInput(_("选一样要退的。"), field="line")


@transaction.atomic
def answer_return(*, code: str, accept: bool, answer: str, by: User, at: datetime) -> ReturnRequest:
    """The shop takes it back, or says why it does not.

    Raises
    ------
    BadInput
        Refused without a reason.
    NotAllowed
        It was answered already, or what is refused is the buyer's right.
    """
    row = _locked(code)
    to = ReturnState.ACCEPTED if accept else ReturnState.REFUSED
    _refuse_jump(row, to)
    if not accept:
        _refuse_refusal(row, answer)
    row.state, row.answer = to, answer.strip()[:300]
    row.answered_by, row.answered_at = by, at
    row.save()
    words = row.answer or str(ReturnState.ACCEPTED.label)
    happening = f"{row.code}:{row.state}"
    tell_of_order(row.purchase, paying.RETURN_ANSWERED, happening=happening, at=at, answer=words)
    return row


def _refuse_refusal(row: ReturnRequest, answer: str) -> None:
    if not answer.strip():
        raise BadInput(_("不同意要写原因，买家看得到。"), field="answer")
    if row.kind == ReturnKind.NO_REASON:
        raise NotAllowed(_("七天无理由是买家的权利，没拆封就要收。东西寄回来不对，再打电话商量。"))


@transaction.atomic
def refund_return(*, code: str, by: User, at: datetime) -> ReturnRequest:
    """The goods are back: the money for them goes back too, by cash where it was paid in cash.

    Raises
    ------
    NotAllowed
        It was not accepted, or the person does not operate the shop.
    """
    row = _locked(code)
    _refuse_jump(row, ReturnState.REFUNDED)
    amount = return_fen(row)
    if amount and order_money(row.purchase).brought:
        made = refund_order(
            code=row.purchase.code,
            amount_fen=amount,
            reason=_("退货 %s") % row.code,
            key=_key(row),
            by=by,
            at=at,
        )
        row.refund_code = made[0].code if made else ""
    if not row.refund_code:
        row.state = ReturnState.REFUNDED  # in cash, or as credit at once
    row.answered_by, row.answered_at = by, at
    row.save()
    return row


def return_fen(row: ReturnRequest) -> int:
    """What the buyer brought for the packs; once it goes back, what goes back."""
    if row.refund_code:
        given = Refund.objects.filter(key__startswith=f"{_key(row)}:")
        return sum(given.values_list("amount", flat=True)) + credit_brought_back(_key(row))
    return line_fen(row.purchase, row.line, packs=row.packs)


def _key(row: ReturnRequest) -> str:
    """Under which its money goes back, once."""
    return f"return:{row.code}"


@transaction.atomic
def withdraw_return(*, code: str, at: datetime) -> ReturnRequest:
    """The buyer keeps it after all.

    Raises
    ------
    NotAllowed
        It was decided already, or its money is on its way back.
    """
    row = _locked(code)
    _refuse_jump(row, ReturnState.WITHDRAWN)
    if row.refund_code:
        raise NotAllowed(_("钱已经在退了，不用再按。"))
    row.state = ReturnState.WITHDRAWN
    row.save(update_fields=["state"])
    return row


def _locked(code: str) -> ReturnRequest:
    rows = ReturnRequest.objects.select_for_update(of=("self",))
    related = ("purchase__order", "purchase__shop", "purchase__station", "line")
    return rows.select_related(*related).get(code=code)


def _refuse_jump(row: ReturnRequest, to: ReturnState) -> None:
    if to not in NEXT_RETURN[row.state]:
        facts = {"code": row.code, "state": row.get_state_display()}
        raise NotAllowed(_("%(code)s 现在是“%(state)s”，这一步不能做。") % facts)
