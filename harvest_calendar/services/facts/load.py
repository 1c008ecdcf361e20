"""All files in one transaction: new rows are added, others follow, a person's word stays."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from growers.models import Region, RegionLevel
from harvest_calendar.models import (
    Crop,
    CropUse,
    Festival,
    GeoMark,
    Grade,
    GradeNote,
    HarvestWindow,
    ProductForm,
    SolarTerm,
    Source,
    Variety,
)
from harvest_calendar.services.facts import files, notes
from harvest_calendar.services.facts.files import Fact

FACTS = Path(__file__).resolve().parents[2] / "data"

# The fields that name a row of a table in its file.
NAMES: dict[type[models.Model], tuple[str, ...]] = {
    Source: ("key",),
    SolarTerm: ("on",),
    Festival: ("key", "on"),
    Crop: ("key",),
    Grade: ("crop_id", "name_zh"),
    Variety: ("crop_id", "name_zh"),
    ProductForm: ("key",),
    HarvestWindow: ("key",),
    CropUse: ("crop_id",),
    GradeNote: ("grade_id",),
    GeoMark: ("crop_id", "name_zh", "county_id"),
}


@dataclass
class Loaded:
    """How many rows of each table were added, changed, or kept as a person left them."""

    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)


@transaction.atomic
def load_facts(*, folder: Path = FACTS) -> Loaded:
    """Load every file of a folder; counties must be known.

    Loading again changes nothing. A crop, form or window that a person changed or deleted in the
    database keeps the person's word.

    Raises
    ------
    BadRow
        One row cannot be used: nothing of any file is saved.
    """
    done = Loaded()
    _save(Source, files.source_facts(folder), done)
    _save(SolarTerm, files.term_facts(folder), done)
    _save(Festival, files.festival_facts(folder), done)
    _save(Crop, files.crop_facts(folder), done)
    crops = dict(Crop.objects.values_list("key", "pk"))
    _save(Grade, files.grade_facts(folder, crops), done)
    _save(Variety, files.variety_facts(folder, crops), done)
    _save(ProductForm, files.form_facts(folder, crops), done)
    counties = Region.objects.filter(level=RegionLevel.COUNTY).values_list("code", flat=True)
    _save(HarvestWindow, files.window_facts(folder, crops, set(counties)), done)
    _save(CropUse, notes.use_facts(folder, crops), done)
    _save(GradeNote, notes.grade_note_facts(folder, _grades()), done)
    _save(GeoMark, notes.geo_mark_facts(folder, crops, set(counties)), done)
    return done


def _grades() -> dict[tuple[str, str], int]:
    rows = Grade.objects.values_list("crop__key", "name_zh", "pk")
    return {(key, name): pk for key, name, pk in rows}


def _save(model: type[models.Model], facts: Iterable[Fact], done: Loaded) -> None:
    """Add and change rows one by one, so that history is written."""
    table = _Table.of(model)
    counts = {"added": 0, "changed": 0, "kept": 0, "same": 0}
    for fact in facts:
        _check_lengths(fact, table.lengths)
        row = table.known.get(frozenset(fact.name.items()))
        outcome = table.outcome(row, fact)
        counts[outcome] += 1
        if outcome in {"added", "changed"}:
            _set(row or model(**fact.name), fact.says)
    name = str(model._meta.model_name)
    done.added[name], done.changed[name] = counts["added"], counts["changed"]
    done.kept[name] = counts["kept"]


@dataclass(frozen=True)
class _Table:
    """A table as it stands, by the names that files use, and what people did to it."""

    known: dict[frozenset[tuple[str, Any]], models.Model]
    held: set[int]
    gone: set[frozenset[tuple[str, Any]]]
    lengths: dict[str, int]

    @classmethod
    def of(cls, model: type[models.Model]) -> "_Table":
        names = NAMES[model]
        rows = model._default_manager.all()
        known = {frozenset((name, getattr(row, name)) for name in names): row for row in rows}
        held, gone = _of_people(model)
        return cls(known, held, gone, _lengths(model))

    def outcome(self, row: models.Model | None, fact: Fact) -> str:
        """What to do with a row of a file: added, changed, kept (a person's word) or same."""
        if row is None:
            return "kept" if frozenset(fact.name.items()) in self.gone else "added"
        if all(getattr(row, name) == value for name, value in fact.says.items()):
            return "same"
        return "kept" if row.pk in self.held else "changed"


def _lengths(model: type[models.Model]) -> dict[str, int]:
    """How long each text of a table may be."""
    texts = [field for field in model._meta.concrete_fields if isinstance(field, models.CharField)]
    return {field.name: field.max_length for field in texts if field.max_length}


def _check_lengths(fact: Fact, lengths: dict[str, int]) -> None:
    for name, value in {**fact.name, **fact.says}.items():
        if name in lengths and len(value) > lengths[name]:
            raise fact.row.fault(name, _("太长了，最多 %d 个字") % lengths[name])


def _set(row: models.Model, says: dict[str, Any]) -> None:
    for name, value in says.items():
        setattr(row, name, value)
    row.save()


def _of_people(
    model: type[models.Model],
) -> tuple[set[int], set[frozenset[tuple[str, Any]]]]:
    """Primary keys a person changed, and names a person deleted."""
    history = getattr(model, "history", None)
    if history is None:
        return set(), set()
    by_people = history.filter(history_user__isnull=False)
    deleted = by_people.filter(history_type="-").values(*NAMES[model])
    gone = {frozenset(row.items()) for row in deleted}
    return set(by_people.values_list("id", flat=True)), gone
