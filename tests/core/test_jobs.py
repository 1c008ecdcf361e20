"""Which of the waiting jobs a worker takes first."""

from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult

from forecasting.tasks import forecast_changed_areas
from notices.tasks import deliver
from payments.tasks import charge


@pytest.mark.django_db
def test_messages_go_before_money_and_money_before_computing(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    forecast_changed_areas.enqueue("2026-08-28")
    charge.enqueue("PY-1")
    deliver.enqueue()

    waiting = DBTaskResult.objects.ready().values_list("task_path", flat=True)

    assert [path.split(".")[-1] for path in waiting] == [
        "deliver",
        "charge",
        "forecast_changed_areas",
    ]
