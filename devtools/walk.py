"""The ten-minute walk round the loop: where each step is, in the world as it stands now."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from contracts.models import Contract, Plan
from contracts.states import PlanState
from core.clock import day_of
from forecasting.models import ForecastRun
from logistics.models import WeighTicket
from shop.models import Campaign, CampaignState, Purchase, PurchaseState

OFFERED = (PlanState.OFFERED, PlanState.CLOSED)


@dataclass(frozen=True)
class Step:
    """One step: who does it, what, and where."""

    who: str  # key of devtools.guide.PEOPLE, empty for nobody
    title: str
    text: str
    url: str
    done: bool
    state: str = ""  # done, here or next, as the steps component says it


@dataclass(frozen=True)
class Jump:
    """A day worth moving to."""

    label: str
    day: date


def walk_campaign(code: str) -> Campaign | None:
    """The campaign the walk follows."""
    found = Campaign.objects.filter(code=code) if code else Campaign.objects.none()
    return found.select_related(
        "listing__product", "listing__shop", "listing__form", "listing__variety", "listing__grade"
    ).first()


def jumps(campaign: Campaign | None, *, today: date) -> list[Jump]:
    """The deadline, the harvest, and a week on; days already past are left out."""
    found = [
        Jump(_("往后一周"), today + timedelta(days=7)),
        Jump(_("往后一天"), today + timedelta(days=1)),
    ]
    if campaign is not None:
        found.insert(0, Jump(_("到采收开始"), campaign.promised_from_on))
        found.insert(
            0, Jump(_("到预售截止后一天"), day_of(campaign.deadline_at) + timedelta(days=1))
        )
    return [jump for jump in found if jump.day > today]


def steps(campaign: Campaign | None, *, today: date) -> list[Step]:
    """The walk's steps with what is already done."""
    if campaign is None:
        return []
    rows = [*_selling(campaign), *_planning(campaign)]
    rows += [*_weighing(campaign, today=today), *_delivering(campaign)]
    here = next((n for n, row in enumerate(rows) if not row.done), len(rows))
    names = {True: "done", False: "next"}
    return [
        replace(row, state="here" if n == here else names[n < here or row.done])
        for n, row in enumerate(rows)
    ]


def _selling(campaign: Campaign) -> list[Step]:
    title = campaign.listing.title
    closed = campaign.state != CampaignState.LIVE
    reserved = campaign.pledges.filter(user__username="consumer")
    forecasts = ForecastRun.objects.filter(
        area__region_id=campaign.listing.origin.county_code,
        made_by__username="planner",
        as_of__gte=campaign.opens_at,
    )
    return [
        Step(
            "consumer",
            _("约几份"),
            _("%(title)s还没熟，先约好，再选一种付法。") % {"title": title},
            reverse("shop:campaign", args=[campaign.code]),
            closed or reserved.exists(),
        ),
        Step(
            "planner",
            _("看需求预测"),
            _("预售才走到一半，按现在的数再算一次，看看最后大概会约多少、缺不缺货。"),
            reverse("forecasting:demand"),
            closed or forecasts.exists(),
        ),
        Step(
            "",
            _("把日子拨到截止后"),
            _("到点自动截止：约够了，每一份预约变成一张订单。"),
            "#jump",
            closed,
        ),
    ]


def _plans(campaign: Campaign) -> QuerySet[Plan]:
    """Plans of the campaign's county made since it opened."""
    area = Plan.objects.filter(area__region_id=campaign.listing.origin.county_code)
    return area.filter(created_at__gte=campaign.opens_at)


def _planning(campaign: Campaign) -> list[Step]:
    plans = _plans(campaign)
    offered = plans.filter(state__in=OFFERED)
    accepted = Contract.objects.filter(
        plan__in=offered, form_id=campaign.listing.form_id, state__in=["accepted", "fulfilled"]
    )
    return [
        Step(
            "planner",
            _("排收购方案"),
            _("把需求分给种植户：帮扶户先排，谁多谁少有理由。算完提交审批。"),
            reverse("contracts:plans"),
            plans.filter(state__in=[PlanState.PROPOSED, PlanState.APPROVED, *OFFERED]).exists(),
        ),
        Step(
            "approver",
            _("另一个人来批"),
            _("提方案的人自己批不了，换一个人看过再批。"),
            reverse("contracts:waiting"),
            plans.filter(state__in=[PlanState.APPROVED, *OFFERED]).exists(),
        ),
        Step(
            "planner",
            _("发合同"),
            _("打开批准了的方案，把合同发到每户手上。"),
            reverse("contracts:plans"),
            offered.exists(),
        ),
        Step(
            "household",
            _("种植户答复合同"),
            _("手机上看：交多少、哪周交、每斤多少钱、为什么是这个数。"),
            reverse("logistics:household_home"),
            accepted.exists(),
        ),
    ]


def _weighing(campaign: Campaign, *, today: date) -> list[Step]:
    tickets = WeighTicket.objects.filter(
        contract__plan__in=_plans(campaign), contract__form_id=campaign.listing.form_id
    )
    return [
        Step(
            "",
            _("把日子拨到采收"),
            _("到了日子，货下来了。"),
            "#jump",
            today >= campaign.promised_from_on,
        ),
        Step(
            "station_keeper",
            _("过秤"),
            _("按合同收货，开过秤单，欠种植户的钱当场记下。"),
            reverse("logistics:station_home"),
            tickets.exists(),
        ),
    ]


def _delivering(campaign: Campaign) -> list[Step]:
    orders = Purchase.objects.filter(order__pledge_link__pledge__campaign=campaign)
    sent = orders.filter(state__in=[PurchaseState.SENT, PurchaseState.DELIVERED])
    delivered = orders.filter(state=PurchaseState.DELIVERED)
    # Many orders wait beside the walker's own: the links lead to that one.
    own = orders.filter(user__username="consumer").order_by("-pk").first()
    asked = f"?q={own.code}" if own else ""
    return [
        Step(
            "shop_operator",
            _("打包发货"),
            _("照拣货单从批次里拿货，打包，再按一下发往站点。"),
            reverse("logistics:pack") + asked,
            sent.exists(),
        ),
        Step(
            "station_keeper",
            _("交货收钱"),
            _("顾客到站点拿货。网上付过的直接交，没付的收现金或扫码。"),
            reverse("logistics:station_home") + asked,
            delivered.exists(),
        ),
        Step(
            "household",
            _("看该收多少钱"),
            _("过秤单、单价、应付款和日子，都在手机上。"),
            reverse("logistics:household_home"),
            delivered.exists(),
        ),
    ]
