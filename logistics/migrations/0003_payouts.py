import core.crypto
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('growers', '0002_english'),
        ('ledger', '0002_kinds_of_payouts'),
        ('logistics', '0002_initial'),
        ('order', '0021_billingaddress_code_shippingaddress_code'),
        ('shop', '0008_proof_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PayoutBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True)),
                ('state', models.CharField(choices=[('made', '等审批'), ('approved', '已批准，等银行付'), ('paid', '已付'), ('cancelled', '已作废')], default='made', max_length=10)),
                ('amount_fen', models.BigIntegerField()),
                ('made_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('end_reason', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'ordering': ['-made_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ShareGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('households', models.PositiveIntegerField(default=0)),
                ('grower_fen', models.BigIntegerField(default=0)),
                ('priority_fen', models.BigIntegerField(default=0)),
                ('closed_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SlipShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weight_g', models.PositiveBigIntegerField()),
                ('due_fen', models.BigIntegerField()),
                ('extra_fen', models.BigIntegerField()),
                ('paid_before', models.BooleanField()),
            ],
            options={
                'ordering': ['settlement', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='payoutdue',
            name='covered',
            field=models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=10),
        ),
        migrations.CreateModel(
            name='BankFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', core.crypto.EncryptedTextField()),
                ('sha256', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['batch'],
            },
        ),
        migrations.CreateModel(
            name='OrderSettlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount_fen', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('purchase', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='settlement', to='shop.purchase')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Payout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True)),
                ('amount_fen', models.BigIntegerField()),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='growers.household')),
                ('transfer', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payout', to='ledger.transfer')),
            ],
            options={
                'ordering': ['batch', 'household__code'],
            },
        ),
        migrations.CreateModel(
            name='HouseholdRelease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount_fen', models.BigIntegerField()),
                ('cooperative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='growers.cooperative')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='growers.household')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='order.line')),
                ('transfer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='household_release', to='ledger.transfer')),
                ('settlement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='logistics.ordersettlement')),
                ('payout', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='logistics.payout')),
            ],
            options={
                'ordering': ['settlement', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='payoutdue',
            name='payout',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dues', to='logistics.payout'),
        ),
        migrations.AddConstraint(
            model_name='payoutdue',
            constraint=models.CheckConstraint(condition=models.Q(('covered__gte', 0), ('covered__lte', models.F('amount'))), name='due_is_covered_at_most_once'),
        ),
        migrations.AddField(
            model_name='payoutbatch',
            name='approved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='payoutbatch',
            name='cooperative',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='growers.cooperative'),
        ),
        migrations.AddField(
            model_name='payoutbatch',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='payoutbatch',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='payout',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='logistics.payoutbatch'),
        ),
        migrations.AddField(
            model_name='bankfile',
            name='batch',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='bank_file', to='logistics.payoutbatch'),
        ),
        migrations.AddField(
            model_name='sharegroup',
            name='cooperative',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='share_groups', to='growers.cooperative'),
        ),
        migrations.AddField(
            model_name='ordersettlement',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='settlements', to='logistics.sharegroup'),
        ),
        migrations.AddField(
            model_name='slipshare',
            name='due',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='logistics.payoutdue'),
        ),
        migrations.AddField(
            model_name='slipshare',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='order.line'),
        ),
        migrations.AddField(
            model_name='slipshare',
            name='release',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='slip_shares', to='logistics.householdrelease'),
        ),
        migrations.AddField(
            model_name='slipshare',
            name='settlement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slip_shares', to='logistics.ordersettlement'),
        ),
        migrations.AddIndex(
            model_name='householdrelease',
            index=models.Index(fields=['cooperative', 'payout'], name='logistics_h_coopera_4f66dc_idx'),
        ),
        migrations.AddConstraint(
            model_name='householdrelease',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='release_has_amount'),
        ),
        migrations.AddConstraint(
            model_name='householdrelease',
            constraint=models.UniqueConstraint(fields=('line', 'household'), name='line_is_released_once_a_household'),
        ),
        migrations.AddIndex(
            model_name='payoutbatch',
            index=models.Index(fields=['cooperative', 'state'], name='logistics_p_coopera_43481f_idx'),
        ),
        migrations.AddConstraint(
            model_name='payoutbatch',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='batch_has_amount'),
        ),
        migrations.AddConstraint(
            model_name='payoutbatch',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('made_by')), _negated=True), _connector='OR'), name='batch_is_approved_by_another_person'),
        ),
        migrations.AddConstraint(
            model_name='payoutbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'paid'), _negated=True), models.Q(('ended_by', models.F('made_by')), _negated=True), _connector='OR'), name='batch_is_paid_by_another_person'),
        ),
        migrations.AddConstraint(
            model_name='payoutbatch',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['made', 'cancelled']), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='batch_goes_on_when_approved'),
        ),
        migrations.AddConstraint(
            model_name='payoutbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['made', 'approved'])), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), ('state__in', ['paid', 'cancelled'])), _connector='OR'), name='batch_ended_has_time_and_person'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='payout_has_amount'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.UniqueConstraint(fields=('batch', 'household'), name='batch_pays_a_household_once'),
        ),
        migrations.AddConstraint(
            model_name='sharegroup',
            constraint=models.CheckConstraint(condition=models.Q(('priority_fen__gte', 0), ('priority_fen__lte', models.F('grower_fen'))), name='priority_is_a_part_of_what_growers_got'),
        ),
        migrations.AddConstraint(
            model_name='sharegroup',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('cooperative',), name='cooperative_has_one_open_share_group'),
        ),
        migrations.AddConstraint(
            model_name='ordersettlement',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='settlement_has_amount'),
        ),
        migrations.AddConstraint(
            model_name='slipshare',
            constraint=models.UniqueConstraint(fields=('line', 'due'), name='slip_is_in_a_line_once'),
        ),
        migrations.AddConstraint(
            model_name='slipshare',
            constraint=models.CheckConstraint(condition=models.Q(('due_fen__gte', 0), ('extra_fen__gte', 0)), name='slip_share_takes_nothing'),
        ),
    ]
