import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def note_what_opened_before(apps, schema_editor):
    """Campaigns that have opened or ended keep running; nobody is said to have approved them."""
    campaigns = apps.get_model('shop', 'Campaign').objects.exclude(state='draft')
    campaigns.update(opened_without_approval=True)


class Migration(migrations.Migration):

    dependencies = [
        ('shop', '0011_credit'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='campaign',
            name='campaign_ended_has_time',
        ),
        migrations.AddField(
            model_name='campaign',
            name='approved_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='campaign',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='campaign',
            name='opened_without_approval',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='campaign',
            name='submitted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='campaign',
            name='submitted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='campaign',
            name='terms_hash',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='historicalcampaign',
            name='approved_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='historicalcampaign',
            name='approved_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalcampaign',
            name='opened_without_approval',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='historicalcampaign',
            name='submitted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='historicalcampaign',
            name='submitted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalcampaign',
            name='terms_hash',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AlterField(
            model_name='campaign',
            name='state',
            field=models.CharField(choices=[('draft', '草稿'), ('submitted', '等合作社审批'), ('approved', '批了，等开约'), ('live', '预售中'), ('succeeded', '已成团'), ('failed', '未成团'), ('cancelled', '已取消')], default='draft', max_length=10),
        ),
        migrations.AlterField(
            model_name='campaignstatechange',
            name='new',
            field=models.CharField(choices=[('draft', '草稿'), ('submitted', '等合作社审批'), ('approved', '批了，等开约'), ('live', '预售中'), ('succeeded', '已成团'), ('failed', '未成团'), ('cancelled', '已取消'), ('collecting', '正在收款'), ('review', '钱没收够，待决定'), ('growing', '等采收'), ('harvested', '已采收'), ('delivering', '正在发货'), ('completed', '已完成'), ('releasing', '正在放掉预约'), ('refunding', '正在退款'), ('closed', '已了结')], max_length=10),
        ),
        migrations.AlterField(
            model_name='campaignstatechange',
            name='old',
            field=models.CharField(choices=[('draft', '草稿'), ('submitted', '等合作社审批'), ('approved', '批了，等开约'), ('live', '预售中'), ('succeeded', '已成团'), ('failed', '未成团'), ('cancelled', '已取消'), ('collecting', '正在收款'), ('review', '钱没收够，待决定'), ('growing', '等采收'), ('harvested', '已采收'), ('delivering', '正在发货'), ('completed', '已完成'), ('releasing', '正在放掉预约'), ('refunding', '正在退款'), ('closed', '已了结')], max_length=10),
        ),
        migrations.AlterField(
            model_name='historicalcampaign',
            name='state',
            field=models.CharField(choices=[('draft', '草稿'), ('submitted', '等合作社审批'), ('approved', '批了，等开约'), ('live', '预售中'), ('succeeded', '已成团'), ('failed', '未成团'), ('cancelled', '已取消')], default='draft', max_length=10),
        ),
        migrations.RunPython(note_what_opened_before, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('submitted_by__isnull', False), models.Q(('approved_by', models.F('submitted_by')), _negated=True)), _connector='OR'), name='campaign_is_approved_by_another_person'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'cancelled']), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), models.Q(('terms_hash', ''), _negated=True)), ('opened_without_approval', True), _connector='OR'), name='campaign_goes_on_when_approved'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'submitted'), _negated=True), models.Q(('approved_by', None), ('submitted_at__isnull', False), ('submitted_by__isnull', False), models.Q(('terms_hash', ''), _negated=True)), _connector='OR'), name='campaign_submitted_has_person_and_terms'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'draft'), _negated=True), models.Q(('approved_by__isnull', True), ('terms_hash', '')), _connector='OR'), name='campaign_draft_is_open_to_change'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'approved', 'live']), ('closed_at__isnull', False), _connector='OR'), name='campaign_ended_has_time'),
        ),
    ]
