import core.crypto
import django.db.models.deletion
import payments.models.payment
import payments.models.refund
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider_id', models.CharField(max_length=80, unique=True)),
                ('kind', models.CharField(max_length=40)),
                ('amount', models.BigIntegerField()),
                ('fee', models.BigIntegerField()),
                ('group', models.CharField(db_index=True, max_length=60)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Difference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('reference', models.CharField(max_length=120)),
                ('detail', models.CharField(max_length=300)),
                ('found_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-found_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'reference'), name='difference_is_noted_once')],
            },
        ),
        migrations.CreateModel(
            name='Gate',
            fields=[
                ('number', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('errors_in_row', models.PositiveIntegerField(default=0)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('next_call_us', models.BigIntegerField(default=0)),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('number', 1)), name='there_is_one_gate')],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=payments.models.payment.payment_code, max_length=20, unique=True)),
                ('subject', models.CharField(db_index=True, max_length=60)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('way', models.CharField(choices=[('card_later', '现在存卡，成团后扣款'), ('link', '成团后凭链接付款'), ('now', '马上付款')], max_length=10)),
                ('methods', models.CharField(default='card', max_length=60)),
                ('state', models.CharField(choices=[('waiting', '等买家在付款页上完成'), ('ready', '卡已存好'), ('due', '该付款了'), ('charging', '正在扣款'), ('action_required', '等买家本人确认'), ('failed_soft', '没扣成，还会再试'), ('failed_hard', '没扣成，要换卡'), ('paid', '已付款'), ('dropped', '逾期未付，已放弃'), ('lapsed', '链接过期未付'), ('void', '已取消')], default='waiting', max_length=15)),
                ('amount', models.BigIntegerField()),
                ('paid', models.BigIntegerField(default=0)),
                ('refunded', models.BigIntegerField(default=0)),
                ('description', models.CharField(max_length=200)),
                ('payer_reference', models.CharField(max_length=60)),
                ('payer_contact', core.crypto.EncryptedTextField()),
                ('language', models.CharField(max_length=10)),
                ('customer_id', models.CharField(blank=True, db_index=True, max_length=80)),
                ('card_id', models.CharField(blank=True, max_length=80)),
                ('old_cards', models.JSONField(blank=True, default=list)),
                ('paid_with', models.CharField(blank=True, max_length=20)),
                ('decline_code', models.CharField(blank=True, max_length=60)),
                ('decline_kind', models.CharField(blank=True, choices=[('soft', '过几天可能成'), ('hard', '多半不成，最后再试一次'), ('never', '这张卡不再试'), ('needs_buyer', '要买家本人确认')], max_length=11)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('lapse_at', models.DateTimeField(blank=True, null=True)),
                ('next_try_at', models.DateTimeField(blank=True, null=True)),
                ('woken_at', models.DateTimeField(blank=True, null=True)),
                ('paid_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('tidy_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
                'permissions': [('settle_money', 'Can resume payments and approve refunds by bank')],
                'indexes': [models.Index(fields=['state', 'next_try_at'], name='payments_pa_state_43c767_idx'), models.Index(fields=['state', 'lapse_at'], name='payments_pa_state_61d18c_idx'), models.Index(condition=models.Q(('tidy_at__isnull', False)), fields=['tidy_at'], name='payment_to_tidy')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_asks_for_money'), models.CheckConstraint(condition=models.Q(models.Q(('paid', models.F('amount')), ('paid_at__isnull', False), ('state', 'paid')), models.Q(models.Q(('state', 'paid'), _negated=True), ('paid', 0), ('paid_at__isnull', True)), _connector='OR'), name='payment_is_paid_whole_or_not_at_all'), models.CheckConstraint(condition=models.Q(('refunded__gte', 0), ('refunded__lte', models.F('paid'))), name='payment_returns_at_most_what_was_paid'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['dropped', 'lapsed', 'void'])), models.Q(models.Q(('state__in', ['dropped', 'lapsed', 'void']), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='payment_given_up_has_time'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['due', 'charging', 'action_required', 'failed_soft', 'failed_hard']), _negated=True), ('due_at__isnull', False), _connector='OR'), name='payment_due_has_time')],
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider_id', models.CharField(max_length=80, unique=True)),
                ('amount', models.BigIntegerField()),
                ('state', models.CharField(max_length=30)),
                ('opened_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='payments.payment')),
            ],
            options={
                'ordering': ['-opened_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('n', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('card', '扣存好的卡'), ('page', '买家在付款页上付')], max_length=4)),
                ('key', models.CharField(max_length=60, unique=True)),
                ('params', models.JSONField()),
                ('params_hash', models.CharField(max_length=64)),
                ('intent_id', models.CharField(blank=True, max_length=80, null=True, unique=True)),
                ('state', models.CharField(choices=[('planned', '还没问'), ('sent', '等结果'), ('unknown', '没有回音'), ('succeeded', '成了'), ('failed', '没成'), ('surplus', '多收的，退回去')], default='planned', max_length=9)),
                ('decline_code', models.CharField(blank=True, max_length=60)),
                ('error', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField()),
                ('look_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='payments.payment')),
            ],
            options={
                'ordering': ['payment', 'n'],
            },
        ),
        migrations.CreateModel(
            name='PaymentPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(db_index=True, max_length=60)),
                ('escrow', models.CharField(db_index=True, max_length=60)),
                ('amount', models.BigIntegerField()),
                ('paid', models.BigIntegerField(default=0)),
                ('refunded', models.BigIntegerField(default=0)),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='payments.payment')),
            ],
            options={
                'ordering': ['payment', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ProviderEvent',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=80)),
                ('object_id', models.CharField(max_length=120)),
                ('state', models.CharField(choices=[('new', '还没看'), ('done', '看过了'), ('parked', '对不上，过会儿再看'), ('left', '对不上，等人看')], default='new', max_length=6)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.CharField(blank=True, max_length=200)),
                ('made_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['received_at', 'id'],
                'indexes': [models.Index(fields=['state', 'next_try_at'], name='payments_pr_state_0f7502_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('done_at__isnull', True)), _connector='OR'), name='event_done_has_time')],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=payments.models.refund.refund_code, max_length=20, unique=True)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('amount', models.BigIntegerField()),
                ('reason', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('asked', '还没问'), ('unknown', '没有回音'), ('pending', '等结果'), ('succeeded', '退到了'), ('failed', '没退成，退回账上'), ('offline', '要用银行转账退'), ('offline_paid', '已用银行转账退')], default='asked', max_length=12)),
                ('provider_id', models.CharField(blank=True, max_length=80, null=True, unique=True)),
                ('error', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField()),
                ('tried_at', models.DateTimeField(blank=True, null=True)),
                ('next_try_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('bank_number', models.CharField(blank=True, max_length=60)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.attempt')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('part', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.paymentpart')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.payment')),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='HostedPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('setup', '存卡'), ('pay', '付款')], max_length=5)),
                ('key', models.CharField(max_length=60, unique=True)),
                ('params', models.JSONField()),
                ('provider_id', models.CharField(blank=True, max_length=120, null=True, unique=True)),
                ('url', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('open', '开着'), ('complete', '完成了'), ('expired', '关了')], default='open', max_length=8)),
                ('created_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('attempt', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='page', to='payments.attempt')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pages', to='payments.payment')),
            ],
            options={
                'ordering': ['payment', 'pk'],
                'indexes': [models.Index(fields=['state', 'seen_at'], name='payments_ho_state_ab8154_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('payment',), name='payment_has_one_open_page'), models.CheckConstraint(condition=models.Q(models.Q(('attempt__isnull', False), ('kind', 'pay')), models.Q(('attempt__isnull', True), ('kind', 'setup')), _connector='OR'), name='page_to_pay_is_an_attempt')],
            },
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('state__in', ['planned', 'sent', 'unknown'])), fields=['look_at'], name='attempt_to_look_at'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(fields=('payment', 'n'), name='attempt_number_is_used_once'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['planned', 'sent', 'unknown'])), fields=('payment',), name='payment_has_one_open_attempt'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'succeeded')), fields=('payment',), name='payment_succeeds_once'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['planned', 'sent', 'unknown'])), models.Q(models.Q(('state__in', ['planned', 'sent', 'unknown']), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='attempt_ended_has_time'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['succeeded', 'surplus']), _negated=True), ('intent_id__isnull', False), _connector='OR'), name='attempt_with_money_has_intent'),
        ),
        migrations.AddConstraint(
            model_name='paymentpart',
            constraint=models.UniqueConstraint(fields=('payment', 'subject'), name='part_is_named_once'),
        ),
        migrations.AddConstraint(
            model_name='paymentpart',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='part_asks_for_money'),
        ),
        migrations.AddConstraint(
            model_name='paymentpart',
            constraint=models.CheckConstraint(condition=models.Q(('paid', 0), ('paid', models.F('amount')), _connector='OR'), name='part_is_paid_whole_or_not_at_all'),
        ),
        migrations.AddConstraint(
            model_name='paymentpart',
            constraint=models.CheckConstraint(condition=models.Q(('refunded__gte', 0), ('refunded__lte', models.F('paid'))), name='part_returns_at_most_what_was_paid'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(fields=['state', 'next_try_at'], name='payments_re_state_03acfe_idx'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='refund_returns_money'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('proposed_by__isnull', False), models.Q(('approved_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='refund_by_bank_needs_two_persons'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'offline_paid'), _negated=True), models.Q(('approved_by__isnull', False), models.Q(('bank_number', ''), _negated=True)), _connector='OR'), name='refund_by_bank_is_approved_with_number'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['pending', 'succeeded']), _negated=True), ('provider_id__isnull', False), _connector='OR'), name='refund_sent_has_provider_number'),
        ),
    ]
