"""A household brings its harvest: the slip, the lot and the amount due come to be together."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from contracts.models import Contract
from contracts.services import mark_fulfilled
from contracts.states import ContractState
from core.clock import day_of
from core.codes import new_code
from core.errors import BadInput, NotAllowed
from core.units import amount_for
from core.words import local
from growers.models import User
from logistics.models import Lot, LotSource, MoveReason, PayoutDue, WeighTicket
from logistics.selectors.access import may_keep
from logistics.services.moves import Document, place_of_station, post_move
from logistics.services.processing import shelf_life
from logistics.services.stock import refresh_listing_stock

DAYS_TO_PAY = timedelta(days=7)


@dataclass(frozen=True)
class Load:
    """What lies on the scale and what of it the contract takes."""

    gross_g: int
    tare_g: int
    accepted_g: int
    fills_contract: bool
    grade: str
    regrade_reason: str
    harvested_on: date
    price_per_kg: Decimal

    @property
    def net_g(self) -> int:
        return self.gross_g - self.tare_g

    @property
    def returned_g(self) -> int:
        """Grams over the contract, which go home again."""
        return self.net_g - self.accepted_g

    @property
    def amount(self) -> Decimal:
        """What is owed for it, to the fen."""
        return amount_for(price_per_kg=self.price_per_kg, weight_g=self.accepted_g)


@transaction.atomic
def weigh(
    *,
    contract_code: str,
    gross_g: int,
    tare_g: int,
    grade: str,
    key: str,
    by: User | None,
    at: datetime,
    regrade_reason: str = "",
    harvested_on: date | None = None,
) -> WeighTicket:
    """Weigh what a household brings against its contract; the same key gives the same slip.

    The price is the contract's and never below its floor, whatever the grade found. More than
    the contract has open is not taken: ``ticket.returned_g`` says how much goes home again.

    Raises
    ------
    NotAllowed
        When the contract is not accepted or already full, the person does not keep its station,
        or the key belongs to another contract.
    BadInput
        When weights or grade cannot be right, or another grade has no reason.
    """
    contract = _locked(contract_code)
    done = WeighTicket.objects.filter(key=key).select_related("contract").first()
    if done is not None:
        return _same(done, contract)
    load = assess_load(
        contract=contract,
        gross_g=gross_g,
        tare_g=tare_g,
        grade=grade,
        regrade_reason=regrade_reason,
        harvested_on=harvested_on,
        by=by,
        at=at,
    )
    return _write(contract, load, key=key, by=by, at=at)


def _write(
    contract: Contract, load: Load, *, key: str, by: User | None, at: datetime
) -> WeighTicket:
    ticket = _ticket(contract, load, key=key, by=by, at=at)
    _owe(ticket, load, at=at)
    lot = _receive(ticket, load, at=at)
    if load.fills_contract:
        mark_fulfilled(code=contract.code, by=by, at=at)
    refresh_listing_stock(lots=[lot], at=at)
    return ticket


def assess_load(
    *,
    contract: Contract,
    gross_g: int,
    tare_g: int,
    grade: str,
    by: User | None,
    at: datetime,
    regrade_reason: str = "",
    harvested_on: date | None = None,
) -> Load:
    """What a weighing would come to; writes nothing. Raises what ``weigh`` raises."""
    open_g = _open_weight(contract, by=by, at=at)
    _check_weights(gross_g, tare_g)
    load = Load(
        gross_g=gross_g,
        tare_g=tare_g,
        accepted_g=min(gross_g - tare_g, open_g),
        fills_contract=gross_g - tare_g >= open_g,
        grade=grade,
        regrade_reason=_reason(contract, grade, regrade_reason),
        harvested_on=_harvest_day(contract, harvested_on, at),
        price_per_kg=max(contract.price_per_kg, contract.floor_per_kg),
    )
    if load.amount <= 0:
        raise BadInput(_("这点重量不到一分钱，没法记账。"), field="gross")
    return load


def _locked(code: str) -> Contract:
    related = ("form__crop", "station", "household", "cooperative", "shop")
    rows = Contract.objects.select_for_update(of=("self",)).select_related(*related)
    found = rows.filter(code=code).first()
    if found is None:
        raise BadInput(_("没有合同 %s。") % code, field="contract")
    return found


def _same(ticket: WeighTicket, contract: Contract) -> WeighTicket:
    if ticket.contract_id != contract.pk:
        raise NotAllowed(_("这张过秤单已经记在 %s 上了。") % ticket.contract.code)
    return ticket


def _open_weight(contract: Contract, *, by: User | None, at: datetime) -> int:
    """Grams the contract still takes, once it is clear that it may be weighed at all."""
    if not may_keep(user=by, station=contract.station, on=day_of(at)):
        raise NotAllowed(_("%s 不在你的站点交货。") % contract.code)
    taken = contract.tickets.aggregate(grams=Sum("accepted_g"))["grams"] or 0
    open_g = contract.weight_g - taken
    if contract.state == ContractState.FULFILLED or (taken and open_g <= 0):
        raise NotAllowed(_("合同 %s 已经交满了。") % contract.code)
    if contract.state != ContractState.ACCEPTED:
        facts = {"code": contract.code, "state": contract.get_state_display()}
        raise NotAllowed(_("合同 %(code)s 现在是“%(state)s”，还不能过秤。") % facts)
    return int(open_g)


def _check_weights(gross_g: int, tare_g: int) -> None:
    if tare_g < 0:
        raise BadInput(_("皮重不能小于零。"), field="tare")
    if gross_g <= tare_g:
        raise BadInput(_("毛重要比皮重大。"), field="gross")


def _reason(contract: Contract, grade: str, reason: str) -> str:
    """The reason for a grade other than the contract's; empty when it is the contract's."""
    if grade == contract.grade:
        return ""
    if not contract.form.crop.grades.filter(name_zh=grade).exists():
        facts = {"form": contract.form.name, "grade": local(grade)}
        raise BadInput(_("%(form)s没有“%(grade)s”这一级。") % facts, field="grade")
    if not reason.strip():
        raise BadInput(_("和合同的等级不一样，请写原因。"), field="regrade_reason")
    return reason.strip()


def _harvest_day(contract: Contract, harvested_on: date | None, at: datetime) -> date:
    today = day_of(at)
    day = harvested_on or today
    if day > today:
        raise BadInput(_("采收日不能在今天以后。"), field="harvested_on")
    if day + shelf_life(contract.form.crop) <= today:
        raise BadInput(_("采下来太久，过了保质期，不能收。"), field="harvested_on")
    return day


def _ticket(
    contract: Contract, load: Load, *, key: str, by: User | None, at: datetime
) -> WeighTicket:
    return WeighTicket.objects.create(
        code=new_code("WT"),
        key=key,
        contract=contract,
        station=contract.station,
        gross_g=load.gross_g,
        tare_g=load.tare_g,
        net_g=load.net_g,
        accepted_g=load.accepted_g,
        grade=load.grade,
        regrade_reason=load.regrade_reason,
        price_per_kg=load.price_per_kg,
        floor_per_kg=contract.floor_per_kg,
        weighed_at=at,
        by=by,
    )


def _owe(ticket: WeighTicket, load: Load, *, at: datetime) -> None:
    PayoutDue.objects.create(
        ticket=ticket,
        household=ticket.contract.household,
        cooperative=ticket.contract.cooperative,
        shop=ticket.contract.shop,
        amount=load.amount,
        due_on=day_of(at) + DAYS_TO_PAY,
    )


def _receive(ticket: WeighTicket, load: Load, *, at: datetime) -> Lot:
    contract = ticket.contract
    lot = Lot.objects.create(
        code=new_code("LT"),
        form=contract.form,
        grade=ticket.grade,
        cooperative=contract.cooperative,
        shop=contract.shop,
        harvested_on=load.harvested_on,
        expires_on=load.harvested_on + shelf_life(contract.form.crop),
        opened_at=at,
    )
    LotSource.objects.create(lot=lot, ticket=ticket, weight_g=ticket.accepted_g)
    post_move(
        key=f"{ticket.code}:{MoveReason.RECEIVE}",
        lot=lot,
        weight_g=ticket.accepted_g,
        reason=MoveReason.RECEIVE,
        document=Document(code=ticket.code, by=ticket.by, at=at),
        to_place=place_of_station(ticket.station),
    )
    return lot
