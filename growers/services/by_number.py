"""Signing in with a number whose messages one reads."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.clock import day_of
from core.errors import NotAllowed
from growers.models import User
from growers.selectors import memberships_of
from growers.signals import number_proved


@transaction.atomic
def person_of_number(*, mobile: str, at: datetime) -> User:
    """The consumer with a proved number; an account is made on first use.

    Raises
    ------
    NotAllowed
        The account was put to rest, or works here: those sign in with a password.
    """
    person = User.objects.filter(mobile=mobile).first() or _new(mobile, at=at)
    if not person.is_active:
        raise NotAllowed(_("这个账号停用了，有事请打村店电话。"))
    if person.is_staff or memberships_of(person, day_of(at)).exists():
        raise NotAllowed(_("这是工作账号，请用密码登录。"))
    number_proved.send(User, user=person, mobile=mobile, at=at)
    return person


def _new(mobile: str, *, at: datetime) -> User:
    person = User(username=mobile, mobile=mobile, date_joined=at)
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:  # the same person on two phones at one moment
        return User.objects.get(mobile=mobile)
    return person
