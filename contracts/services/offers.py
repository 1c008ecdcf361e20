"""What stations can take and what households can bring, frozen for a plan."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import QuerySet

from contracts.models import HarvestOffer, PlanLane
from contracts.services.frozen import BATCH, Frozen
from contracts.services.harvest import expected_harvest_g, raw_parts
from core.clock import week_of
from core.units import GRAMS_PER_KG, shares
from growers.models import Household
from harvest_calendar.models import StationIntake
from harvest_calendar.selectors import Season, seasons_of

OfferKey = tuple[int, int, str]


def freeze_lanes(frozen: Frozen) -> None:
    """What stations declared; one limit over several grades is split by what of each is wanted."""
    plan = frozen.plan
    grades: dict[int, list[str]] = defaultdict(list)
    for form_id, grade in sorted(frozen.demand):
        grades[form_id].append(grade)
    declared = StationIntake.objects.filter(
        form__in=grades,
        monday__range=(plan.first_monday, plan.last_monday),
        station__in=plan.households.values("station"),
    )
    lanes = []
    for intake in declared:
        names = grades[intake.form_id]
        parts = shares(intake.capacity_g, [frozen.demand[intake.form_id, name] for name in names])
        lanes += [
            PlanLane(
                plan=plan,
                station_id=intake.station_id,
                form_id=intake.form_id,
                grade=name,
                monday=intake.monday,
                capacity_g=part,
            )
            for name, part in zip(names, parts, strict=True)
        ]
    PlanLane.objects.bulk_create(lanes, batch_size=BATCH)


def freeze_offers(frozen: Frozen, households: QuerySet[Household]) -> None:
    """What each household can bring of each product in its season, or has signed to bring."""
    plan = frozen.plan
    offers = _expected_offers(frozen, households)
    expected, taking_part = set(offers), set(households.values_list("pk", flat=True))
    for line in frozen.signed:
        key = (line.household_id, line.form_id, line.grade)
        if (line.form_id, line.grade) not in frozen.demand or line.household_id not in taking_part:
            continue
        offer = offers.get(key)
        if offer is None:
            offer = offers[key] = HarvestOffer(
                plan=plan,
                household_id=line.household_id,
                form_id=line.form_id,
                grade=line.grade,
                first_monday=line.monday,
                last_monday=line.monday,
                available_g=0,
            )
        offer.first_monday = min(offer.first_monday, line.monday)
        offer.last_monday = max(offer.last_monday, line.monday)
        if key not in expected:
            offer.available_g += line.weight_g
    HarvestOffer.objects.bulk_create([offers[key] for key in sorted(offers)], batch_size=BATCH)


def _expected_offers(
    frozen: Frozen, households: QuerySet[Household]
) -> dict[OfferKey, HarvestOffer]:
    """Each household's harvest in the forms that are wanted, in the season of its village."""
    village = dict(households.values_list("pk", "village_id"))
    crops = {frozen.forms[form_id].crop_id for form_id, _grade in frozen.demand}
    pairs = {(crop_id, code) for crop_id in crops for code in set(village.values())}
    seasons = seasons_of(pairs, frozen.plan.first_monday)
    offers = {}
    for household_id, form_id, grade, weight_g in _expected_weights(frozen, households):
        season = seasons.get((frozen.forms[form_id].crop_id, village[household_id]))
        offer = _offer_in(frozen, season, household_id, form_id, grade)
        if offer is not None and weight_g > 0:
            offer.available_g = weight_g
            offers[household_id, form_id, grade] = offer
    return offers


def _expected_weights(
    frozen: Frozen, households: QuerySet[Household]
) -> Iterator[tuple[int, int, str, int]]:
    """(household, form, grade, grams in whole kg), the raw harvest split by what is wanted."""
    wanted: dict[tuple[int, int], int] = defaultdict(int)
    products: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for (form_id, grade), weight_g in frozen.demand.items():
        form = frozen.forms[form_id]
        wanted[form.raw_crop_id, form_id] += form.raw_g(weight_g)
        products[form.raw_crop_id].append((form_id, grade))
    part = raw_parts(wanted)
    harvest = expected_harvest_g(
        households=households, crop_ids=set(products), on=frozen.plan.first_monday
    )
    for (household_id, crop_id), raw_g in harvest.items():
        for form_id, grade in products[crop_id]:
            form_g = int(raw_g * part[form_id] / float(frozen.forms[form_id].raw_kg_mid))
            weight_g = form_g * frozen.terms[form_id, grade].harvest_percent // 100
            yield household_id, form_id, grade, weight_g - weight_g % GRAMS_PER_KG


def _offer_in(
    frozen: Frozen, season: Season | None, household_id: int, form_id: int, grade: str
) -> HarvestOffer | None:
    """An offer in the weeks of a season that the plan covers; None when it covers none."""
    if season is None:
        return None
    plan = frozen.plan
    first = max(week_of(season.ready_on), plan.first_monday)
    last = min(week_of(season.last_ready_on), plan.last_monday)
    if first > last:
        return None
    return HarvestOffer(
        plan=plan,
        household_id=household_id,
        form_id=form_id,
        grade=grade,
        first_monday=first,
        last_monday=last,
    )
