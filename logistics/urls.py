from django.urls import path

from logistics.views import cooperative, household, packing, payouts, station

app_name = "logistics"

urlpatterns = [
    path("station/", station.home, name="station_home"),
    path("station/weigh/<str:code>/", station.weigh_contract, name="weigh"),
    path("station/tickets/<str:code>/", station.ticket, name="ticket"),
    path("station/handover/<str:code>/", station.hand_over, name="hand_over"),
    path("work/pack/", packing.pack_orders, name="pack"),
    path("work/pack/<str:code>/packed/", packing.mark_packed, name="mark_packed"),
    path("work/pack/<str:code>/sent/", packing.mark_sent, name="mark_sent"),
    path("coop/stock/", cooperative.stock, name="stock"),
    path("coop/stock/process/", cooperative.process_stock, name="process"),
    path("coop/stock/<str:code>/", cooperative.lot_page, name="lot"),
    path("coop/payments/", cooperative.payments_due, name="payments_due"),
    path("coop/payments/batches/", payouts.batches, name="batches"),
    path("coop/payments/batches/<str:code>/", payouts.batch, name="batch"),
    path("coop/payments/batches/<str:code>/file/", payouts.batch_file, name="batch_file"),
    path("coop/payments/batches/<str:code>/<str:step>/", payouts.batch_step, name="batch_step"),
    path("coop/payments/payouts/<str:code>/", payouts.payout, name="payout"),
    path("household/payouts/<str:code>/", household.household_payout, name="household_payout"),
    path("household/slips/<str:code>/", household.household_slip, name="household_slip"),
    path("household/", household.household_home, name="household_home"),
]
