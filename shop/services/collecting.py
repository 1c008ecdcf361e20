"""After the closing: asking for the money, letting go, and going on when it has come.

Every step is a plain query for what is still to be done, in small transactions: killed at any
point, the next tick goes on where it was left. Nothing is charged here; ``payments`` does that.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.errors import BadInput, NotAllowed
from core.mobile import plain_mobile
from growers.models import User
from notices.services import send_notice
from payments import services as payments
from payments.models import Payment, PaymentState
from payments.states import TROUBLED
from shop import pledge_wording as paying
from shop.models import (
    Campaign,
    CampaignMode,
    CampaignStage,
    CampaignState,
    Pledge,
    PledgeState,
    PledgeWay,
    Purchase,
    PurchaseState,
    SetbackChoice,
)
from shop.pledge_rules import REMIND_HOURS, is_enough
from shop.services.campaign_moves import move_stage
from shop.services.double_deposits import fund_doubles, owe_doubles
from shop.services.pledge_moves import locked_pledge, move_pledge, move_pledges
from shop.services.pledge_notices import tell_all
from shop.services.pledge_owner import fix_words, order_paid
from shop.services.pledge_payments import give_back, let_go, paid_fen, void_forgotten
from shop.services.telling import with_words

AT_ONCE = 200
CARD_REMIND_HOURS = (48, 96, 144)
MOST_HOURS = 24 * 30
ENDED = (PledgeState.CANCELLED, PledgeState.EXPIRED, PledgeState.RELEASED, PledgeState.LAPSED)
PLACED = Q(order_link__order__purchase__state=PurchaseState.PLACED)


def collect(*, campaign: Campaign, at: datetime) -> int:
    """Wake the payments of a succeeded campaign, so many at once; how many were woken.

    A pause stops the next ones, not those that are on their way.
    """
    woken = 0
    while not _paused(campaign):
        some = _asleep(campaign)[:AT_ONCE]
        codes = [code for code in some.values_list("payment_code", flat=True) if code]
        if not codes:
            break
        with transaction.atomic():
            moved = payments.make_due(codes=codes, at=at)
            _ask_by_link(codes, at=at)
        woken += moved
        if not moved:
            break
    return woken


def _paused(campaign: Campaign) -> bool:
    rows = Campaign.objects.filter(pk=campaign.pk, collection_paused_at__isnull=False)
    return rows.exists()


def _asleep(campaign: Campaign) -> QuerySet[Pledge]:
    """Due pledges whose payment does not know it yet."""
    still = Payment.objects.filter(state__in=[PaymentState.READY, PaymentState.WAITING])
    due = Pledge.objects.filter(campaign=campaign, state=PledgeState.DUE)
    return due.filter(payment_code__in=still.values("code")).order_by("pk")


def _ask_by_link(codes: list[str], *, at: datetime) -> None:
    by_link = Pledge.objects.filter(payment_code__in=codes, way=PledgeWay.LINK)
    _tell_to_pay(with_words(by_link), paying.PAY_BY_LINK, at=at)


def _tell_to_pay(pledges: list[Pledge], template: str, *, at: datetime, happening: str = "") -> int:
    codes = [pledge.payment_code for pledge in pledges]
    rows = {row.code: row for row in Payment.objects.filter(code__in=codes)}

    def more(pledge: Pledge) -> dict[str, str]:
        return fix_words(rows[pledge.payment_code or ""])

    return tell_all(pledges, template, at=at, happening=happening, more=more)


def release_pledges(*, campaign: Campaign, at: datetime) -> int:
    """Let go of the pledges of a failed or cancelled campaign: cards forgotten, money given back.

    When none is left the campaign is closed.
    """
    waiting = Pledge.objects.filter(campaign=campaign, state=PledgeState.TO_RELEASE)
    codes = list(waiting.order_by("pk").values_list("code", flat=True))
    done = sum(_release_one(code, at=at) for code in codes)
    settle_returns(campaign=campaign, at=at)
    return done


@transaction.atomic
def _release_one(code: str, *, at: datetime) -> bool:
    pledge = locked_pledge(code)
    if pledge.state != PledgeState.TO_RELEASE:
        return False
    paid = paid_fen(pledge)
    move_pledge(pledge, to=PledgeState.REFUNDING if paid else PledgeState.RELEASED, at=at)
    let_go(pledge, at=at)
    give_back(pledge, why="release", reason=_("没有成团"), by=None, at=at)
    return True


def settle_returns(*, campaign: Campaign, at: datetime) -> bool:
    """Close a campaign whose pledges are all let go or refunded."""
    going = (PledgeState.TO_RELEASE, PledgeState.REFUNDING)
    if Pledge.objects.filter(campaign=campaign, state__in=going).exists():
        return False
    return move_stage(campaign, to=CampaignStage.CLOSED, at=at)


def settle_collection(*, campaign: Campaign, at: datetime) -> bool:
    """Go on to growing when nothing is outstanding; ask a person when too little came."""
    if Pledge.objects.filter(campaign=campaign, state=PledgeState.DUE).exists():
        return False
    if campaign.mode == CampaignMode.AS_ORDERED or is_enough(
        collected_packs=collected_packs(campaign), goal_packs=campaign.goal_packs
    ):
        return move_stage(campaign, to=CampaignStage.GROWING, at=at)
    with transaction.atomic():
        moved = move_stage(campaign, to=CampaignStage.SHORTFALL_REVIEW, at=at)
        if moved:
            _tell_shop(campaign, at=at)
    return moved


def collected_packs(campaign: Campaign) -> int:
    """Packs of the pledges that became orders."""
    rows = Pledge.objects.filter(campaign=campaign, state=PledgeState.ORDERED)
    return int(rows.aggregate(sum=Sum("packs"))["sum"] or 0)


def _tell_shop(campaign: Campaign, *, at: datetime) -> None:
    """Once, to the shop's own number, if it has one."""
    listing = Campaign.objects.select_related("listing__shop").get(pk=campaign.pk).listing
    try:
        mobile = plain_mobile(listing.shop.phone)
    except BadInput:
        return
    with override(settings.LANGUAGE_CODE):
        words = {
            "goods": listing.title,
            "code": campaign.code,
            "collected": str(collected_packs(campaign)),
            "goal": str(campaign.goal_packs),
            "link": reverse("shop:work_campaign", args=[campaign.code]),
        }
    send_notice(
        key=f"{paying.REVIEW_NEEDED}:{campaign.code}",
        mobile=mobile,
        template=paying.REVIEW_NEEDED,
        context=words,
        language=settings.LANGUAGE_CODE,
        at=at,
    )


@transaction.atomic
def decide_shortfall(
    *, code: str, go_on: bool, reason: str, by: User | None, at: datetime
) -> Campaign:
    """Too little was paid: go on all the same, or give everything back; with the reason.

    Raises
    ------
    NotAllowed
        There is nothing to decide any more.
    BadInput
        There is no reason.
    """
    campaign = Campaign.objects.select_for_update().get(code=code)
    if not reason.strip():
        raise BadInput(_("写一句为什么这样定。"), field="reason")
    if campaign.stage != CampaignStage.SHORTFALL_REVIEW:
        raise NotAllowed(_("这场预售已经定过了。"))
    if go_on:
        move_stage(campaign, to=CampaignStage.GROWING, at=at, by=by, reason=reason)
    else:
        refund_all(campaign, at=at, by=by, reason=reason, told=paying.CANCELLED_BY_SHOP_REFUND)
    return campaign


def refund_all(
    campaign: Campaign,
    *,
    at: datetime,
    by: User | None,
    reason: str,
    told: str,
    asked: Collection[int] = (),
) -> None:
    """The seller fails: every pledge whose order is not packed goes back, a deposit twice.

    The money follows order by order (``return_pledges``). What is packed is delivered as agreed.

    ``asked`` are the numbers of pledges whose backers choose first, and were told already.
    """
    move_stage(campaign, to=CampaignStage.REFUNDING, at=at, by=by, reason=reason)
    due = Pledge.objects.filter(campaign=campaign, state=PledgeState.DUE)
    paid = _paid_not_packed(campaign)
    words = [*with_words(due), *(one for one in with_words(paid) if one.pk not in asked)]
    tell_all(words, told, at=at, happening="all", more=lambda _pledge: {"reason": reason})
    owe_doubles([*due, *paid], at=at)
    move_pledges(due, to=PledgeState.TO_RELEASE, at=at)
    move_pledges(paid, to=PledgeState.REFUNDING, at=at)


def _paid_not_packed(campaign: Campaign) -> QuerySet[Pledge]:
    """Their orders, substitutes too, are locked from here on: none is packed meanwhile."""
    ordered = Pledge.objects.filter(campaign=campaign, state=PledgeState.ORDERED).exclude(way="")
    orders = Purchase.objects.select_for_update(of=("self",))
    list(orders.filter(order__pledge_link__pledge__in=ordered).order_by("pk"))
    return ordered.filter(Q(order_link__isnull=True) | PLACED)


def return_pledges(*, campaign: Campaign, at: datetime) -> int:
    """Give back what the pledges of a campaign that is refunding were paid, order by order."""
    release_pledges(campaign=campaign, at=at)
    choosing = SetbackChoice.objects.filter(pledge=OuterRef("pk"), done_at__isnull=True)
    rows = Pledge.objects.filter(campaign=campaign, state=PledgeState.REFUNDING)
    rows = rows.exclude(Exists(choosing))
    mine = Q(code=OuterRef("payment_code")) | Q(code=OuterRef("deposit_code"))
    left = Payment.objects.filter(mine, paid__gt=F("refunded") + F("aside"))
    codes = list(rows.filter(Exists(left) | PLACED).values_list("code", flat=True))
    return sum(_return_one(code, at=at) for code in codes)


@transaction.atomic
def _return_one(code: str, *, at: datetime) -> bool:
    pledge = locked_pledge(code)
    if pledge.state != PledgeState.REFUNDING:
        return False
    drop_order(pledge, at=at)
    return give_back(pledge, why="all", reason=_("全额退款"), by=None, at=at) > 0


def drop_order(pledge: Pledge, *, at: datetime, by: User | None = None, tell: bool = True) -> None:
    """The order of a pledge that is given up will not be packed."""
    from shop.services.moving import cancel_order

    link = getattr(pledge, "order_link", None)
    purchase = link.order.purchase if link is not None else None
    if purchase is not None and purchase.state == PurchaseState.PLACED:
        cancel_order(code=purchase.code, by=by, at=at, tell=tell)


def pause_collection(*, code: str, paused: bool, at: datetime) -> None:
    """Stop waking payments, or go on; those on their way are not stopped."""
    rows = Campaign.objects.filter(code=code, stage=CampaignStage.COLLECTING)
    if not rows.update(collection_paused_at=at if paused else None):
        raise NotAllowed(_("这场预售不在收款。"))


def note_harvest(*, code: str, by: User | None, at: datetime) -> None:
    """The crop is in."""
    campaign = Campaign.objects.get(code=code)
    if not move_stage(campaign, to=CampaignStage.HARVESTED, at=at, by=by):
        raise NotAllowed(_("现在还不能记“采收完了”。"))


def remind(*, at: datetime) -> int:
    """Those whose link or card still waits, at fixed hours, once each."""
    return _remind_links(at) + _remind_cards(at)


def _remind_links(at: datetime) -> int:
    waiting = Payment.objects.filter(state=PaymentState.DUE, way=PledgeWay.LINK)
    return _remind_each(waiting, REMIND_HOURS, paying.PAY_REMINDER, at=at)


def _remind_cards(at: datetime) -> int:
    waiting = Payment.objects.filter(state__in=TROUBLED)
    return _remind_each(waiting, CARD_REMIND_HOURS, paying.CARD_REMINDER, at=at)


def _remind_each(
    waiting: QuerySet[Payment], hours: tuple[int, ...], template: str, *, at: datetime
) -> int:
    """Each reminder in its time; a tick that comes late sends the latest alone."""
    steps = zip(hours, [*hours[1:], MOST_HOURS], strict=True)
    return sum(_remind_after(waiting, hour, nxt, template, at) for hour, nxt in steps)


def _remind_after(
    waiting: QuerySet[Payment], hour: int, nxt: int, template: str, at: datetime
) -> int:
    since, until = at - timedelta(hours=nxt), at - timedelta(hours=hour)
    codes = waiting.filter(due_at__gt=since, due_at__lte=until).values("code")
    pledges = with_words(Pledge.objects.filter(payment_code__in=codes, state=PledgeState.DUE))
    return _tell_to_pay(pledges, template, at=at, happening=str(hour))


def go_on(*, at: datetime) -> None:
    """What the tick does for campaigns that collect, let go, refund or deliver."""
    for campaign in Campaign.objects.filter(stage=CampaignStage.COLLECTING):
        collect(campaign=campaign, at=at)
        order_what_is_paid(campaign=campaign, at=at)
        settle_collection(campaign=campaign, at=at)
    for campaign in Campaign.objects.filter(stage=CampaignStage.RELEASING):
        release_pledges(campaign=campaign, at=at)
    for campaign in Campaign.objects.filter(stage=CampaignStage.REFUNDING):
        return_pledges(campaign=campaign, at=at)
        settle_returns(campaign=campaign, at=at)
    fund_doubles(at=at)
    _follow_orders(at=at)
    void_forgotten(at=at, states=ENDED)


def order_what_is_paid(*, campaign: Campaign, at: datetime) -> int:
    """Paid pledges whose order was refused at first."""
    paid = Payment.objects.filter(state=PaymentState.PAID)
    due = Pledge.objects.filter(campaign=campaign, state=PledgeState.DUE)
    codes = due.filter(payment_code__in=paid.values("code")).values_list("code", flat=True)
    return sum(_order_late(code, at=at) for code in list(codes))


@transaction.atomic
def _order_late(code: str, *, at: datetime) -> bool:
    pledge = locked_pledge(code)
    return pledge.state == PledgeState.DUE and order_paid(pledge, at=at)


def _follow_orders(*, at: datetime) -> None:
    """Delivering since the first parcel left, completed when the last has arrived."""
    link = "order_link__order__purchase__state"
    mine = Pledge.objects.filter(campaign=OuterRef("pk"), order_link__isnull=False)
    left = mine.filter(**{f"{link}__in": [PurchaseState.SENT, PurchaseState.DELIVERED]})
    open_still = mine.filter(
        **{f"{link}__in": [PurchaseState.PLACED, PurchaseState.PACKED, PurchaseState.SENT]}
    )
    rows = Campaign.objects.filter(state=CampaignState.SUCCEEDED)
    growing = rows.filter(stage__in=[CampaignStage.GROWING, CampaignStage.HARVESTED])
    for campaign in growing.filter(Exists(left)):
        move_stage(campaign, to=CampaignStage.DELIVERING, at=at)
    for campaign in rows.filter(Q(stage=CampaignStage.DELIVERING) & ~Exists(open_still)):
        move_stage(campaign, to=CampaignStage.COMPLETED, at=at)
