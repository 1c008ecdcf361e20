import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0006_campaign_talk")]

    operations = [
        migrations.CreateModel(
            name="PriceShare",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("grower", "种植户"),
                            ("packing", "分拣包装"),
                            ("transport", "运输"),
                            ("shop", "村店"),
                            ("platform", "平台"),
                        ],
                        max_length=10,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=8)),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="price_shares",
                        to="shop.listing",
                    ),
                ),
            ],
            options={
                "ordering": ["listing", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("listing", "kind"), name="price_share_is_said_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="price_share_is_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["grower", "packing", "transport", "shop", "platform"])
                        ),
                        name="price_share_has_a_known_kind",
                    ),
                ],
            },
        ),
    ]
