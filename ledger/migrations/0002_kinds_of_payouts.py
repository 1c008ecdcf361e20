from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='transfer',
            name='transfer_says_what_it_is_about',
        ),
        migrations.AlterField(
            model_name='transfer',
            name='kind',
            field=models.CharField(choices=[('pay', '付款'), ('refund', '退款'), ('release', '结算'), ('fee', '手续费'), ('owed', '收购款'), ('payout', '付给'), ('return', '退货收回'), ('dispute', '争议'), ('reversal', '冲正')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'pay'), models.Q(('subject__startswith', 'pledge:'), ('subject__startswith', 'order:'), _connector='OR'), ('counterparty', '')), models.Q(('kind', 'refund'), models.Q(('subject__startswith', 'pledge:'), ('subject__startswith', 'order:'), _connector='OR'), ('counterparty', '')), models.Q(('kind', 'release'), models.Q(('subject__startswith', 'pledge:'), ('subject__startswith', 'order:'), _connector='OR'), models.Q(('counterparty__startswith', 'household:'), ('counterparty__startswith', 'cooperative:'), ('counterparty__startswith', 'shop:'), ('counterparty__startswith', 'hub:'), ('counterparty__startswith', 'platform:'), _connector='OR')), models.Q(('kind', 'fee'), models.Q(('subject__startswith', 'pledge:'), ('subject__startswith', 'order:'), ('subject__startswith', 'payout:'), _connector='OR'), models.Q(('counterparty__startswith', 'provider:'), ('counterparty__startswith', 'platform:'), _connector='OR')), models.Q(('kind', 'owed'), ('subject__startswith', 'ticket:'), ('counterparty__startswith', 'household:')), models.Q(('kind', 'payout'), ('subject__startswith', 'payout:'), models.Q(('counterparty__startswith', 'household:'), ('counterparty__startswith', 'shop:'), ('counterparty__startswith', 'hub:'), _connector='OR')), models.Q(('kind', 'return'), models.Q(('subject__startswith', 'pledge:'), ('subject__startswith', 'order:'), _connector='OR'), models.Q(('counterparty__startswith', 'cooperative:'), ('counterparty__startswith', 'shop:'), ('counterparty__startswith', 'hub:'), ('counterparty__startswith', 'platform:'), _connector='OR')), models.Q(('kind', 'dispute'), models.Q(('subject__startswith', 'pledge:'), ('subject__startswith', 'order:'), _connector='OR'), ('counterparty', '')), models.Q(('kind', 'reversal'), ('subject__startswith', 'transfer:'), ('counterparty', '')), _connector='OR'), name='transfer_says_what_it_is_about'),
        ),
    ]
