from django.urls import URLPattern

app_name = "harvest_calendar"

urlpatterns: list[URLPattern] = []
