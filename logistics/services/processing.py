"""Work on stock: drying, pressing, sorting, moving between places, writing off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core.clock import day_of
from core.codes import new_code
from core.errors import BadInput, NotAllowed
from core.units import shares
from core.words import local
from growers.models import StationHub, User
from harvest_calendar.models import Crop, ProductForm
from logistics.errors import Unbalanced
from logistics.models import (
    Lot,
    LotBalance,
    LotSource,
    MoveReason,
    Place,
    ProcessKind,
    ProcessStep,
    StockMove,
)
from logistics.selectors.access import may_keep, may_run
from logistics.services.moves import Document, post_move
from logistics.services.stock import refresh_listing_stock

UNKNOWN_SHELF_LIFE_DAYS = 30


def shelf_life(crop: Crop) -> timedelta:
    """How long a crop keeps; a cautious month when the catalogue does not say."""
    return timedelta(days=crop.shelf_life_days or UNKNOWN_SHELF_LIFE_DAYS)


@dataclass(frozen=True)
class _Batch:
    """Whole lots that lie at one place and are worked on together."""

    lots: list[Lot]
    place: Place
    weights_g: list[int]

    @property
    def total_g(self) -> int:
        return sum(self.weights_g)


@transaction.atomic
def process(
    *,
    kind: ProcessKind | str,
    lot_codes: Sequence[str],
    output_form: ProductForm,
    output_g: int,
    loss_g: int,
    key: str,
    by: User | None,
    at: datetime,
    output_grade: str = "",
    place_code: str = "",
) -> ProcessStep:
    """Turn whole lots at one place into one lot; what is not in it is a stated loss.

    The same key returns the same step.

    Raises
    ------
    BadInput
        Lots that do not belong together, or a form that is not made from them.
    Unbalanced
        When grams in are not grams out and lost.
    NotAllowed
        An expired lot, or a person who does not work for the cooperative.
    """
    done = ProcessStep.objects.filter(key=key).first()
    if done is not None:
        return done
    batch = _batch(lot_codes, place_code)
    _check(batch, output_form=output_form, by=by, on=day_of(at))
    if output_g <= 0 or loss_g < 0 or batch.total_g != output_g + loss_g:
        raise Unbalanced(input_g=batch.total_g, output_g=output_g, loss_g=loss_g)
    output = _output_lot(batch, form=output_form, grade=output_grade, at=at)
    paper = Document(code=new_code("JG"), by=by, at=at)
    step = _step(batch, output, output_g, kind=kind, key=key, paper=paper)
    _post(step, batch, paper)
    refresh_listing_stock(lots=[*batch.lots, output], at=at)
    return step


def _step(
    batch: _Batch,
    output: Lot,
    output_g: int,
    *,
    kind: ProcessKind | str,
    key: str,
    paper: Document,
) -> ProcessStep:
    return ProcessStep.objects.create(
        code=paper.code,
        key=key,
        kind=kind,
        cooperative=output.cooperative,
        place=batch.place,
        output=output,
        input_g=batch.total_g,
        output_g=output_g,
        loss_g=batch.total_g - output_g,
        at=paper.at,
        by=paper.by,
    )


def _batch(lot_codes: Sequence[str], place_code: str) -> _Batch:
    rows = LotBalance.objects.select_for_update(of=("self",)).filter(
        lot__code__in=lot_codes, weight_g__gt=0
    )
    if place_code:
        rows = rows.filter(place__code=place_code)
    related = ("lot__form__crop", "lot__form__raw_crop", "lot__cooperative", "lot__shop", "place")
    found = list(rows.select_related(*related).order_by("pk"))
    missing = set(lot_codes) - {row.lot.code for row in found}
    if missing or not found:
        named = _("、").join(sorted(missing)) or "—"
        raise BadInput(_("批次 %s 没有库存。") % named, field="lots")
    if len({row.place_id for row in found}) > 1:
        raise BadInput(_("一次加工的批次要放在同一个地方。"), field="lots")
    if len({(row.lot.cooperative_id, row.lot.shop_id, row.lot.form_id) for row in found}) > 1:
        text = _("一次加工的批次要是同一家合作社、同一家村店、同一种产品。")
        raise BadInput(text, field="lots")
    return _Batch(
        lots=[row.lot for row in found],
        place=found[0].place,
        weights_g=[row.weight_g for row in found],
    )


def _check(batch: _Batch, *, output_form: ProductForm, by: User | None, on: date) -> None:
    first = batch.lots[0]
    if not may_run(user=by, cooperative=first.cooperative, on=on):
        raise NotAllowed(_("只有“%s”的人能做这一步。") % first.cooperative.name)
    for lot in batch.lots:
        if not lot.is_usable_on(on):
            raise NotAllowed(_("批次 %s 过期或暂扣了，只能报损。") % lot.code)
    kin = {first.form.crop_id, first.form.raw_crop_id}
    if not kin & {output_form.crop_id, output_form.raw_crop_id}:
        facts = {"into": first.form.name, "out": output_form.name}
        raise BadInput(_("%(into)s做不出%(out)s。") % facts, field="output_form")


def _output_lot(batch: _Batch, *, form: ProductForm, grade: str, at: datetime) -> Lot:
    """The lot that comes out: a new form starts its own shelf life, sorting does not."""
    first = batch.lots[0]
    known = form.crop.grades.filter(name_zh=grade).exists()
    if grade and not known:
        raise BadInput(
            _("%(form)s没有“%(grade)s”这一级。") % {"form": form.name, "grade": local(grade)},
            field="output_grade",
        )
    kept_until = min(lot.expires_on for lot in batch.lots)
    if form.pk != first.form_id:
        kept_until = day_of(at) + shelf_life(form.crop)
    return Lot.objects.create(
        code=new_code("LT"),
        form=form,
        grade=grade,
        cooperative=first.cooperative,
        shop=first.shop,
        harvested_on=min(lot.harvested_on for lot in batch.lots),
        expires_on=kept_until,
        opened_at=at,
    )


def _post(step: ProcessStep, batch: _Batch, document: Document) -> None:
    """Each lot gives its share of the output, and the rest of it is its loss."""
    given = shares(step.output_g, batch.weights_g)
    for lot, weight_g, given_g in zip(batch.lots, batch.weights_g, given, strict=True):
        parts = ((MoveReason.PROCESS_IN, given_g), (MoveReason.LOSS, weight_g - given_g))
        for reason, part_g in parts:
            if part_g:
                post_move(
                    key=f"{step.code}:{lot.code}:{reason}",
                    lot=lot,
                    weight_g=part_g,
                    reason=reason,
                    document=document,
                    from_place=batch.place,
                )
        if given_g:
            LotSource.objects.create(lot=step.output, parent=lot, weight_g=given_g)
    post_move(
        key=f"{step.code}:{step.output.code}:{MoveReason.PROCESS_OUT}",
        lot=step.output,
        weight_g=step.output_g,
        reason=MoveReason.PROCESS_OUT,
        document=document,
        to_place=batch.place,
    )


@transaction.atomic
def move_lot(
    *,
    lot_code: str,
    from_place: Place,
    to_place: Place,
    weight_g: int,
    key: str,
    by: User | None,
    at: datetime,
) -> StockMove:
    """Carry grams of a lot from a station to a hub it delivers to. The same key moves once.

    Raises
    ------
    NotAllowed
        When the station has no link to the hub, or the person neither keeps it nor runs the
        cooperative.
    NotEnoughGrams
        When fewer grams lie there.
    """
    done = StockMove.objects.filter(key=key).first()
    if done is not None:
        return done
    lot = Lot.objects.select_related("cooperative").get(code=lot_code)
    station = from_place.station
    link = StationHub.objects.filter(station=station, hub=to_place.hub)
    if station is None or not link.exists():
        raise NotAllowed(_("从这里不送那个仓。"))
    on = day_of(at)
    if not may_keep(user=by, station=station, on=on) and not may_run(
        user=by, cooperative=lot.cooperative, on=on
    ):
        raise NotAllowed(_("只有站点或合作社的人能调运。"))
    return post_move(
        key=key,
        lot=lot,
        weight_g=weight_g,
        reason=MoveReason.MOVE,
        document=Document(code=lot.code, by=by, at=at),
        from_place=from_place,
        to_place=to_place,
    )


@transaction.atomic
def spoil(
    *, lot_code: str, place: Place, weight_g: int, why: str, key: str, by: User | None, at: datetime
) -> StockMove:
    """Write off spoiled grams, with the reason; the only way out of an expired lot.

    Raises
    ------
    BadInput
        Without a reason.
    NotAllowed
        When the person does not run the lot's cooperative.
    NotEnoughGrams
        When fewer grams lie there.
    """
    done = StockMove.objects.filter(key=key).first()
    if done is not None:
        return done
    lot = Lot.objects.select_related("cooperative").get(code=lot_code)
    if not may_run(user=by, cooperative=lot.cooperative, on=day_of(at)):
        raise NotAllowed(_("只有“%s”的人能做这一步。") % lot.cooperative.name)
    if not why.strip():
        raise BadInput(_("报损要写原因。"), field="why")
    move = post_move(
        key=key,
        lot=lot,
        weight_g=weight_g,
        reason=MoveReason.SPOIL,
        document=Document(code=why.strip()[:60], by=by, at=at),
        from_place=place,
    )
    refresh_listing_stock(lots=[lot], at=at)
    return move
