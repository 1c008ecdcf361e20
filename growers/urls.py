from django.urls import URLPattern

app_name = "growers"

urlpatterns: list[URLPattern] = []
