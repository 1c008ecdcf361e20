"""Writing the blocks of a page; those that show the trade are kept as written for some seconds."""

from collections.abc import Callable
from typing import Any

from django import template
from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from content.blocks.asking import AskingBlock
from core import clock

register = template.Library()


@register.simple_tag(takes_context=True)
def block_html(context: template.Context, block: Any) -> SafeString:
    """A block as it is written, empty when it has nothing to show, so that no band is left."""
    kept = isinstance(block.block, AskingBlock) and block.block.may_be_kept
    return _written(
        context, f"block/{block.id}" if kept else "", lambda: block.render(context.flatten())
    )


@register.simple_tag(takes_context=True)
def kept_html(context: template.Context, name: str) -> SafeString:
    """A template's part as it is written with this context."""
    return _written(context, name, lambda: render_to_string(name, dict(context.flatten())))  # type: ignore[arg-type]


def _written(context: template.Context, name: str, write: Callable[[], str]) -> SafeString:
    seconds, page = settings.BLOCKS_KEPT_S, context.get("page")
    request = context.get("request")
    if not (name and seconds and page) or getattr(request, "is_preview", True):
        return mark_safe(write().strip())  # noqa: S308  # what the block's template wrote
    slot = int(clock.now().timestamp() // seconds)
    key = f"{name}/{page.pk}/{page.live_revision_id}/{get_language()}/{slot}"
    kept = cache.get(key)
    if kept is None:
        kept = write().strip()
        cache.set(key, kept, seconds)
    return mark_safe(kept)  # noqa: S308  # as above
