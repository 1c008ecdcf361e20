from django.urls import path

from forecasting import views

app_name = "forecasting"

urlpatterns = [
    path("coop/demand/", views.demand, name="demand"),
    path("coop/demand/lines.csv", views.lines, {"kind": "csv"}, name="lines_csv"),
    path("coop/demand/lines.xlsx", views.lines, {"kind": "xlsx"}, name="lines_xlsx"),
    path("coop/demand/lines.json", views.lines, {"kind": "json"}, name="lines_json"),
    path("coop/demand/run/", views.run, name="run"),
]
