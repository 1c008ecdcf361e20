"""A plan's files: kept as computed, handed out with a reason, and computed again the same."""

import io
import zipfile

import pytest
from django.urls import reverse

from contracts.engine.__main__ import main
from growers.models import AccessEvent
from tests.factories.contracts import make_grower, make_ready_county
from tests.factories.growers import UserFactory, person_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def exported(client, plan, **data):
    return client.post(reverse("contracts:export", args=[plan.code]), data)


@pytest.fixture
def county():
    county = make_ready_county()
    for _ in range(3):
        make_grower(county)
    return county


def test_an_exported_plan_is_computed_again_with_the_same_hashes(client, county, tmp_path, capsys):
    plan = county.solved()
    client.force_login(person_with("auditor", county.area.region))

    answer = exported(client, plan, purpose="核对第一轮")

    with zipfile.ZipFile(io.BytesIO(answer.content)) as folder:
        folder.extractall(tmp_path)
    assert main([str(tmp_path), "--out", str(tmp_path / "plan.csv")]) == 0
    told = capsys.readouterr().out
    assert f"input {plan.inputs_hash}" in told
    assert f"output {plan.output_hash}" in told


def test_every_household_sees_who_exported_and_why(client, county):
    plan = county.solved()
    auditor = person_with("auditor", county.area.region)
    client.force_login(auditor)

    exported(client, plan, purpose="核对第一轮")

    events = AccessEvent.objects.filter(what="export", user=auditor, purpose="核对第一轮")
    assert events.count() == 3


def test_without_a_reason_nothing_is_handed_out(client, county):
    plan = county.solved()
    client.force_login(person_with("auditor", county.area.region))

    answer = exported(client, plan, purpose=" ")

    assert answer.status_code == 422
    assert "写明为什么要导出" in answer.content.decode()
    assert not AccessEvent.objects.filter(what="export").exists()


def test_planners_approvers_officials_and_strangers_export_nothing(client, county):
    plan = county.solved()
    official = person_with("official", county.area.region)

    for person in (county.planner, county.approver, official, UserFactory()):
        client.force_login(person)
        assert exported(client, plan, purpose="看看").status_code == 404


def test_numbers_are_drawn_anew_and_no_code_is_in_the_files(client, county):
    for _ in range(5):
        make_grower(county)
    plan = county.solved()
    client.force_login(person_with("auditor", county.area.region))

    answer = exported(client, plan, purpose="申诉")

    rows = list(plan.households.order_by("number").values_list("household__code", flat=True))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as folder:
        text = "".join(folder.read(name).decode() for name in folder.namelist())
    assert rows != sorted(rows)
    assert not [code for code in rows if code in text]
