"""Fixed Chinese words of the registers, marked so that the catalogue knows their English."""

from django.utils.translation import gettext_noop

# How a member is related to the head of household, as the registers write it.
RELATIONS = [
    gettext_noop("户主"),
    gettext_noop("配偶"),
    gettext_noop("子女"),
    gettext_noop("子"),
    gettext_noop("女"),
    gettext_noop("父母"),
    gettext_noop("孙辈"),
]
