from django.urls import path

from contracts.views import contracts, export, household, plans, published, steps

app_name = "contracts"

urlpatterns = [
    path("coop/plans/", plans.plan_list, name="plans"),
    path("coop/plans/new/", plans.new, name="new_plan"),
    path("coop/plans/waiting/", plans.waiting, name="waiting"),
    path("coop/plans/<str:code>/", plans.detail, name="plan"),
    path("coop/plans/<str:code>/export/", export.export, name="export"),
    path("coop/plans/<str:code>/<slug:step>/", steps.take, name="step"),
    path("coop/contracts/", contracts.contract_list, name="contracts"),
    path("contracts/<str:code>/print/", contracts.printed, name="print"),
    path("runs/", published.runs, name="runs"),
    path("runs/<str:code>/", published.run, name="run"),
    path("household/plans/", published.rows, name="own_rows"),
    path("household/plans/<str:code>/proof/", published.proof, name="proof"),
    path("household/contracts/<str:code>/", household.detail, name="household_contract"),
    path("household/contracts/<str:code>/answer/", household.answer, name="answer"),
]
