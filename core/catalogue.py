"""The catalogues of words: gathered from the sources, compiled for Django. Needs no GNU gettext.

python -m core.catalogue            compile what changed
python -m core.catalogue gather     put new sentences into ``locale/en``, drop the gone ones
"""

import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages import pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "locale"
SOURCES = [
    "core", "notices", "ledger", "growers", "payments", "harvest_calendar", "shop", "forecasting",
    "contracts", "logistics", "content", "devtools", "config",
]  # fmt: skip
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
PLURALS = {"en": "nplurals=2; plural=(n != 1);", "zh_Hans": "nplurals=1; plural=0;"}
Key = tuple[str | None, str]
Marked = dict[Key, str | tuple[str, str]]


def marked() -> Marked:
    """Every marked sentence by context and text; a counted one as (one, many)."""
    found: Marked = {}
    for path in _files():
        for text, context in _in_file(path):
            one = text if isinstance(text, str) else text[0]
            key = (context, one)
            if isinstance(text, tuple) or key not in found:
                found[key] = text
    return found


def _files() -> Iterator[Path]:
    for folder in SOURCES:
        paths = (ROOT / folder).rglob("*.py")
        yield from (path for path in sorted(paths) if "migrations" not in path.parts)
    yield from sorted((ROOT / "templates").rglob("*.html"))
    yield from sorted((ROOT / "templates").rglob("*.txt"))


def _in_file(path: Path) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation import templatize

        code = templatize(source, origin=str(path.relative_to(ROOT)))
        source = "\n".join(line.lstrip() for line in code.splitlines())  # indents mean nothing here
    calls = extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)  # type: ignore[arg-type]  # its table of keywords is typed too narrowly
    for _line, text, _comments, context in calls:
        one_or_both = text if isinstance(text, str) else tuple(text)
        if isinstance(one_or_both, str) or len(one_or_both) == 2:
            yield one_or_both, context


def read(language: str) -> Catalog:
    """The catalogue of a language as it is written."""
    path = _written(language)
    with path.open("rb") as file:
        return pofile.read_po(file, locale=language, abort_invalid=True)


def write(language: str, messages: Iterable[Message]) -> None:
    """Write a catalogue: sorted, without places, dates or people."""
    catalogue = Catalog(locale=language, header_comment="")
    for one in messages:
        catalogue.add(one.id, one.string, context=one.context)
    body = io.BytesIO()
    pofile.write_po(body, catalogue, width=0, omit_header=True, sort_output=True)
    header = f'{HEADER}"Plural-Forms: {PLURALS[language]}\\n"\n"Language: {language}\\n"\n\n'
    _written(language).write_text(header + body.getvalue().decode().strip() + "\n")


def gather() -> list[str]:
    """Bring ``locale/en`` up to the sources; the sentences that still want their English."""
    known = {(m.context, _one(m.id)): m for m in read("en") if m.id}
    messages = []
    for key, text in marked().items():
        old = known.get(key)
        counted = isinstance(text, tuple)
        keep = old is not None and isinstance(old.id, tuple | list) == counted
        empty: str | tuple[str, ...] = ("", "") if counted else ""
        string = old.string if keep and old is not None else empty
        messages.append(Message(text, string, context=key[0]))
    write("en", messages)
    return [_one(m.id) for m in messages if not all(_all(m.string))]


def _one(text: object) -> str:
    return text if isinstance(text, str) else str(text[0])  # type: ignore[index]  # Babel: text or pair


def _all(text: object) -> list[str]:
    return [text] if isinstance(text, str) else list(text)  # type: ignore[call-overload]  # Babel: text or pair


def compile_stale() -> list[str]:
    """Compile the catalogues that are newer than what was compiled of them."""
    done = []
    for written in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
        compiled = written.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= written.stat().st_mtime_ns:
            continue
        _compile(written, compiled)
        done.append(written.parent.parent.name)
    return done


def _compile(written: Path, compiled: Path) -> None:
    from babel.messages.mofile import write_mo

    language = written.parent.parent.name
    with written.open("rb") as file:
        catalogue = pofile.read_po(file, locale=language, abort_invalid=True)
    fresh = compiled.with_suffix(f".mo-{id(catalogue)}")
    with fresh.open("wb") as out:
        write_mo(out, catalogue)
    fresh.replace(compiled)  # whoever reads meanwhile sees the old or the new, never a half


def _written(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "django.po"


if __name__ == "__main__":
    if sys.argv[1:] == ["gather"]:
        wanting = gather()
        print("\n".join(wanting) or "Every sentence has its English.")  # noqa: T201  # a command
    else:
        compile_stale()
