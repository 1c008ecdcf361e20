"""What each backer chooses after a setback, carried out at once in one transaction with its money.

Who says nothing in time gets the default.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core.errors import BadInput, NotAllowed, PlatformError
from core.templatetags.shanhuo import yuan
from core.units import from_fen
from shop import pledge_wording as paying
from shop.errors import NotEnoughStock
from shop.models import (
    SENT_IN_PART,
    Pledge,
    PledgeState,
    Purchase,
    PurchaseState,
    Remedy,
    Setback,
    SetbackChoice,
    SetbackKind,
)
from shop.selectors.setbacks import DEFAULTS
from shop.services.collecting import drop_order
from shop.services.credits import give_credit
from shop.services.placing import place_substitute
from shop.services.pledge_moves import locked_pledge, move_pledge
from shop.services.pledge_notices import tell_all
from shop.services.pledge_payments import give_back, paid_fen
from shop.services.setbacks import tell_of
from shop.services.telling import with_words

log = logging.getLogger(__name__)

REMIND_BEFORE = timedelta(days=1)
REMEDIES: dict[str, tuple[Remedy, ...]] = {
    SetbackKind.PARTIAL: (
        Remedy.PARTIAL,
        Remedy.REFUND,
        Remedy.WAIT,
        Remedy.CREDIT,
        Remedy.CREDIT_ALL,
    ),
    SetbackKind.DELAY: (Remedy.WAIT, Remedy.REFUND, Remedy.CREDIT_ALL),
    SetbackKind.FAILED: (Remedy.REFUND, Remedy.CREDIT_ALL),
}
GIVES_UP = {
    Remedy.REFUND: PledgeState.REFUNDING,
    Remedy.CREDIT_ALL: PledgeState.CREDITED,
}
AS_CREDIT = (Remedy.CREDIT, Remedy.CREDIT_ALL)


@transaction.atomic
def choose(*, setback_code: str, pledge_code: str, remedy: str, at: datetime) -> SetbackChoice:
    """A backer's choice, carried out at once.

    Raises
    ------
    NotAllowed
        It was chosen before, or the days to choose are over.
    BadInput
        This is not among what can be chosen.
    """
    pledge = locked_pledge(pledge_code)
    rows = SetbackChoice.objects.select_for_update(of=("self",)).select_related(
        "setback__substitute__product", "setback__substitute__shop"
    )
    choice = rows.get(setback__code=setback_code, pledge=pledge)
    if choice.remedy:
        raise NotAllowed(_("已经按“%(what)s”办了。") % {"what": choice.get_remedy_display()})
    if at >= choice.setback.choose_by:
        raise NotAllowed(_("选的时间过了，按说好的办。"))
    if remedy not in remedies_of(choice.setback):
        raise BadInput(_("这一种不能选，换一种。"), field="remedy")
    choice.remedy, choice.chosen_at = remedy, at
    _carry_out(choice, pledge, at=at)
    return choice


def remedies_of(setback: Setback) -> tuple[Remedy, ...]:
    """What a backer may choose: to wait where there is a later day, other goods where offered."""
    same = (setback.new_from_on, setback.new_to_on) == (setback.old_from_on, setback.old_to_on)
    offered = [one for one in REMEDIES[setback.kind] if one != Remedy.WAIT or not same]
    instead = (Remedy.SUBSTITUTE,) if setback.substitute_id else ()
    return (*offered, *instead)


def _carry_out(choice: SetbackChoice, pledge: Pledge, *, at: datetime) -> None:
    """Money and order follow the choice; the pledge is locked."""
    ends_as = GIVES_UP.get(Remedy(choice.remedy))
    if ends_as is not None:
        drop_order(pledge, at=at, tell=choice.remedy == Remedy.REFUND)
        if pledge.state != ends_as:
            move_pledge(pledge, to=ends_as, at=at, reason=choice.setback.reason)
    _move_money(choice, pledge, at=at)
    if choice.remedy == Remedy.WAIT:
        _wait(choice, pledge)
    if choice.remedy == Remedy.SUBSTITUTE:
        _replace(choice, pledge, at=at)
    choice.done_at = at
    choice.save()
    _tell_done(choice, at=at)


def _move_money(choice: SetbackChoice, pledge: Pledge, *, at: datetime) -> None:
    """What is not sent goes back or is kept as credit; never more than is left of what was paid."""
    amount = _not_sent(choice)
    choice.refund_fen = 0
    if amount and choice.remedy in AS_CREDIT:
        choice.credit_fen = give_credit(choice=choice, pledge=pledge, amount=amount, at=at)
    elif amount:
        choice.refund_fen = give_back(
            pledge,
            why=f"setback:{choice.setback.code}",
            reason=choice.setback.reason,
            by=None,
            at=at,
            amount=amount,
        )


def _not_sent(choice: SetbackChoice) -> int:
    """Fen: a part that is sent keeps its carriage; of nothing sent everything is given up."""
    if choice.remedy in GIVES_UP:
        return choice.goods_fen + choice.carriage_fen
    if choice.remedy in SENT_IN_PART:
        return choice.goods_fen - choice.keep_fen
    return 0


def _wait(choice: SetbackChoice, pledge: Pledge) -> None:
    mine = Purchase.objects.filter(order__pledge_link__pledge=pledge, state=PurchaseState.PLACED)
    setback = choice.setback
    mine.update(promised_from_on=setback.new_from_on, promised_to_on=setback.new_to_on)


def _replace(choice: SetbackChoice, pledge: Pledge, *, at: datetime) -> None:
    """The shop's other goods for the same packs and money; refused where too few are left."""
    listing = choice.setback.substitute
    if pledge.state != PledgeState.ORDERED or paid_fen(pledge) < choice.goods_fen:
        raise BadInput(_("这一份的钱已经退了，不能换货。"), field="remedy")
    if listing is None:
        raise BadInput(_("没有货能换，先选别的办法。"), field="remedy")
    drop_order(pledge, at=at, tell=False)  # its words promise money back
    try:
        with transaction.atomic():
            place_substitute(pledge=pledge, listing=listing, at=at)
    except NotEnoughStock as error:
        text = _("%(goods)s 不够换了，换一种办法。") % {"goods": listing.title}
        raise BadInput(text, field="remedy") from error


def _tell_done(choice: SetbackChoice, *, at: datetime) -> None:
    template = paying.CHOICE_CREDIT if choice.credit_fen else paying.CHOICE_DONE

    def more(pledge: Pledge) -> dict[str, str]:
        return {
            "choice": str(choice.get_remedy_display()),
            "refund": yuan(from_fen(choice.refund_fen or 0)),
            "credit": yuan(from_fen(choice.credit_fen)),
            "spend": reverse("shop:credit"),
        }

    told = with_words(Pledge.objects.filter(pk=choice.pledge_id))
    tell_all(told, template, at=at, happening=choice.setback.code, more=more)


def close_choices(pledge: Pledge, *, refund_fen: int, at: datetime) -> None:
    """Nothing is left to choose: the shop cancelled the order, and so much went back with it."""
    waiting = SetbackChoice.objects.filter(pledge=pledge, done_at__isnull=True)
    waiting.update(remedy=Remedy.REFUND, refund_fen=refund_fen, chosen_at=at, done_at=at)


def settle_setbacks(*, at: datetime) -> int:
    """Those who said nothing in time get the default; how many were carried out now."""
    done = 0
    for setback in Setback.objects.filter(settled_at__isnull=True):
        if setback.choose_by <= at:
            default = DEFAULTS[setback.kind]
            silent = setback.choices.filter(remedy="")
            silent.update(remedy=default, by_default=True, chosen_at=at)
        left = setback.choices.filter(done_at__isnull=True).exclude(remedy="")
        codes = list(left.values_list("pledge__code", flat=True))
        done += sum(_finish_safely(setback.code, code, at=at) for code in codes)
        if not setback.choices.filter(done_at__isnull=True).exists():
            Setback.objects.filter(pk=setback.pk, settled_at__isnull=True).update(settled_at=at)
    return done


def _finish_safely(setback_code: str, pledge_code: str, *, at: datetime) -> bool:
    """One backer's trouble keeps nobody else waiting; the next tick tries again."""
    try:
        return _finish(setback_code, pledge_code, at=at)
    except PlatformError:
        log.exception("the choice of pledge %s was not carried out", pledge_code)
        return False


@transaction.atomic
def _finish(setback_code: str, pledge_code: str, *, at: datetime) -> bool:
    pledge = locked_pledge(pledge_code)
    rows = SetbackChoice.objects.select_for_update(of=("self",)).select_related("setback")
    choice = rows.get(setback__code=setback_code, pledge=pledge)
    if choice.done_at is not None:
        return False
    _carry_out(choice, pledge, at=at)
    return True


def remind_to_choose(*, at: datetime) -> int:
    """Those who have not chosen hear it once more, a day before the end."""
    soon = Setback.objects.filter(settled_at__isnull=True, choose_by__gt=at)
    told = 0
    for setback in soon.filter(choose_by__lte=at + REMIND_BEFORE):
        silent = setback.choices.filter(remedy="").values("pledge")
        pledges = with_words(Pledge.objects.filter(pk__in=silent))
        tell_of(setback, pledges, paying.CHOICE_REMINDER, at=at)
        told += len(pledges)
    return told
