"""A plan's instance folder: kept when the plan is computed, handed out with a reason."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.errors import NothingToExport, NotYourTask
from contracts.models import Plan, PlanFiles
from contracts.selectors.roles import may_export
from core.errors import BadInput
from growers.models import AccessKind, Household, User
from growers.services import log_access

FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the same files are the same bytes


def folder_of(meta: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]) -> bytes:
    """An instance folder as a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        _add(folder, "meta.json", json.dumps(meta, ensure_ascii=False, indent=1, sort_keys=True))
        for name, columns in sorted(tables.items()):
            text = io.StringIO()
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(zip(*columns.values(), strict=True))
            _add(folder, f"{name}.csv", text.getvalue())
    return packed.getvalue()


def _add(folder: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, FIRST_DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    folder.writestr(entry, text)


@transaction.atomic
def export_run(*, plan: Plan, purpose: str, by: User, at: datetime, on: date) -> bytes:
    """The plan's files, for auditors and whoever approves its area's plans; every look is logged.

    Raises
    ------
    BadInput
        No purpose is written.
    NotYourTask
        The person neither audits nor approves all of the plan's households.
    NothingToExport
        The plan has not been computed yet.
    """
    if not may_export(by, plan, on):
        raise NotYourTask
    if not purpose.strip():
        raise BadInput(_("写明为什么要导出。"), field="purpose")
    kept = PlanFiles.objects.filter(plan=plan).first()
    if kept is None:
        raise NothingToExport
    households = Household.objects.filter(plan_rows__plan=plan)
    log_access(households=households, what=AccessKind.EXPORT, purpose=purpose, by=by, at=at)
    return bytes(kept.content)
