import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0004_addresses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hidden_at", models.DateTimeField(blank=True, null=True)),
                ("hidden_reason", models.CharField(blank=True, max_length=100)),
                ("code", models.CharField(max_length=16, unique=True)),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        choices=[(5, "很好"), (4, "好"), (3, "一般"), (2, "不好"), (1, "很差")]
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=500)),
                ("names_buyer", models.BooleanField(default=True)),
                ("written_at", models.DateTimeField()),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="shop.listing",
                    ),
                ),
                (
                    "purchase",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="shop.purchase",
                    ),
                ),
            ],
            options={
                "ordering": ["-written_at", "-pk"],
                "permissions": [("moderate_voices", "遮住违法的评价、问答和进展")],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="ReviewReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hidden_at", models.DateTimeField(blank=True, null=True)),
                ("hidden_reason", models.CharField(blank=True, max_length=100)),
                ("code", models.CharField(max_length=16, unique=True)),
                ("text", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "review",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reply",
                        to="shop.review",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="ReviewVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        choices=[(5, "很好"), (4, "好"), (3, "一般"), (2, "不好"), (1, "很差")]
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="shop.review",
                    ),
                ),
            ],
            options={
                "ordering": ["review", "at", "pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Moderation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=16)),
                ("covered", models.BooleanField()),
                ("reason", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "default_permissions": ("view",),
                "indexes": [models.Index(fields=["code"], name="shop_modera_code_876b0f_idx")],
            },
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                fields=["listing", "-written_at"], name="shop_review_listing_93d011_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hidden_at__isnull", True), ("hidden_reason", "")),
                    models.Q(
                        ("hidden_at__isnull", False), models.Q(("hidden_reason", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="review_hidden_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                fields=("purchase", "listing"), name="review_one_for_each_thing_bought"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__gte", 1), ("score__lte", 5)),
                name="review_score_is_one_to_five",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewreply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hidden_at__isnull", True), ("hidden_reason", "")),
                    models.Q(
                        ("hidden_at__isnull", False), models.Q(("hidden_reason", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="reviewreply_hidden_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewreply",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="reviewreply_has_words"
            ),
        ),
    ]
