"""Search rows hold nothing of their own: the table is made anew and filled by rebuild_search."""

import django.db.models.deletion
from django.db import migrations, models

SEASONS = [
    ("teaser", "将熟"),
    ("presale", "预售"),
    ("in_season", "当季"),
    ("last_weeks", "尾季"),
    ("dormant", "休季"),
]


def crop() -> "models.ForeignKey[models.Model, models.Model]":
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="harvest_calendar.crop",
    )


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="ListingSearch"),
        migrations.CreateModel(
            name="ListingSearch",
            fields=[
                ("county", models.CharField(max_length=6)),
                ("season", models.CharField(choices=SEASONS, max_length=10)),
                ("proofs", models.PositiveSmallIntegerField(default=0)),
                ("is_gi", models.BooleanField(default=False)),
                ("band", models.PositiveSmallIntegerField()),
                (
                    "listing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_row",
                        serialize=False,
                        to="shop.listing",
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField()),
                ("fen_per_500g", models.PositiveBigIntegerField()),
                ("published_at", models.DateTimeField()),
                ("words", models.TextField()),
                ("pairs", models.TextField()),
                ("crop", crop()),
            ],
            options={
                "ordering": ["rank", "-published_at", "-pk"],
                "indexes": [
                    models.Index(
                        fields=["rank", "-published_at", "-listing"], name="shelf_by_season"
                    ),
                    models.Index(
                        fields=["crop", "rank", "-published_at", "-listing"], name="shelf_of_crop"
                    ),
                    models.Index(
                        fields=["fen_per_500g", "-published_at", "-listing"], name="shelf_by_price"
                    ),
                    models.Index(fields=["-published_at", "-listing"], name="shelf_by_age"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShelfCell",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("county", models.CharField(max_length=6)),
                ("season", models.CharField(choices=SEASONS, max_length=10)),
                ("proofs", models.PositiveSmallIntegerField(default=0)),
                ("is_gi", models.BooleanField(default=False)),
                ("band", models.PositiveSmallIntegerField()),
                ("listings", models.PositiveIntegerField(default=0)),
                ("crop", crop()),
            ],
            options={
                "ordering": ["crop", "county", "season", "band"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["crop", "county", "season", "proofs", "is_gi", "band"],
                        name="shelf_cell_stands_once",
                    )
                ],
            },
        ),
    ]
