"""One style sheet for every page: modules of ``static/css`` joined and stripped when they change.

People edit the modules; a page asks for ``css/site.css`` alone. The joined file lies in ``VAR_DIR``
and is found like any other static file, so ``collectstatic`` hashes and compresses it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

JOINED = "css/site.css"
MODULES = (
    "tokens",
    "base",
    "components/controls",
    "components/content",
    "components/produce",
    "components/season",
    "components/charts",
)
SOURCE = settings.BASE_DIR / "static/css"

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
BLOCK = re.compile(r":root \{(.*?)\}", re.DOTALL)
SPACE = re.compile(r"\s+")
AROUND = re.compile(r" ?([{};,]) ?")


class SiteSheetFinder(BaseFinder):
    """Find the joined sheet, made anew when a module is newer."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.root = Path(settings.VAR_DIR) / "sheets"
        super().__init__(*args, **options)

    def find(self, path: str, find_all: bool = False, **options: Any) -> Any:
        """The joined sheet's place on disk; nothing for any other path."""
        every = find_all or bool(options.get("all"))
        if path != JOINED:
            return []
        found = str(self._fresh())
        return [found] if every else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        """The one file this finder has."""
        self._fresh()
        yield JOINED, FileSystemStorage(location=self.root)

    def check(self, **options: Any) -> Any:
        """Nothing to set wrongly."""
        return []

    def _fresh(self) -> Path:
        joined = self.root / JOINED
        newest = max(path.stat().st_mtime for path in sources())
        if not joined.exists() or joined.stat().st_mtime < newest:
            joined.parent.mkdir(parents=True, exist_ok=True)
            half = joined.with_suffix(".half")
            half.write_text(joined_sheet(), encoding="utf-8")
            half.replace(joined)  # whole or not at all: two workers may write at once
        return joined


def sources() -> list[Path]:
    """The modules, in the order they are joined."""
    return [SOURCE / f"{name}.css" for name in MODULES]


def joined_sheet() -> str:
    """All modules as one text."""
    return "\n".join(stripped(path.read_text(encoding="utf-8")) for path in sources()) + "\n"


def theme_sheet() -> str:
    """The tokens of the light and the dark theme, each under a class of its own."""
    tokens = (SOURCE / "tokens.css").read_text(encoding="utf-8")
    light, dark = BLOCK.findall(COMMENT.sub("", tokens))[:2]
    return stripped(
        f".theme-light {{ {light} color-scheme: light; }}"
        f".theme-dark {{ {light} {dark} color-scheme: dark; }}"
    )


def stripped(css: str) -> str:
    """A sheet without comments and needless space.

    >>> stripped("a :hover { color: red; /* why */ margin: 0 1px; }")
    'a :hover{color:red;margin:0 1px}'
    """
    bare = SPACE.sub(" ", COMMENT.sub("", css))
    return AROUND.sub(r"\1", bare).replace(": ", ":").replace(";}", "}").strip()
