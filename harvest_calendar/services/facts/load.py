"""All files in one transaction: new rows are added, others follow, a person's word stays."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models, transaction

from growers.models import Region, RegionLevel
from harvest_calendar.models import (
    Crop,
    Festival,
    Grade,
    HarvestWindow,
    ProductForm,
    SolarTerm,
    Source,
    Variety,
)
from harvest_calendar.services.facts import files
from harvest_calendar.services.facts.files import Fact

FACTS = Path(__file__).resolve().parents[2] / "data"


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
    return done


def _save(model: type[models.Model], facts: Iterable[Fact], done: Loaded) -> None:
    """Add and change rows one by one, so that history is written."""
    rows = list(facts)
    if not rows:
        return
    names = list(rows[0].name)
    known = {_name(row, names): row for row in model._default_manager.all()}
    held, gone = _of_people(model)
    table = model._meta.model_name or ""
    counts = {"added": 0, "changed": 0, "kept": 0}
    for fact in rows:
        row = known.get(tuple(fact.name.values()))
        if row is None:
            row, outcome = model(**fact.name), "added"
            if fact.name.get("key") in gone:
                counts["kept"] += 1
                continue
        elif all(getattr(row, name) == value for name, value in fact.says.items()):
            continue
        else:
            outcome = "kept" if row.pk in held else "changed"
        counts[outcome] += 1
        if outcome != "kept":
            _set(row, fact.says)
    for outcome, count in counts.items():
        getattr(done, outcome)[table] = count


def _name(row: models.Model, names: list[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names)


def _set(row: models.Model, says: dict[str, Any]) -> None:
    for name, value in says.items():
        setattr(row, name, value)
    row.save()


def _of_people(model: type[models.Model]) -> tuple[set[int], set[str]]:
    """Primary keys a person changed, and names a person deleted."""
    history = getattr(model, "history", None)
    if history is None:
        return set(), set()
    by_people = history.filter(history_user__isnull=False)
    deleted = by_people.filter(history_type="-").values_list("key", flat=True)
    return set(by_people.values_list("id", flat=True)), set(deleted)
