from django.urls import path

from devtools import views

app_name = "devtools"

urlpatterns = [
    path("", views.walk, name="walk"),
    path("jump/", views.jump, name="jump"),
    path("messages/", views.inbox, name="messages"),
    path("sign-in/<slug:key>/", views.sign_in_as, name="sign_in_as"),
]
