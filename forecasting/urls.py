from django.urls import path

from forecasting import views

app_name = "forecasting"

urlpatterns = [
    path("coop/demand/", views.demand, name="demand"),
    path("coop/demand/run/", views.run, name="run"),
]
