"""Receipts are written one way: without spaces, in plain capitals."""

from unicodedata import normalize

from django.db import migrations


def write_one_way(apps, schema_editor):
    """A number that another deposit holds already is left as it was typed, for people to see."""
    deposits = apps.get_model("payments", "FundDeposit").objects
    for row in deposits.filter(dropped_at=None).order_by("pk"):
        number = "".join(normalize("NFKC", row.bank_number).upper().split())
        held = deposits.filter(dropped_at=None, bank_number=number).exclude(pk=row.pk)
        if number != row.bank_number and not held.exists():
            deposits.filter(pk=row.pk).update(bank_number=number)


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_fund_and_taken_back")]

    operations = [migrations.RunPython(write_one_way, migrations.RunPython.noop)]
