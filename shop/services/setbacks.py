"""Less harvest, or later: the shop or the calendar says so, and every backer is asked.

What each would get is fixed when it is declared, so that one backer's choice changes nobody else's.
``choosing`` carries out what they choose.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.codes import new_code
from core.errors import BadInput, NotAllowed
from core.templatetags.shanhuo import day_range, moment
from core.units import fen
from growers.models import User
from shop import pledge_wording as paying
from shop.models import (
    Campaign,
    CampaignStage,
    Listing,
    Pledge,
    PledgeState,
    Purchase,
    PurchaseState,
    Setback,
    SetbackChoice,
    SetbackKind,
)
from shop.pledge_rules import CHOOSE_DAYS, CHOOSE_DAYS_OF_FAILED, kept_of
from shop.selectors.setbacks import choose_path
from shop.services.campaign_moves import move_promise
from shop.services.collecting import refund_all
from shop.services.pledge_notices import tell_all
from shop.services.telling import with_words

ROWS_AT_ONCE = 500
BEFORE_SENDING = (CampaignStage.COLLECTING, CampaignStage.GROWING, CampaignStage.HARVESTED)
TOLD = {
    SetbackKind.PARTIAL: paying.SHORT_HARVEST,
    SetbackKind.DELAY: paying.LATE_HARVEST,
    SetbackKind.FAILED: paying.NO_HARVEST,
}


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
    return declare(campaign, news, by=by, at=at)


def declare(
    campaign: Campaign,
    news: News,
    *,
    by: User | None,
    at: datetime,
    calendar_key: str | None = None,
) -> Setback:
    """Write down what was looked at before, and tell the backers of the locked campaign."""
    setback = _write(campaign, news, by=by, at=at)
    if calendar_key is not None:
        setback.calendar_key = calendar_key
        setback.save(update_fields=["calendar_key"])
    _move_window(campaign, setback, at=at)
    pledges = with_words(_to_ask(campaign))
    SetbackChoice.objects.bulk_create(_choices(setback, pledges), batch_size=ROWS_AT_ONCE)
    tell_of(setback, pledges, TOLD[news.kind], at=at)
    if news.kind == SetbackKind.DELAY:
        tell_of(setback, with_words(_on_collection(campaign)), paying.LATE_ON_COLLECTION, at=at)
    if news.kind == SetbackKind.FAILED:
        refund_all(
            campaign,
            at=at,
            by=by,
            reason=news.reason,
            told=paying.NO_HARVEST_UNPAID,
            asked={pledge.pk for pledge in pledges},
        )
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
        choose_by=at + timedelta(days=_days(news.kind)),
    )


def _days(kind: SetbackKind) -> int:
    """Where nothing comes the money goes back soon."""
    return CHOOSE_DAYS_OF_FAILED if kind == SetbackKind.FAILED else CHOOSE_DAYS


def _move_window(campaign: Campaign, setback: Setback, *, at: datetime) -> None:
    """The new promise holds for the campaign and for its orders that are not packed."""
    if setback.kind != SetbackKind.DELAY:
        return
    move_promise(campaign, first=setback.new_from_on, last=setback.new_to_on, at=at)
    mine = Purchase.objects.filter(
        order__pledge_link__pledge__campaign=campaign,
        order__lines__product__listing=campaign.listing_id,  # not what was sent instead
    )
    mine.filter(state=PurchaseState.PLACED).update(
        promised_from_on=setback.new_from_on, promised_to_on=setback.new_to_on
    )


def _to_ask(campaign: Campaign) -> QuerySet[Pledge]:
    """Paid pledges whose order is not packed yet."""
    return _not_packed(campaign).exclude(way="")


def _on_collection(campaign: Campaign) -> QuerySet[Pledge]:
    """Pledges to be paid at the handing over: they have no money to choose about."""
    return _not_packed(campaign).filter(way="")


def _not_packed(campaign: Campaign) -> QuerySet[Pledge]:
    ordered = Pledge.objects.filter(campaign=campaign, state=PledgeState.ORDERED)
    return ordered.filter(
        order_link__order__purchase__state=PurchaseState.PLACED,
        order_link__order__lines__product__listing=campaign.listing_id,  # nothing sent instead
    )


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


def tell_of(setback: Setback, pledges: Sequence[Pledge], template: str, *, at: datetime) -> None:
    """Tell backers what was declared, with the address under which each chooses; once each."""

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
