from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The county of orders and reservations by its code, and addresses that people keep."""

    dependencies = [
        ("shop", "0003_tell_me"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="pledge",
            name="county_code",
            field=models.CharField(blank=True, max_length=6),
        ),
        migrations.AddField(
            model_name="purchase",
            name="county_code",
            field=models.CharField(blank=True, max_length=6),
        ),
        migrations.CreateModel(
            name="SavedAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=16, unique=True)),
                ("name", models.CharField(max_length=40)),
                ("mobile", models.CharField(max_length=20)),
                ("province_code", models.CharField(max_length=2)),
                ("county_code", models.CharField(max_length=6)),
                ("city", models.CharField(max_length=40)),
                ("address", models.CharField(max_length=160)),
                ("is_default", models.BooleanField(default=False)),
                ("used_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE,
                        related_name="saved_addresses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-is_default", "-used_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("user",),
                        name="person_has_one_default_address",
                    ),
                    models.UniqueConstraint(
                        fields=("user", "mobile", "name", "county_code", "address"),
                        name="address_kept_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("county_code__startswith", models.F("province_code")),
                            models.Q(("province_code", ""), _negated=True),
                            models.Q(("address", ""), _negated=True),
                        ),
                        name="saved_address_is_whole",
                    ),
                ],
            },
        ),
    ]
