from django.db import migrations, models

RENAMED = [
    ("harvestwindow", "name", "name_zh"),
    ("harvestwindow", "lag_note", "lag_zh"),
    ("historicalharvestwindow", "name", "name_zh"),
    ("historicalharvestwindow", "lag_note", "lag_zh"),
    ("source", "title", "title_zh"),
    ("source", "published", "published_zh"),
]
ADDED = [
    ("variety", "name_en", 80),
    ("harvestwindow", "name_en", 160),
    ("harvestwindow", "lag_en", 200),
    ("historicalharvestwindow", "name_en", 160),
    ("historicalharvestwindow", "lag_en", 200),
    ("source", "title_en", 200),
    ("source", "published_en", 60),
]


class Migration(migrations.Migration):
    """Varieties, windows and sources say their names and notes in two languages."""

    dependencies = [("harvest_calendar", "0002_crop_use")]

    operations = [
        migrations.RemoveConstraint(model_name="harvestwindow", name="window_is_said_once"),
        *(
            migrations.RenameField(model_name=model, old_name=old, new_name=new)
            for model, old, new in RENAMED
        ),
        migrations.AlterModelOptions(
            name="harvestwindow",
            options={"ordering": ["crop", "county", "start_md", "name_zh"]},
        ),
        migrations.AddConstraint(
            model_name="harvestwindow",
            constraint=models.UniqueConstraint(
                fields=("crop", "county", "name_zh", "start_md"), name="window_is_said_once"
            ),
        ),
        *(
            migrations.AddField(
                model_name=model,
                name=name,
                field=models.CharField(blank=True, default="", max_length=length),
                preserve_default=False,
            )
            for model, name, length in ADDED
        ),
    ]
