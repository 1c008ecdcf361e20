import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shop', '0007_listing_shows'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='listingproof',
            name='scan',
            field=models.FileField(blank=True, max_length=120, upload_to='proofs/%Y/%m/'),
        ),
        migrations.AddField(
            model_name='listingproof',
            name='scan_height',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='listingproof',
            name='scan_width',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='ListingPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('image', models.FileField(max_length=120, upload_to='pictures/%Y/%m/')),
                ('small', models.FileField(max_length=120, upload_to='pictures/%Y/%m/')),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('caption', models.CharField(blank=True, max_length=60)),
                ('place', models.PositiveSmallIntegerField()),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('listing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='shop.listing')),
            ],
            options={
                'ordering': ['listing', 'place'],
                'constraints': [models.UniqueConstraint(fields=('listing', 'place'), name='picture_place_used_once'), models.CheckConstraint(condition=models.Q(('height__gt', 0), ('width__gt', 0)), name='picture_has_a_size')],
            },
        ),
    ]
