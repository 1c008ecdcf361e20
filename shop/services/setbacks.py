"""Less harvest, or later: the shop says so, each backer chooses, and the choice is carried out.

What each would get is fixed when it is declared, so that one backer's choice changes nobody else's.
A choice is carried out at once, in one transaction with its refund; who says nothing in seven days
gets the default.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.codes import new_code
from core.errors import BadInput, NotAllowed, PlatformError
from core.templatetags.shanhuo import day_range, moment, yuan
from core.units import fen, from_fen
from growers.models import User
from shop import pledge_wording as paying
from shop.errors import NotEnoughStock
from shop.models import (
    Campaign,
    CampaignStage,
    Listing,
    Pledge,
    PledgeState,
    Purchase,
    PurchaseState,
    Remedy,
    Setback,
    SetbackChoice,
    SetbackKind,
)
from shop.pledge_rules import CHOOSE_DAYS, kept_of
from shop.selectors.setbacks import choose_path
from shop.services.collecting import drop_order, refund_all
from shop.services.placing import place_substitute
from shop.services.pledge_moves import locked_pledge, move_pledge
from shop.services.pledge_notices import tell_all
from shop.services.pledge_payments import give_back
from shop.services.telling import with_words

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 500
REMIND_BEFORE = timedelta(days=1)
BEFORE_SENDING = (CampaignStage.COLLECTING, CampaignStage.GROWING, CampaignStage.HARVESTED)
REMEDIES: dict[str, tuple[Remedy, ...]] = {
    SetbackKind.PARTIAL: (Remedy.PARTIAL, Remedy.REFUND, Remedy.WAIT),
    SetbackKind.DELAY: (Remedy.WAIT, Remedy.REFUND),
    SetbackKind.FAILED: (),
}
TOLD = {SetbackKind.PARTIAL: paying.SHORT_HARVEST, SetbackKind.DELAY: paying.LATE_HARVEST}


@dataclass(frozen=True)
class News:
    """What the shop declares; the window is the one that holds from now on."""

    kind: SetbackKind
    reason: str
    percent: int = 100
    from_on: date | None = None
    to_on: date | None = None
    substitute: Listing | None = None


@transaction.atomic
def declare_setback(*, code: str, news: News, by: User | None, at: datetime) -> Setback:
    """Say that less will come, later, or nothing; every backer is told and may choose.

    Raises
    ------
    NotAllowed
        The parcels are on their way, money is not settled yet, or something is being chosen.
    BadInput
        No reason, a share that cannot be, or a window that is not later.
    """
    campaign = Campaign.objects.select_for_update().get(code=code)
    _check_may_declare(campaign, news.kind)
    _check(campaign, news)
    setback = _write(campaign, news, by=by, at=at)
    if news.kind == SetbackKind.FAILED:
        refund_all(campaign, at=at, by=by, reason=news.reason, told=paying.NO_HARVEST)
        return setback
    _move_window(campaign, setback)
    pledges = with_words(_to_ask(campaign))
    SetbackChoice.objects.bulk_create(_choices(setback, pledges), batch_size=ROWS_AT_ONCE)
    _tell(setback, pledges, TOLD[news.kind], at=at)
    return setback


def _check_may_declare(campaign: Campaign, kind: SetbackKind) -> None:
    if campaign.stage not in BEFORE_SENDING:
        raise NotAllowed(_("现在不能报减产或改日子：还没成团，或者已经开始发货。"))
    if campaign.stage == CampaignStage.COLLECTING and kind != SetbackKind.FAILED:
        raise NotAllowed(_("钱还没收齐，收完再报减产或改日子。"))
    if campaign.setbacks.filter(settled_at__isnull=True).exists():
        raise NotAllowed(_("上一次的还在等买家选，选完再报。"))


def _check(campaign: Campaign, news: News) -> None:
    if not news.reason.strip():
        raise BadInput(_("写一句原因，约过的人会看到。"), field="reason")
    if news.kind == SetbackKind.PARTIAL and not 0 < news.percent < 100:
        raise BadInput(_("能发几成，写 1 到 99 的整数。"), field="percent")
    first, last = _window(campaign, news)
    if last < first:
        raise BadInput(_("最后一天要在第一天之后。"), field="to_on")
    if news.kind == SetbackKind.DELAY and first <= campaign.promised_from_on:
        text = _("新日子要晚于原来的 %(day)s。")
        raise BadInput(text % {"day": campaign.promised_from_on}, field="from_on")


def _window(campaign: Campaign, news: News) -> tuple[date, date]:
    first = news.from_on or campaign.promised_from_on
    return first, news.to_on or max(first, campaign.promised_to_on)


def _write(campaign: Campaign, news: News, *, by: User | None, at: datetime) -> Setback:
    first, last = _window(campaign, news)
    failed = news.kind == SetbackKind.FAILED
    percent = {SetbackKind.DELAY: 100, SetbackKind.FAILED: 0}.get(news.kind, news.percent)
    return Setback.objects.create(
        code=new_code("SB"),
        campaign=campaign,
        kind=news.kind,
        percent=percent,
        old_from_on=campaign.promised_from_on,
        old_to_on=campaign.promised_to_on,
        new_from_on=first,
        new_to_on=last,
        substitute=news.substitute,
        reason=news.reason.strip(),
        declared_at=at,
        declared_by=by,
        choose_by=at + timedelta(days=CHOOSE_DAYS),
        settled_at=at if failed else None,
    )


def _move_window(campaign: Campaign, setback: Setback) -> None:
    """The new promise holds for the campaign and for its orders that are not packed."""
    if setback.kind != SetbackKind.DELAY:
        return
    campaign.promised_from_on, campaign.promised_to_on = setback.new_from_on, setback.new_to_on
    campaign.save(update_fields=["promised_from_on", "promised_to_on"])
    mine = Purchase.objects.filter(order__pledge_link__pledge__campaign=campaign)
    mine.filter(state=PurchaseState.PLACED).update(
        promised_from_on=setback.new_from_on, promised_to_on=setback.new_to_on
    )


def _to_ask(campaign: Campaign) -> QuerySet[Pledge]:
    """Paid pledges whose order is not packed yet."""
    paid = Pledge.objects.filter(campaign=campaign, state=PledgeState.ORDERED).exclude(way="")
    return paid.filter(order_link__order__purchase__state=PurchaseState.PLACED)


def _choices(setback: Setback, pledges: Sequence[Pledge]) -> list[SetbackChoice]:
    """What each would keep, pro rata inside its tier, to the fen and the gram."""
    by_tier: dict[int | None, list[Pledge]] = defaultdict(list)
    for pledge in pledges:
        by_tier[pledge.tier_id].append(pledge)
    return [row for group in by_tier.values() for row in _choices_of(setback, group)]


def _choices_of(setback: Setback, pledges: Sequence[Pledge]) -> list[SetbackChoice]:
    goods = [fen(pledge.goods) for pledge in pledges]
    weights = [pledge.packs * pledge.campaign.listing.pack_weight_g for pledge in pledges]
    kept, kept_g = kept_of(goods, setback.percent), kept_of(weights, setback.percent)
    return [
        SetbackChoice(
            setback=setback,
            pledge=pledge,
            goods_fen=goods[i],
            carriage_fen=fen(pledge.total) - goods[i],
            weight_g=weights[i],
            keep_fen=kept[i],
            keep_g=kept_g[i],
        )
        for i, pledge in enumerate(pledges)
    ]


def _tell(setback: Setback, pledges: Sequence[Pledge], template: str, *, at: datetime) -> None:
    def more(pledge: Pledge) -> dict[str, str]:
        return {
            "percent": str(setback.percent),
            "reason": setback.reason,
            "until": moment(setback.choose_by),
            "choose": choose_path(setback.code, pledge.code),
            "old": day_range(setback.old_from_on, setback.old_to_on),
            "new": day_range(setback.new_from_on, setback.new_to_on),
        }

    tell_all(pledges, template, at=at, happening=setback.code, more=more)


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
    choice.refund_fen = _refund_of(choice)
    why = f"setback:{choice.setback.code}"
    if choice.remedy == Remedy.REFUND:
        drop_order(pledge, at=at)
        move_pledge(pledge, to=PledgeState.REFUNDING, at=at, reason=choice.setback.reason)
    if choice.refund_fen:
        choice.refund_fen = give_back(
            pledge,
            why=why,
            reason=choice.setback.reason,
            by=None,
            at=at,
            amount=choice.refund_fen,
        )
    if choice.remedy == Remedy.WAIT:
        _wait(choice, pledge)
    if choice.remedy == Remedy.SUBSTITUTE:
        _replace(choice, pledge, at=at)
    choice.done_at = at
    choice.save()
    _tell_done(choice, at=at)


def _refund_of(choice: SetbackChoice) -> int:
    """A part that is sent keeps its carriage; nothing sent gives back everything."""
    if choice.remedy == Remedy.REFUND:
        return choice.goods_fen + choice.carriage_fen
    if choice.remedy == Remedy.PARTIAL:
        return choice.goods_fen - choice.keep_fen
    return 0


def _wait(choice: SetbackChoice, pledge: Pledge) -> None:
    mine = Purchase.objects.filter(order__pledge_link__pledge=pledge, state=PurchaseState.PLACED)
    setback = choice.setback
    mine.update(promised_from_on=setback.new_from_on, promised_to_on=setback.new_to_on)


def _replace(choice: SetbackChoice, pledge: Pledge, *, at: datetime) -> None:
    """The shop's other goods for the same packs and money; refused where too few are left."""
    listing = choice.setback.substitute
    if listing is None:
        raise BadInput(_("没有货能换，先选别的办法。"), field="remedy")
    drop_order(pledge, at=at)
    try:
        with transaction.atomic():
            place_substitute(pledge=pledge, listing=listing, at=at)
    except NotEnoughStock as error:
        text = _("%(goods)s 不够换了，换一种办法。") % {"goods": listing.title}
        raise BadInput(text, field="remedy") from error


def _tell_done(choice: SetbackChoice, *, at: datetime) -> None:
    def more(pledge: Pledge) -> dict[str, str]:
        return {
            "choice": str(choice.get_remedy_display()),
            "refund": yuan(from_fen(choice.refund_fen or 0)),
        }

    told = with_words(Pledge.objects.filter(pk=choice.pledge_id))
    tell_all(told, paying.CHOICE_DONE, at=at, happening=choice.setback.code, more=more)


def settle_setbacks(*, at: datetime) -> int:
    """Those who said nothing in time get the default; how many were carried out now."""
    done = 0
    for setback in Setback.objects.filter(settled_at__isnull=True):
        if setback.choose_by <= at:
            default = REMEDIES[setback.kind][0]
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
        _tell(setback, pledges, paying.CHOICE_REMINDER, at=at)
        told += len(pledges)
    return told
