import django.db.models.deletion
from django.db import migrations, models

import core.crypto


class Migration(migrations.Migration):
    """The language to write to a buyer in, and who wants to be told of a crop's season."""

    dependencies = [
        ("growers", "0002_english"),
        ("harvest_calendar", "0003_english"),
        ("shop", "0002_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="pledge",
            name="language",
            field=models.CharField(default="zh-hans", max_length=10),
        ),
        migrations.AddField(
            model_name="purchase",
            name="language",
            field=models.CharField(default="zh-hans", max_length=10),
        ),
        migrations.CreateModel(
            name="SeasonAlert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=32, unique=True)),
                ("who", models.CharField(max_length=64)),
                ("mobile", core.crypto.EncryptedTextField()),
                ("language", models.CharField(max_length=10)),
                ("created_at", models.DateTimeField()),
                ("told_on", models.DateField(blank=True, null=True)),
                (
                    "county",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="growers.region",
                    ),
                ),
                (
                    "crop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to="harvest_calendar.crop",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "pk"],
                "indexes": [
                    models.Index(fields=["crop", "told_on"], name="shop_season_crop_id_27053e_idx")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("who", "crop", "county"), name="one_wish_for_a_crop_of_a_county"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("county__isnull", True)),
                        fields=("who", "crop"),
                        name="one_wish_for_a_crop_of_anywhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mobile", ""), _negated=True),
                            models.Q(("who", ""), _negated=True),
                        ),
                        name="alert_has_a_number",
                    ),
                ],
            },
        ),
    ]
