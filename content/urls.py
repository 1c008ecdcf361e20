"""Fixed addresses; the pages themselves are served by Wagtail."""

from django.urls import path

from content import views

app_name = "content"

urlpatterns = [
    path("help/me/", views.help_for_me, name="help"),
    path("words/<slug:key>/", views.words, name="words"),
]
