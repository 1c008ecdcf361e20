"""Loading rate cards: the project's own files load; one wrong row refuses everything."""

import shutil

import pytest
from django.core.management import CommandError, call_command

from core.errors import BadRow
from shop.management.commands.load_shop_facts import DATA
from shop.models import Rate, Zone, ZoneProvince
from shop.services.facts import load_shop_facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    for name in ("zones.csv", "provinces.csv", "rates.csv"):
        shutil.copy(DATA / name, tmp_path / name)
    return tmp_path


def put(folder, name, old, new):
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_own_files_load_and_loading_again_changes_nothing():
    call_command("load_shop_facts", verbosity=0)
    before = list(Rate.objects.values_list("card__key", "zone__key", "first_kg", "further_kg"))

    call_command("load_shop_facts", verbosity=0)

    assert ZoneProvince.objects.count() == 31
    assert len(before) == 24
    assert before == list(
        Rate.objects.values_list("card__key", "zone__key", "first_kg", "further_kg")
    )
    assert set(Rate.objects.values_list("card__confidence", flat=True)) == {"estimate"}


@pytest.mark.parametrize(
    ("name", "old", "new", "column"),
    [
        ("provinces.csv", "62,甘肃省,Z1", "99,甘肃省,Z1", "province_code"),
        ("provinces.csv", "62,甘肃省,Z1", "62,甘肃省,Z9", "zone"),
        ("provinces.csv", "62,甘肃省,Z1", "61,甘肃省,Z1", "province_code"),
        ("zones.csv", "Z1,省内", "Z1,", "name_zh"),
        ("rates.csv", "4.80", "四块八", "first_kg"),
        ("rates.csv", "4.80", "-4.80", "first_kg"),
        ("rates.csv", "4.80", "4.805", "first_kg"),
        ("rates.csv", "1.30,1000,1,3", "1.30,0,1,3", "step_g"),
        ("rates.csv", "1.30,1000,1,3", "1.30,1000,4,3", "days_max"),
        ("rates.csv", "2020-01-01", "2020-02-30", "valid_from"),
        ("rates.csv", "Gansu,estimate", "Gansu,guess", "confidence"),
    ],
)
def test_wrong_row_refuses_everything(folder, name, old, new, column):
    put(folder, name, old, new)

    with pytest.raises(BadRow) as caught:
        load_shop_facts(folder=folder)

    assert (caught.value.file, caught.value.column) == (name, column)
    assert caught.value.row >= 2
    assert not Zone.objects.exists()


def test_command_says_the_row(folder):
    put(folder, "rates.csv", "4.80", "四块八")

    with pytest.raises(CommandError, match=r"rates\.csv 第 2 行“first_kg”"):
        call_command("load_shop_facts", dir=folder)
