"""Where the provider reports; it has no language, so it stands outside the language prefix."""

from django.urls import path

from payments.views.messages import receive

app_name = "payments_webhook"

urlpatterns = [path("", receive, name="receive")]
