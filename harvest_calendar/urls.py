from django.urls import path

from harvest_calendar import views

app_name = "harvest_calendar"

urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/feed.ics", views.feed, name="feed"),
    path("calendar/<slug:crop_key>/", views.crop, name="crop"),
    path("coop/season/<str:code>/revise/", views.revise, name="revise"),
]
