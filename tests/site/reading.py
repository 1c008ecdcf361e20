"""A page as a person reads it: its words, whatever is in scripts and styles left out.

What is marked as another language than the page's (``lang``) is not counted as the page's words.
"""

import re
from functools import cache
from html.parser import HTMLParser

SILENT = {"script", "style", "template", "textarea"}  # a text area holds what was typed
SPOKEN = ("alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription")
BUTTONS = {"submit", "button", "reset"}
VOID = {"br", "hr", "img", "input", "link", "meta", "path", "rect", "circle", "line", "wbr", "use"}
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
        self._quoted: list[str] = []  # open tags from the one in another language on

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = known.get("lang", "")
        other = "lang" in known and known["lang"].lower() != self.language.lower()
        if self._quoted or other:
            self._quoted += [tag] if tag not in VOID else []
            return
        if tag in SILENT:
            self._silent += 1
        self.words += [known[name] for name in SPOKEN if name in known]
        if tag == "input" and known.get("type") in BUTTONS:
            self.words.append(known.get("value", ""))
        if tag == "meta" and known.get("name") == "description":
            self.words.append(known.get("content", ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID or not self._quoted:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._quoted:
            if self._quoted[-1] == tag:
                self._quoted.pop()
            return
        if tag in SILENT:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent and not self._quoted and data.strip():
            self.words.append(data.strip())


@cache
def read(html: str) -> tuple[str, str]:
    """The page's language and everything a person reads or hears, one piece a line."""
    reader = _Reader()
    reader.feed(html)
    return reader.language, "\n".join(piece for piece in reader.words if piece)


CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")


def chinese_left(html: str) -> set[str]:
    """Chinese characters and punctuation on a page that are not marked as Chinese."""
    _language, text = read(html)
    return set(CHINESE.findall(CODE.sub(" ", text)))


def foreign_words(html: str, *, allowed: frozenset[str] = frozenset()) -> set[str]:
    """Latin words on the page that are neither codes, addresses nor allowed."""
    _language, text = read(html)
    text = ADDRESS.sub(" ", CODE.sub(" ", text))
    return {word for word in LATIN.findall(text) if word not in allowed}
