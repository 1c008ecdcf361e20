"""What lies on the shelves today: contracts of an earlier plan, weighed in by the real services."""

from datetime import date, timedelta

from contracts.models import Contract, HarvestOffer, Plan, PlanHousehold, PriceTerm
from core.clock import week_of
from core.codes import new_code
from core.units import amount_for, fen
from devtools.county.world import World
from forecasting.models import ForecastRun
from growers.models import Household, Hub
from growers.selectors import bound_households, needs_fen_at, tiers_at
from logistics.services.weighing import weigh
from shop.models import Listing, SeasonState

PACKS_ON_SHELF = 40
MOST_LISTINGS = 60
RIPE = [SeasonState.IN_SEASON, SeasonState.LAST_WEEKS]


def build_stock(world: World, listings: list[Listing]) -> int:
    """Bring in produce for listings in season now; return how many got stock."""
    fresh = Listing.objects.filter(pk__in=[x.pk for x in listings], season_state__in=RIPE)
    fresh = fresh.select_related("form__crop", "grade", "shop__station", "shop__cooperative")
    chosen = sorted(fresh, key=lambda x: (x.shop != world.shops[0], x.form.crop.key, x.pk))
    plans: dict[int, Plan] = {}
    for listing in _spread(chosen):
        plan = plans.get(listing.shop.cooperative_id) or _earlier_plan(world, listing)
        plans[listing.shop.cooperative_id] = plan
        _bring_in(world, listing, plan)
    return min(len(chosen), MOST_LISTINGS)


def _spread(listings: list[Listing]) -> list[Listing]:
    """Every crop gets a shelf before a crop gets its second."""
    seen: dict[str, int] = {}
    ranked = []
    for listing in listings:
        key = listing.form.crop.key
        seen[key] = seen.get(key, 0) + 1
        ranked.append((seen[key], listing))
    ranked.sort(key=lambda pair: pair[0])
    return [listing for _rank, listing in ranked[:MOST_LISTINGS]]


def _earlier_plan(world: World, listing: Listing) -> Plan:
    """The plan of last season, ended; its contracts are the ones weighed against below."""
    area = world.areas[listing.shop.cooperative.region_id]
    at = world.now - timedelta(days=60)
    run = ForecastRun.objects.create(
        code=new_code("FC"),
        area=area,
        state="done",
        as_of=at,
        version="0",
        inputs_hash="0" * 64,
        seconds=0.0,
    )
    return Plan.objects.create(
        code=new_code("PN"),
        area=area,
        state="closed",
        is_open=False,
        eligibility_on=at.date(),
        forecast_run=run,
        first_monday=week_of(at.date()),
        last_monday=week_of(world.today),
        seed="0" * 32,
        seed_hash="0" * 64,
        created_at=at,
        created_by=world.people["planner"],
        proposed_at=at,
        proposed_by=world.people["planner"],
        approved_at=at,
        approved_by=world.people["approver"],
    )


def _bring_in(world: World, listing: Listing, plan: Plan) -> None:
    household = _household(world, listing)
    grade = listing.grade.name_zh if listing.grade else ""
    weight_g = listing.pack_weight_g * PACKS_ON_SHELF
    if Contract.objects.filter(
        plan=plan, household=household, form=listing.form, grade=grade
    ).exists():
        return
    contract = _contract(world, listing, plan, household)
    weigh(
        contract_code=contract.code,
        gross_g=weight_g + 2_000,
        tare_g=2_000,
        grade=grade,
        key=new_code("K", length=20),
        by=None,
        at=world.now - timedelta(days=1 + world.pick(3), hours=2),
    )


def _household(world: World, listing: Listing) -> Household:
    """A bound household; the walk's own household sells nothing before the walk."""
    bound = bound_households(listing.shop, world.today).exclude(pk=world.households[0].pk)
    rows = list(bound.order_by("pk")[:12])
    return rows[world.pick(len(rows))]


def _contract(world: World, listing: Listing, plan: Plan, household: Household) -> Contract:
    grade = listing.grade.name_zh if listing.grade else ""
    weight_g = listing.pack_weight_g * PACKS_ON_SHELF
    term = PriceTerm.objects.get(form=listing.form, grade=grade)
    answered = world.now - timedelta(days=40)
    contract = Contract.objects.create(
        code=new_code("CT"),
        plan=plan,
        household=household,
        cooperative=listing.shop.cooperative,
        shop=listing.shop,
        station=listing.shop.station,
        form=listing.form,
        grade=grade,
        price_per_kg=term.price_per_kg,
        floor_per_kg=term.floor_per_kg,
        weight_g=weight_g,
        state="accepted",
        offered_at=answered - timedelta(days=2),
        answered_at=answered,
        answered_by=world.people["planner"],
        consent_note="户主口头同意，帮扶人在场（示例）",
    )
    hub = world.hubs[listing.shop.cooperative.region_id]
    contract.lines.create(hub=hub, monday=week_of(world.today), weight_g=weight_g)
    _plan_rows(contract, hub=hub, monday=week_of(world.today))
    return contract


def _plan_rows(contract: Contract, *, hub: Hub, monday: date) -> None:
    """What the earlier plan holds of a contract: the household as it stood, offer and allotment."""
    plan, household = contract.plan, contract.household
    income = fen(amount_for(price_per_kg=contract.price_per_kg, weight_g=contract.weight_g))
    row, _made = PlanHousehold.objects.get_or_create(
        plan=plan,
        household=household,
        defaults={
            "number": plan.households.count() + 1,
            "shop": contract.shop,
            "station": contract.station,
            "tier": tiers_at([household.pk], plan.eligibility_on)[household.pk],
            "need_fen": needs_fen_at([household.pk], plan.eligibility_on)[household.pk],
            "is_open": False,
        },
    )
    total = row.income_fen + income
    plan.households.filter(pk=row.pk).update(
        income_fen=total, fair_income_fen=total, harvest_fen=total, level=total / row.need_fen
    )
    offer = HarvestOffer.objects.create(
        plan=plan,
        household=household,
        form=contract.form,
        grade=contract.grade,
        first_monday=monday,
        last_monday=monday,
        available_g=contract.weight_g,
    )
    plan.allotments.create(offer=offer, hub=hub, monday=monday, weight_g=contract.weight_g)
