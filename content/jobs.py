"""What the pages do by themselves: publish and take down, count, and mind who may edit."""

from datetime import datetime
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished

from content.models import StoryConsent
from content.selectors.pages import find_pages
from content.services.consent import take_down_lapsed
from content.services.counts import count_numbers
from content.services.editors import let_editors_edit
from content.services.schedule import run_schedule
from content.services.words import keep_words
from core import clock, ticks
from core.clock import day_of
from growers.models import Membership
from shop.search.ports import register_pages

A_FEW_MINUTES = 5
A_DAY = 24 * 60


def _schedule(at: datetime) -> object:
    return run_schedule(at=at)


def _count(at: datetime) -> object:
    return count_numbers(at=at)


def _editors(at: datetime) -> object:
    return let_editors_edit(on=day_of(at))


def register() -> None:
    """Add the jobs, the count after the shop's own of the day; let the search find pages."""
    register_pages(find_pages)
    ticks.register("content.schedule", every_minutes=A_FEW_MINUTES, run=_schedule, order=60)
    ticks.register("content.numbers", every_minutes=A_DAY, run=_count, order=61)
    ticks.register("content.editors", every_minutes=A_DAY, run=_editors, order=62)


@receiver([page_published, page_unpublished], dispatch_uid="content.keep_words")
def _keep_words(*, instance: Any, **_facts: Any) -> None:
    keep_words(instance)


@receiver(post_save, sender=StoryConsent, dispatch_uid="content.consent_changed")
def _consent_changed(**_facts: Any) -> None:
    take_down_lapsed(at=clock.now())


@receiver([post_save, post_delete], sender=Membership, dispatch_uid="content.roles_changed")
def _roles_changed(*, instance: Membership, **_facts: Any) -> None:
    if instance.role == "editor":
        let_editors_edit(on=clock.today())
