"""For looking and searching; facts are changed by services."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from growers.models import User

admin.site.register(User, UserAdmin)
