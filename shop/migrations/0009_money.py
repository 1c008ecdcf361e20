import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('growers', '0002_english'),
        ('order', '0021_billingaddress_code_shippingaddress_code'),
        ('shop', '0008_proof_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('person', '个人'), ('company', '单位')], max_length=8)),
                ('title', models.CharField(max_length=80)),
                ('tax_number', models.CharField(blank=True, max_length=20)),
                ('email', models.EmailField(max_length=254)),
                ('amount_fen', models.BigIntegerField()),
                ('asked_at', models.DateTimeField()),
                ('number', models.CharField(blank=True, max_length=30)),
                ('issued_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PledgeStateChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old', models.CharField(blank=True, choices=[('pending', '等你完成付款设置'), ('active', '已约'), ('cancelled', '已取消'), ('expired', '超时没完成，已放掉'), ('due', '成团了，正在收款'), ('ordered', '已转为订单'), ('lapsed', '没有按时付款，已放掉'), ('to_release', '未成团，正在放掉'), ('released', '未成团，已释放'), ('refunding', '正在退款'), ('refunded', '已全额退款')], max_length=10)),
                ('new', models.CharField(choices=[('pending', '等你完成付款设置'), ('active', '已约'), ('cancelled', '已取消'), ('expired', '超时没完成，已放掉'), ('due', '成团了，正在收款'), ('ordered', '已转为订单'), ('lapsed', '没有按时付款，已放掉'), ('to_release', '未成团，正在放掉'), ('released', '未成团，已释放'), ('refunding', '正在退款'), ('refunded', '已全额退款')], max_length=10)),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PledgeTier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=40)),
                ('price', models.DecimalField(decimal_places=2, max_digits=8)),
                ('packs_per_unit', models.PositiveSmallIntegerField(default=1)),
                ('cap_units', models.PositiveIntegerField()),
                ('taken_units', models.PositiveIntegerField(default=0)),
                ('most_each', models.PositiveSmallIntegerField(blank=True, null=True)),
            ],
            options={
                'ordering': ['campaign', 'number'],
            },
        ),
        migrations.CreateModel(
            name='ReturnRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True)),
                ('packs', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('no_reason', '不想要了，没拆封'), ('damaged', '坏了、少了或不对')], max_length=10)),
                ('words', models.CharField(blank=True, max_length=300)),
                ('state', models.CharField(choices=[('asked', '等村店答复'), ('accepted', '可以退，等东西寄回或当面验'), ('refused', '没同意'), ('refunded', '钱退了'), ('withdrawn', '买家不退了')], default='asked', max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, max_length=300)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('refund_code', models.CharField(blank=True, max_length=24)),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Setback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True)),
                ('kind', models.CharField(choices=[('partial', '收成不够'), ('delay', '日子挪后'), ('failed', '没有收成')], max_length=8)),
                ('percent', models.PositiveSmallIntegerField()),
                ('old_from_on', models.DateField()),
                ('old_to_on', models.DateField()),
                ('new_from_on', models.DateField()),
                ('new_to_on', models.DateField()),
                ('reason', models.CharField(max_length=200)),
                ('declared_at', models.DateTimeField()),
                ('choose_by', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-declared_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SetbackChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('goods_fen', models.BigIntegerField()),
                ('carriage_fen', models.BigIntegerField()),
                ('weight_g', models.BigIntegerField()),
                ('keep_fen', models.BigIntegerField()),
                ('keep_g', models.BigIntegerField()),
                ('remedy', models.CharField(blank=True, choices=[('partial', '发一部分，退一部分'), ('refund', '不要了，全退'), ('wait', '愿意等'), ('substitute', '换成别的货')], max_length=10)),
                ('by_default', models.BooleanField(default=False)),
                ('chosen_at', models.DateTimeField(blank=True, null=True)),
                ('refund_fen', models.BigIntegerField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='StretchGoal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at_packs', models.PositiveIntegerField()),
                ('promise', models.CharField(max_length=120)),
                ('reached', models.BooleanField(null=True)),
            ],
            options={
                'ordering': ['campaign', 'at_packs'],
            },
        ),
        migrations.CreateModel(
            name='Voucher',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=8)),
                ('least_goods', models.DecimalField(decimal_places=2, max_digits=8)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('most_uses', models.PositiveIntegerField()),
                ('used', models.PositiveIntegerField(default=0)),
                ('note', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'ordering': ['-valid_from', 'code'],
            },
        ),
        migrations.CreateModel(
            name='VoucherUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount_fen', models.BigIntegerField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='WaitingEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True)),
                ('state', models.CharField(choices=[('waiting', '排着队'), ('offered', '轮到了，给你留着'), ('taken', '已约上'), ('passed', '没来约，让给后面的人了'), ('left', '不等了')], default='waiting', max_length=8)),
                ('packs', models.PositiveIntegerField()),
                ('mobile', models.CharField(max_length=20)),
                ('language', models.CharField(default='zh-hans', max_length=10)),
                ('joined_at', models.DateTimeField()),
                ('offered_until', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['joined_at', 'pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='campaign',
            name='campaign_is_never_over_its_cap',
        ),
        migrations.AddField(
            model_name='campaign',
            name='closed_amount',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True),
        ),
        migrations.AddField(
            model_name='campaign',
            name='closed_packs',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='campaign',
            name='closed_pledges',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='campaign',
            name='collection_paused_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='campaign',
            name='deposit_percent',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='campaign',
            name='held_packs',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='campaign',
            name='mode',
            field=models.CharField(choices=[('all', '约够才成团'), ('ordered', '约多少发多少')], default='all', max_length=8),
        ),
        migrations.AddField(
            model_name='campaign',
            name='stage',
            field=models.CharField(blank=True, choices=[('collecting', '正在收款'), ('review', '钱没收够，待决定'), ('growing', '等采收'), ('harvested', '已采收'), ('delivering', '正在发货'), ('completed', '已完成'), ('releasing', '正在放掉预约'), ('refunding', '正在退款'), ('closed', '已了结')], default='', max_length=10),
        ),
        migrations.AddField(
            model_name='historicalcampaign',
            name='closed_amount',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True),
        ),
        migrations.AddField(
            model_name='historicalcampaign',
            name='closed_packs',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='historicalcampaign',
            name='closed_pledges',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='historicalcampaign',
            name='collection_paused_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='historicalcampaign',
            name='deposit_percent',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='historicalcampaign',
            name='held_packs',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='historicalcampaign',
            name='mode',
            field=models.CharField(choices=[('all', '约够才成团'), ('ordered', '约多少发多少')], default='all', max_length=8),
        ),
        migrations.AddField(
            model_name='historicalcampaign',
            name='stage',
            field=models.CharField(blank=True, choices=[('collecting', '正在收款'), ('review', '钱没收够，待决定'), ('growing', '等采收'), ('harvested', '已采收'), ('delivering', '正在发货'), ('completed', '已完成'), ('releasing', '正在放掉预约'), ('refunding', '正在退款'), ('closed', '已了结')], default='', max_length=10),
        ),
        migrations.AddField(
            model_name='pledge',
            name='carriage',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True),
        ),
        migrations.AddField(
            model_name='pledge',
            name='deposit_code',
            field=models.CharField(blank=True, max_length=24, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='pledge',
            name='hold_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='pledge',
            name='payment_code',
            field=models.CharField(blank=True, max_length=24, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='pledge',
            name='price',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True),
        ),
        migrations.AddField(
            model_name='pledge',
            name='way',
            field=models.CharField(blank=True, choices=[('card_later', '现在记下银行卡，成团才扣款'), ('link', '成团后收到链接再付'), ('now', '现在付，没成团全退')], max_length=10),
        ),
        migrations.AddField(
            model_name='purchase',
            name='gift_note',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='purchase',
            name='hold_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='purchase',
            name='paid_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='purchase',
            name='payment_code',
            field=models.CharField(blank=True, db_index=True, max_length=24),
        ),
        migrations.AddField(
            model_name='purchase',
            name='perishable_confirmed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='campaignstatechange',
            name='new',
            field=models.CharField(choices=[('draft', '草稿'), ('live', '预售中'), ('succeeded', '已成团'), ('failed', '未成团'), ('cancelled', '已取消'), ('collecting', '正在收款'), ('review', '钱没收够，待决定'), ('growing', '等采收'), ('harvested', '已采收'), ('delivering', '正在发货'), ('completed', '已完成'), ('releasing', '正在放掉预约'), ('refunding', '正在退款'), ('closed', '已了结')], max_length=10),
        ),
        migrations.AlterField(
            model_name='campaignstatechange',
            name='old',
            field=models.CharField(choices=[('draft', '草稿'), ('live', '预售中'), ('succeeded', '已成团'), ('failed', '未成团'), ('cancelled', '已取消'), ('collecting', '正在收款'), ('review', '钱没收够，待决定'), ('growing', '等采收'), ('harvested', '已采收'), ('delivering', '正在发货'), ('completed', '已完成'), ('releasing', '正在放掉预约'), ('refunding', '正在退款'), ('closed', '已了结')], max_length=10),
        ),
        migrations.AlterField(
            model_name='pledge',
            name='state',
            field=models.CharField(choices=[('pending', '等你完成付款设置'), ('active', '已约'), ('cancelled', '已取消'), ('expired', '超时没完成，已放掉'), ('due', '成团了，正在收款'), ('ordered', '已转为订单'), ('lapsed', '没有按时付款，已放掉'), ('to_release', '未成团，正在放掉'), ('released', '未成团，已释放'), ('refunding', '正在退款'), ('refunded', '已全额退款')], default='active', max_length=10),
        ),
        migrations.AlterField(
            model_name='purchase',
            name='state',
            field=models.CharField(choices=[('awaiting', '等付款'), ('placed', '已下单'), ('packed', '已打包'), ('sent', '已发出'), ('delivered', '已收货'), ('cancelled', '已取消')], default='placed', max_length=10),
        ),
        migrations.AlterField(
            model_name='purchasestatechange',
            name='new',
            field=models.CharField(choices=[('awaiting', '等付款'), ('placed', '已下单'), ('packed', '已打包'), ('sent', '已发出'), ('delivered', '已收货'), ('cancelled', '已取消')], max_length=10),
        ),
        migrations.AlterField(
            model_name='purchasestatechange',
            name='old',
            field=models.CharField(blank=True, choices=[('awaiting', '等付款'), ('placed', '已下单'), ('packed', '已打包'), ('sent', '已发出'), ('delivered', '已收货'), ('cancelled', '已取消')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('cap_packs__gte', django.db.models.expressions.CombinedExpression(models.F('pledged_packs'), '+', models.F('held_packs')))), name='campaign_is_never_over_its_cap'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('deposit_percent__lte', 20)), name='campaign_deposit_is_a_fifth_at_most'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('stage', ''), ('closed_at__isnull', False), _connector='OR'), name='campaign_with_stage_has_ended'),
        ),
        migrations.AddConstraint(
            model_name='purchase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'awaiting'), _negated=True), models.Q(('hold_until__isnull', False), ('paid_at__isnull', True)), _connector='OR'), name='purchase_awaiting_payment_has_end'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='issued_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='invoice',
            name='purchase',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='invoice', to='shop.purchase'),
        ),
        migrations.AddField(
            model_name='pledgestatechange',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='pledgestatechange',
            name='pledge',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='shop.pledge'),
        ),
        migrations.AddField(
            model_name='pledgetier',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tiers', to='shop.campaign'),
        ),
        migrations.AddField(
            model_name='pledge',
            name='tier',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pledges', to='shop.pledgetier'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(('way', ''), models.Q(('carriage__isnull', False), ('price__isnull', False)), _connector='OR'), name='pledge_paid_through_us_has_amount'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'pending'), _negated=True), models.Q(models.Q(('way', ''), _negated=True), ('hold_until__isnull', False)), _connector='OR'), name='pledge_pending_has_end'),
        ),
        migrations.AddField(
            model_name='returnrequest',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='returnrequest',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='order.line'),
        ),
        migrations.AddField(
            model_name='returnrequest',
            name='purchase',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='shop.purchase'),
        ),
        migrations.AddField(
            model_name='setback',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='setbacks', to='shop.campaign'),
        ),
        migrations.AddField(
            model_name='setback',
            name='declared_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='setback',
            name='substitute',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shop.listing'),
        ),
        migrations.AddField(
            model_name='setbackchoice',
            name='pledge',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='setback_choices', to='shop.pledge'),
        ),
        migrations.AddField(
            model_name='setbackchoice',
            name='setback',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='shop.setback'),
        ),
        migrations.AddField(
            model_name='stretchgoal',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stretch_goals', to='shop.campaign'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('least_goods__gt', models.F('amount'))), name='voucher_leaves_something_to_pay'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.CheckConstraint(condition=models.Q(('used__lte', models.F('most_uses'))), name='voucher_is_used_no_more_than_allowed'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__gte', models.F('valid_from'))), name='voucher_ends_after_it_starts'),
        ),
        migrations.AddField(
            model_name='voucheruse',
            name='purchase',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='voucher_use', to='shop.purchase'),
        ),
        migrations.AddField(
            model_name='voucheruse',
            name='voucher',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='shop.voucher'),
        ),
        migrations.AddField(
            model_name='waitingentry',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waiting', to='shop.campaign'),
        ),
        migrations.AddField(
            model_name='waitingentry',
            name='pledge',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='waited', to='shop.pledge'),
        ),
        migrations.AddField(
            model_name='waitingentry',
            name='user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'person'), ('tax_number', '')), models.Q(('kind', 'company'), models.Q(('tax_number', ''), _negated=True)), _connector='OR'), name='invoice_of_a_company_has_tax_number'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('issued_at__isnull', True), ('number', '')), models.Q(models.Q(('number', ''), _negated=True), ('issued_at__isnull', False)), _connector='OR'), name='invoice_issued_has_number'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='invoice_has_amount'),
        ),
        migrations.AddConstraint(
            model_name='pledgetier',
            constraint=models.UniqueConstraint(fields=('campaign', 'number'), name='tier_numbered_once'),
        ),
        migrations.AddConstraint(
            model_name='pledgetier',
            constraint=models.CheckConstraint(condition=models.Q(('taken_units__lte', models.F('cap_units'))), name='tier_is_never_over_its_cap'),
        ),
        migrations.AddConstraint(
            model_name='pledgetier',
            constraint=models.CheckConstraint(condition=models.Q(('packs_per_unit__gt', 0), ('price__gt', 0)), name='tier_has_price_and_packs'),
        ),
        migrations.AddConstraint(
            model_name='returnrequest',
            constraint=models.CheckConstraint(condition=models.Q(('packs__gt', 0)), name='return_has_packs'),
        ),
        migrations.AddConstraint(
            model_name='returnrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='return_refused_says_why'),
        ),
        migrations.AddConstraint(
            model_name='returnrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['accepted', 'refused', 'refunded']), _negated=True), ('answered_at__isnull', False), _connector='OR'), name='return_answered_has_time'),
        ),
        migrations.AddConstraint(
            model_name='returnrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'accepted'])), fields=('line',), name='line_has_one_open_return'),
        ),
        migrations.AddConstraint(
            model_name='setback',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'partial'), ('percent__gt', 0), ('percent__lt', 100)), models.Q(('kind', 'delay'), ('percent', 100)), models.Q(('kind', 'failed'), ('percent', 0)), _connector='OR'), name='setback_percent_fits_kind'),
        ),
        migrations.AddConstraint(
            model_name='setback',
            constraint=models.CheckConstraint(condition=models.Q(('new_from_on__lte', models.F('new_to_on'))), name='setback_window_is_ordered'),
        ),
        migrations.AddConstraint(
            model_name='setback',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='setback_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='setback',
            constraint=models.UniqueConstraint(condition=models.Q(('settled_at__isnull', True)), fields=('campaign',), name='campaign_has_one_open_setback'),
        ),
        migrations.AddIndex(
            model_name='setbackchoice',
            index=models.Index(fields=['setback', 'remedy'], name='shop_setbac_setback_91c35f_idx'),
        ),
        migrations.AddConstraint(
            model_name='setbackchoice',
            constraint=models.UniqueConstraint(fields=('setback', 'pledge'), name='backer_chooses_once'),
        ),
        migrations.AddConstraint(
            model_name='setbackchoice',
            constraint=models.CheckConstraint(condition=models.Q(('keep_fen__gte', 0), ('keep_fen__lte', models.F('goods_fen'))), name='setback_keeps_at_most_what_was_paid'),
        ),
        migrations.AddConstraint(
            model_name='setbackchoice',
            constraint=models.CheckConstraint(condition=models.Q(('keep_g__gte', 0), ('keep_g__lte', models.F('weight_g'))), name='setback_sends_at_most_what_was_promised'),
        ),
        migrations.AddConstraint(
            model_name='setbackchoice',
            constraint=models.CheckConstraint(condition=models.Q(('done_at__isnull', True), models.Q(('remedy', ''), _negated=True), _connector='OR'), name='setback_done_has_remedy'),
        ),
        migrations.AddConstraint(
            model_name='setbackchoice',
            constraint=models.CheckConstraint(condition=models.Q(('refund_fen__isnull', True), models.Q(('refund_fen__gte', 0), ('refund_fen__lte', django.db.models.expressions.CombinedExpression(models.F('goods_fen'), '+', models.F('carriage_fen')))), _connector='OR'), name='setback_refund_is_within_what_was_paid'),
        ),
        migrations.AddConstraint(
            model_name='stretchgoal',
            constraint=models.UniqueConstraint(fields=('campaign', 'at_packs'), name='stretch_goal_set_once'),
        ),
        migrations.AddConstraint(
            model_name='voucheruse',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='voucher_use_has_amount'),
        ),
        migrations.AddIndex(
            model_name='waitingentry',
            index=models.Index(fields=['campaign', 'state'], name='shop_waitin_campaig_9233c4_idx'),
        ),
        migrations.AddConstraint(
            model_name='waitingentry',
            constraint=models.CheckConstraint(condition=models.Q(('packs__gt', 0)), name='waiting_has_packs'),
        ),
        migrations.AddConstraint(
            model_name='waitingentry',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'offered'])), fields=('campaign', 'mobile'), name='person_waits_once_a_campaign'),
        ),
        migrations.AddConstraint(
            model_name='waitingentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'offered'), _negated=True), ('offered_until__isnull', False), _connector='OR'), name='waiting_offer_has_end'),
        ),
        migrations.AddConstraint(
            model_name='waitingentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'taken'), _negated=True), ('pledge__isnull', False), _connector='OR'), name='waiting_taken_has_pledge'),
        ),
    ]
