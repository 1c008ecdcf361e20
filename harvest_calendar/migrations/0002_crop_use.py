import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('growers', '0001_initial'),
        ('harvest_calendar', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CropUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text_zh', models.CharField(max_length=200)),
                ('text_en', models.CharField(max_length=400)),
                ('caution_zh', models.CharField(blank=True, max_length=120)),
                ('caution_en', models.CharField(blank=True, max_length=240)),
                ('basis', models.CharField(blank=True, max_length=120)),
                ('crop', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='use', to='harvest_calendar.crop')),
            ],
            options={
                'ordering': ['crop'],
            },
        ),
        migrations.CreateModel(
            name='GradeNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text_zh', models.CharField(max_length=120)),
                ('text_en', models.CharField(max_length=240)),
                ('standard', models.CharField(blank=True, max_length=40)),
                ('basis', models.CharField(blank=True, max_length=120)),
                ('grade', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='note', to='harvest_calendar.grade')),
            ],
            options={
                'ordering': ['grade'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalCropUse',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('text_zh', models.CharField(max_length=200)),
                ('text_en', models.CharField(max_length=400)),
                ('caution_zh', models.CharField(blank=True, max_length=120)),
                ('caution_en', models.CharField(blank=True, max_length=240)),
                ('basis', models.CharField(blank=True, max_length=120)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('crop', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='harvest_calendar.crop')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical crop use',
                'verbose_name_plural': 'historical crop uses',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='GeoMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_zh', models.CharField(max_length=40)),
                ('name_en', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('product', '国家地理标志产品'), ('farm_product', '农产品地理标志')], max_length=12)),
                ('basis', models.CharField(blank=True, max_length=120)),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='geo_marks', to='growers.region')),
                ('crop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='geo_marks', to='harvest_calendar.crop')),
            ],
            options={
                'ordering': ['crop', 'name_zh', 'county'],
                'constraints': [models.UniqueConstraint(fields=('crop', 'name_zh', 'county'), name='geo_mark_is_said_once')],
            },
        ),
    ]
