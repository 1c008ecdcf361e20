"""A page as a person reads it: its words, whatever is in scripts and styles left out."""

import re
from functools import cache
from html.parser import HTMLParser

SILENT = {"script", "style", "template"}
SPOKEN = ("alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription")
BUTTONS = {"submit", "button", "reset"}
LATIN = re.compile(r"[A-Za-z]+")
# Codes of rows (CT-7KQ2…, also just their head: CT-…), of proofs (示例-2KT7SH), of standards
# (GB/T 2260) and fingerprints of inputs are read off paper as they are.
CODE = re.compile(
    r"\b[A-Z]{2}-[A-Z0-9]*(?:-[A-Z0-9]+)*"
    r"|示例-[A-Z0-9]+"
    r"|\b[A-Z]{2,3}(?:/T)? \d+(?:-\d+)?"
    r"|\b[0-9a-f]{12,64}\b"
)
ADDRESS = re.compile(r"https?://\S+|\b[\w.]+@[\w.]+\b")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.language = ""
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = known.get("lang", "")
        if tag in SILENT:
            self._silent += 1
        self.words += [known[name] for name in SPOKEN if name in known]
        if tag == "input" and known.get("type") in BUTTONS:
            self.words.append(known.get("value", ""))
        if tag == "meta" and known.get("name") == "description":
            self.words.append(known.get("content", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.words.append(data.strip())


@cache
def read(html: str) -> tuple[str, str]:
    """The page's language and everything a person reads or hears, one piece a line."""
    reader = _Reader()
    reader.feed(html)
    return reader.language, "\n".join(piece for piece in reader.words if piece)


def foreign_words(html: str, *, allowed: frozenset[str] = frozenset()) -> set[str]:
    """Latin words on the page that are neither codes, addresses nor allowed."""
    _language, text = read(html)
    text = ADDRESS.sub(" ", CODE.sub(" ", text))
    return {word for word in LATIN.findall(text) if word not in allowed}
