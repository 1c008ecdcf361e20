"""Telling backers about paying, being paid back, and choosing; each happening once."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.utils.translation import override

from core.templatetags.shanhuo import yuan
from notices.services import NewNotice, send_notices
from shop.models import Pledge
from shop.services.telling import pledge_words, with_words

More = Callable[[Pledge], Mapping[str, str]]


def tell_pledge(pledge: Pledge, template: str, *, at: datetime, **more: str) -> None:
    """One message to the person behind a pledge, once for each template."""
    told = with_words(Pledge.objects.filter(pk=pledge.pk))
    tell_all(told, template, at=at, more=lambda _pledge: more)


def tell_all(
    pledges: Iterable[Pledge],
    template: str,
    *,
    at: datetime,
    more: More | None = None,
    happening: str = "",
) -> int:
    """One message each to people behind pledges of ``with_words``.

    ``more`` gives further words in the pledge's language; ``happening`` tells one from another of
    the same kind.
    """
    key = f"{template}:{happening}" if happening else template
    return send_notices(
        [_notice(pledge, template, f"{key}:{pledge.code}", more) for pledge in pledges], at=at
    )


def _notice(pledge: Pledge, template: str, key: str, more: More | None) -> NewNotice:
    with override(pledge.language):
        words = {**pledge_words(pledge), "total": yuan(pledge.total)}
        if more is not None:
            words |= more(pledge)
    return NewNotice(key, pledge.mobile, template, words, pledge.language)
