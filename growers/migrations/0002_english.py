from django.db import migrations, models

NAMED = ["cooperative", "hub", "planningarea", "station", "villageshop"]


class Migration(migrations.Migration):
    """Names of the network in two languages: ``name`` becomes ``name_zh``."""

    dependencies = [("growers", "0001_initial")]

    operations = [
        operation
        for model in NAMED
        for operation in (
            migrations.RenameField(model_name=model, old_name="name", new_name="name_zh"),
            migrations.AddField(
                model_name=model,
                name="name_en",
                field=models.CharField(blank=True, default="", max_length=120),
                preserve_default=False,
            ),
        )
    ]
