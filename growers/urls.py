from django.urls import path

from growers import views

app_name = "growers"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("home/", views.home, name="home"),
    path("official/households/", views.households, name="households"),
    path("official/households/<str:code>/", views.household, name="household"),
    path("official/households/<str:code>/card/", views.card, name="card"),
]
