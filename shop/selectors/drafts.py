"""What a shop could list soon: ripening crops that its bound households grow and it lacks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q

from growers.models import Region, VillageShop
from growers.selectors import bound_households
from harvest_calendar.models import (
    Grade,
    Planting,
    ProductForm,
    SaleClass,
    SeasonDate,
    SupplyClaim,
)
from harvest_calendar.selectors import Season, WeekSupply, seasons_of, supply_by_week
from harvest_calendar.selectors.seasons import KEPT_FOR_PROCESSING, MADE_LATER
from shop.models import ListingState, ProofKind
from shop.price_rules import floor_price, suggested_price, usual_pack_g
from shop.products import proof_needed, shown_title
from shop.selectors.seasons import packs_within

DAYS_AHEAD = 90
DAYS_A_WEEK = 7

Span = tuple[date, date]


@dataclass(frozen=True)
class Draft:
    """A listing as the calendar proposes it; nothing is stored until it is accepted."""

    form: ProductForm
    grade: Grade | None
    origin: Region
    season: Season
    left_g: int  # raw crop that may still be promised, careful estimate
    growers: int

    @property
    def title(self) -> str:
        return shown_title(
            form=self.form, variety=None, grade=self.grade, pack_weight_g=self.pack_weight_g
        )

    @property
    def pack_weight_g(self) -> int:
        return usual_pack_g(self.form)

    @property
    def floor(self) -> Decimal:
        return floor_price(self.form, self.pack_weight_g)

    @property
    def price(self) -> Decimal:
        return suggested_price(self.form, self.pack_weight_g)

    @property
    def proof(self) -> ProofKind:
        return proof_needed(self.form.crop)

    @property
    def most_packs(self) -> int:
        """The most packs that can be promised: P10 of the harvest less what is promised."""
        return packs_within(self.form, self.pack_weight_g, self.left_g)

    @property
    def most_g(self) -> int:
        return self.most_packs * self.pack_weight_g


def origin_of(shop: VillageShop) -> Region:
    """Where a shop's produce comes from, as it is shown: its township."""
    village = shop.village
    return village.parent or village


def drafts_for(shop: VillageShop, *, on: date) -> list[Draft]:
    """Forms ripening within 90 days that bound households grow and the shop does not list."""
    growers = _growers_by_crop(shop, on)
    forms = _forms_not_listed(shop, growers)
    origin = origin_of(shop)
    seasons = _ripening(forms, origin, on)
    left = raw_left_g([(form, seasons[form.pk]) for form in forms if form.pk in seasons], origin)
    best = _best_grades(forms)
    found = [
        Draft(
            form=form,
            grade=best.get(form.crop_id),
            origin=origin,
            season=seasons[form.pk],
            left_g=left[form.pk],
            growers=growers[form.raw_crop_id],
        )
        for form in forms
        if form.pk in seasons
    ]
    return sorted(found, key=lambda draft: (draft.season.ready_on, draft.form.key))


def draft_for(shop: VillageShop, *, form_key: str, on: date) -> Draft | None:
    """One draft of the shop by its form's key."""
    return next((row for row in drafts_for(shop, on=on) if row.form.key == form_key), None)


def _growers_by_crop(shop: VillageShop, on: date) -> dict[int, int]:
    """Raw crop → how many bound households grow it on a day."""
    growing = Planting.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        valid_from__lte=on,
        plot__household__in=bound_households(shop, on),
    )
    counted = (
        growing.order_by()
        .values("crop")
        .annotate(households=Count("plot__household", distinct=True))
    )
    return {row["crop"]: row["households"] for row in counted}


def _forms_not_listed(shop: VillageShop, growers: Mapping[int, int]) -> list[ProductForm]:
    forms = ProductForm.objects.filter(raw_crop__in=growers).exclude(
        crop__sale_class=SaleClass.MEDICINAL_ONLY
    )
    listed = shop.listings.exclude(state=ListingState.WITHDRAWN).values("form")
    return list(forms.exclude(pk__in=listed).select_related("crop", "raw_crop"))


def _ripening(forms: Iterable[ProductForm], origin: Region, on: date) -> dict[int, Season]:
    """Form → its season, where that can be sold now or within the days ahead."""
    rows = list(forms)
    pairs = {(crop, origin.code) for form in rows for crop in (form.crop_id, form.raw_crop_id)}
    known = seasons_of(sorted(pairs), on)
    last = on + timedelta(days=DAYS_AHEAD)
    found = {}
    for form in rows:
        season = known.get((form.crop_id, origin.code)) or known.get(
            (form.raw_crop_id, origin.code)
        )
        if season and season.ready_on <= last and season.last_ready_on >= on:
            found[form.pk] = season
    return found


def _best_grades(forms: Iterable[ProductForm]) -> dict[int, Grade]:
    grades = Grade.objects.filter(crop__in={form.crop_id for form in forms}).order_by("-rank")
    return {grade.crop_id: grade for grade in grades}


def raw_left_g(rows: Sequence[tuple[ProductForm, Season]], origin: Region) -> dict[int, int]:
    """``supply_left_g`` of the county for many forms: form → grams of raw crop still free."""
    if not rows:
        return {}
    spans = _picking_spans(rows, origin)
    crops = sorted({form.raw_crop_id for form, _season in rows})
    county = Region.objects.get(pk=origin.county_code)
    weeks = supply_by_week(
        crop_ids=crops,
        region=county,
        first=min(first for first, _last in spans.values()),
        last=max(last for _first, last in spans.values()),
    )
    claims = list(
        SupplyClaim.objects.filter(crop__in=crops, county=county, released_at__isnull=True)
    )
    return {
        form.pk: max(
            0,
            _expected_g(weeks, form.raw_crop_id, spans[form.pk])
            - _promised_g(claims, form.raw_crop_id, spans[form.pk]),
        )
        for form, _season in rows
    }


def _expected_g(weeks: Iterable[WeekSupply], crop_id: int, span: Span) -> int:
    """P10 of the days of picking; a week counts by its share of days."""
    return sum(
        week.p10_g * _days_inside(week.monday, span) // DAYS_A_WEEK
        for week in weeks
        if week.crop_id == crop_id
    )


def _promised_g(claims: Iterable[SupplyClaim], crop_id: int, span: Span) -> int:
    """Claims that touch the days of picking, each counted whole."""
    return sum(
        claim.weight_g
        for claim in claims
        if claim.crop_id == crop_id and claim.first_on <= span[1] and claim.last_on >= span[0]
    )


def _days_inside(monday: date, span: Span) -> int:
    sunday = monday + timedelta(days=DAYS_A_WEEK - 1)
    return max(0, (min(sunday, span[1]) - max(monday, span[0])).days + 1)


def _picking_spans(rows: Sequence[tuple[ProductForm, Season]], origin: Region) -> dict[int, Span]:
    """``picking_span`` for many forms, in one query."""
    later = [
        (form, season)
        for form, season in rows
        if form.crop_id != form.raw_crop_id and form.crop.form in MADE_LATER
    ]
    dates: dict[int, list[Span]] = defaultdict(list)
    if later:
        places = {origin.code, origin.code[:9] + "000", origin.county_code}
        raw = SeasonDate.objects.filter(
            crop__in={form.raw_crop_id for form, _season in later}, region__in=places
        )
        for crop_id, start, end in raw.values_list("crop_id", "start_on", "end_on"):
            dates[crop_id].append((start, end))
    spans = {form.pk: (season.start_on, season.end_on) for form, season in rows}
    for form, season in later:
        near = [
            (start, end)
            for start, end in dates[form.raw_crop_id]
            if start <= season.end_on and end >= season.start_on - KEPT_FOR_PROCESSING
        ]
        if near:
            spans[form.pk] = (min(start for start, _ in near), max(end for _, end in near))
    return spans
