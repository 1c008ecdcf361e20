from django.urls import path

from payments.views import fund, money, pay

app_name = "payments"

urlpatterns = [
    path("pay/<str:token>/", pay.pay, name="pay"),
    path("pay/<str:token>/back/", pay.back, name="back"),
    path("work/money/", money.money, name="money"),
    path("work/money/line/", money.line, name="line"),
    path("work/money/messages/<str:id>/", money.message, name="message"),
    path("work/money/refunds/<str:code>/", money.by_bank, name="by_bank"),
    path("work/money/refunds/<str:code>/taken/", fund.taken_back, name="taken_back"),
    path("work/money/fund/", fund.fund, name="fund"),
    path("work/money/fund/<str:code>/", fund.deposit, name="deposit"),
]
