"""A block that shows what other apps know asks for it before the page is written.

The page collects the asks of all its blocks, answers them together and hands the answers down, so
that ten blocks cost as many queries as one. A block that is shown alone answers for itself.
"""

from typing import Any

from wagtail import blocks

from content.asks import Ask

TYPED = ("title", "note", "alt", "caption")


class AskingBlock(blocks.StructBlock):
    """A block whose ``found`` in the template is the answer to its ``ask``.

    ``may_be_kept`` says that it may be shown again for some seconds as it was written; never so
    for what stands on somebody's consent.
    """

    may_be_kept = False

    def ask(self, value: Any, page: Any) -> Ask | None:
        """What this block wants to know; None when nothing was chosen."""
        raise NotImplementedError

    def get_searchable_content(self, value: Any) -> list[str]:
        """What an editor typed; rules and choices are not words of the page."""
        return [str(value[name]) for name in TYPED if value.get(name)]

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> Any:
        from content.selectors.answers import answer_now

        context = super().get_context(value, parent_context)
        ask = self.ask(value, context.get("page"))
        answers = context.get("answers")
        if answers is None or ask not in answers:
            answers = answer_now([] if ask is None else [ask])
        context["found"] = None if ask is None else answers.get(ask)
        return context


def asks_of(stream: Any, page: Any) -> list[Ask]:
    """What all blocks of a stream want to know."""
    asking = [child for child in stream or () if isinstance(child.block, AskingBlock)]
    found = [child.block.ask(child.value, page) for child in asking]
    return [ask for ask in found if ask is not None]
