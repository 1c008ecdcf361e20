"""Reading the files of first words: a head of facts, then text with blocks between ``:::``.

A file begins with ``name: value`` lines and a line of dashes. Its text is a small part of Markdown
(headings, paragraphs, lists, bold, links); a link names another file's key or one of our addresses.
``::: steps 标题`` opens a block whose lines are ``- one | other``; ``:::`` closes it.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

DATA = Path(__file__).parent / "data"
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
BOLD = re.compile(r"\*\*(.+?)\*\*")
OPTION = re.compile(r"(\w+)=(\S+)")
HEADINGS = {"## ": "h2", "### ": "h3"}
LISTS = {"- ": "ul", "1. ": "ol"}
Block = dict[str, Any]


@dataclass(frozen=True)
class FirstWords:
    """One file: its key and language, the facts of its head, and its body's text."""

    key: str
    language: str
    facts: dict[str, str]
    text: str
    fingerprint: str

    @property
    def prefix(self) -> str:
        """What addresses of this language begin with."""
        return "" if self.language == "zh-hans" else f"/{self.language}"


def read_all(folder: Path = DATA) -> list[FirstWords]:
    """All files, parents before children and in the order their heads give."""
    found = [read(path) for path in sorted(folder.glob("*/*.md"))]
    return sorted(found, key=lambda one: (one.language != "zh-hans", _place(one)))


def _place(words: FirstWords) -> tuple[int, int, str]:
    depth = 0 if words.facts["kind"] == "home" else 1 if "parent" not in words.facts else 2
    return depth, int(words.facts.get("order", "50")), words.key


def read(path: Path) -> FirstWords:
    """One file; its folder names the language."""
    content = path.read_text(encoding="utf-8")
    head, _line, text = content.partition("\n---\n")
    pairs = (line.partition(":") for line in head.splitlines() if line.strip())
    facts = {name.strip(): value.strip() for name, _colon, value in pairs}
    mark = sha256(content.encode()).hexdigest()
    return FirstWords(path.stem, path.parent.name, facts, text, mark)


def body(words: FirstWords, *, page_ids: dict[str, int]) -> list[Block]:
    """The body as stream data; links to pages that are not there yet are left out."""
    return [
        {"type": kind, "value": value, "id": _id(words, place)}
        for place, (kind, value) in enumerate(_blocks(words, page_ids))
    ]


def _id(words: FirstWords, place: int) -> str:
    """The same file gives the same block ids."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{words.language}/{words.key}/{place}"))


def _blocks(words: FirstWords, page_ids: dict[str, int]) -> Iterator[tuple[str, Any]]:
    for piece in re.split(r"(?m)^(?=::: )", words.text):
        if not piece.startswith("::: "):
            yield from _text(piece, words)
            continue
        inner, _close, after = piece.partition("\n:::\n")
        head, _newline, lines = inner.partition("\n")
        yield _block(head.removeprefix("::: "), lines, words, page_ids)
        yield from _text(after, words)


def _text(text: str, words: FirstWords) -> Iterator[tuple[str, Any]]:
    if text.strip():
        yield "text", html(text, prefix=words.prefix)


def html(text: str, *, prefix: str) -> str:
    """Paragraphs, headings and lists as the editor stores them."""
    return "".join(_chunk(chunk, prefix) for chunk in re.split(r"\n\s*\n", text.strip()))


def _chunk(chunk: str, prefix: str) -> str:
    for mark, tag in HEADINGS.items():
        if chunk.startswith(mark):
            first, _newline, rest = chunk.partition("\n")
            heading = f"<{tag}>{_line(first.removeprefix(mark), prefix)}</{tag}>"
            return heading + (_chunk(rest, prefix) if rest else "")
    for mark, tag in LISTS.items():
        if chunk.startswith(mark):
            items = (line.removeprefix(mark) for line in chunk.splitlines())
            return f"<{tag}>{''.join(f'<li>{_line(item, prefix)}</li>' for item in items)}</{tag}>"
    return f"<p>{_line(' '.join(chunk.splitlines()), prefix)}</p>"


def _line(text: str, prefix: str) -> str:
    bold = BOLD.sub(r"<b>\1</b>", escape(text))
    return LINK.sub(lambda link: f'<a href="{_address(link[2], prefix)}">{link[1]}</a>', bold)


def _address(target: str, prefix: str) -> str:
    """``shop:find_order`` is one of our addresses by name; anything else a file's key."""
    with override(settings.LANGUAGE_CODE):
        here = reverse(target) if ":" in target else reverse("content:words", args=[target])
    return f"{prefix}{here}"


def _block(head: str, lines: str, words: FirstWords, page_ids: dict[str, int]) -> tuple[str, Any]:
    kind, _space, rest = head.strip().partition(" ")
    options = dict(OPTION.findall(rest))
    title = OPTION.sub("", rest).strip()
    return kind, _VALUES[kind](title, options, lines, words, page_ids)


def _pairs(lines: str) -> list[tuple[str, str]]:
    found = (line.removeprefix("- ").partition("|") for line in lines.splitlines() if line.strip())
    return [(first.strip(), second.strip()) for first, _bar, second in found]


def _steps(title: str, _o: Any, lines: str, words: FirstWords, _ids: Any) -> Block:
    steps = [{"title": t, "text": _said(x, words)} for t, x in _pairs(lines)]
    return {"title": title, "steps": _items(steps)}


def _questions(title: str, _o: Any, lines: str, words: FirstWords, _ids: Any) -> Block:
    asked = [{"question": q, "answer": _said(a, words)} for q, a in _pairs(lines)]
    return {"title": title, "questions": _items(asked)}


def _quote(title: str, _o: Any, lines: str, _words: Any, _ids: Any) -> Block:
    return {"words": lines.strip(), "who": title}


def _links(title: str, _o: Any, lines: str, _words: Any, ids: dict[str, int]) -> Block:
    there = [{"page": ids[key], "line": line} for key, line in _pairs(lines) if key in ids]
    return {"title": title, "links": _items(there)}


def _trade(title: str, options: dict[str, str], _l: Any, _words: Any, _ids: Any) -> Block:
    counted = {name: int(value) for name, value in options.items() if name == "count"}
    flags = {name: value == "1" for name, value in options.items() if name == "big"}
    return {"rule": "", "crop": "", "county": "", "title": title, **options, **counted, **flags}


def _numbers(title: str, options: dict[str, str], lines: str, _words: Any, _ids: Any) -> Block:
    return {"title": title, "note": lines.strip(), "names": options["names"].split(",")}


def _story(title: str, _o: Any, _l: Any, _words: Any, _ids: Any) -> Block:
    return {"title": title, "story": None}


def _said(text: str, words: FirstWords) -> str:
    return f"<p>{_line(text, words.prefix)}</p>" if text else ""


def _items(values: list[Block]) -> list[Block]:
    """Items of a list as the editor stores them; one without an id is not known for one."""
    return [
        {"type": "item", "value": value, "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{n} {value}"))}
        for n, value in enumerate(values)
    ]


_VALUES: dict[str, Callable[..., Block]] = {
    "steps": _steps,
    "questions": _questions,
    "quote": _quote,
    "links": _links,
    "products": _trade,
    "campaigns": _trade,
    "calendar": _trade,
    "numbers": _numbers,
    "story": _story,
}
