"""Every sentence has its English, whole and without anything of another language in it."""

import re

import pytest

from core import catalogue
from core.catalogue import LOCALES, ROOT
from tests.core.marking import CHINESE, in_modules, in_templates

PLACEHOLDER = re.compile(r"%\((\w+)\)\d*\.?\d*([sdgf])|%(?:%|[sd])|\{(\w+)\}")
TAG = re.compile(r"</?[a-z]+")
LANGUAGES = ("en", "zh_Hans")

# Chinese that is no sentence to a reader, by file: why it stands there unmarked.
DATA = {
    "config/settings.py": "the site's own name, and what the language calls itself",
    "content/blocks/words.py": "previews of blocks, seen by editors only",
    "content/management/": "printed to whoever starts the command",
    "content/services/": "first pages and editors of the demo",
    "core/latin.py": "the words that place names end in",
    "core/styleguide.py": "samples for whoever builds a page",
    "core/words.py": "the range of Chinese characters",
    "devtools/bench/": "what is searched for when times are measured",
    "devtools/guide.py": "names of invented people, and what the demo prints to the terminal",
    "devtools/county/": "invented names and texts of the demo's county",
    "devtools/management/": "printed to whoever starts the demo",
    "devtools/stripe_emulator/hosted/": "its own two languages; the emulator knows no Django",
    "devtools/shots.py": "what is searched for in a photograph",
    "harvest_calendar/models/catalogue.py": "brackets and states inside Chinese names",
    "harvest_calendar/services/facts/notes.py": "words that food must not be described by",
    "logistics/services/bank_files.py": "heads of the columns that a Chinese bank reads",
    "payments/texts.py": "samples of text messages, for measuring their length",
    "shop/divisions.py": "names of levels in the standard of divisions",
    "shop/models/review.py": "a right's name in the back office",
    "shop/pasted.py": "patterns that read a pasted Chinese address",
    "shop/order_wording.py": "samples of text messages, for measuring their length",
    "shop/pledge_wording.py": "samples of text messages, for measuring their length",
    "shop/place_names.py": "patterns of Chinese place names",
    "shop/place_search.py": "patterns of Chinese place names",
    "shop/products.py": "brackets inside Chinese titles",
    "shop/public_words.py": "patterns of numbers written in Chinese",
    "shop/search/": "patterns of what people type",
    "shop/services/listings.py": "the name of Oscar's one product class",
    "shop/services/search_rows.py": "patterns of Chinese place names",
    "core/tables.py": "full-width signs that a spreadsheet would take for a formula",
    "shop/voice_wording.py": "samples of text messages, for measuring their length",
    "shop/wording.py": "samples of text messages, for measuring their length",
    "forecasting/selectors/finding.py": "tenths as Chinese figures; English says 7 in 10",
    **dict.fromkeys(
        (f"{app}/apps.py" for app in catalogue.SOURCES if app != "config"),
        "the app's name in the back office",
    ),
}
SAMPLES = {  # for whoever builds a page
    "core/specimens.html",
    "core/styleguide.html",
}


@pytest.fixture(scope="module")
def marked():
    return catalogue.marked()


@pytest.fixture(scope="module")
def english():
    return {(m.context, _one(m.id)): m for m in catalogue.read("en") if m.id}


def _one(text):
    return text if isinstance(text, str) else text[0]


def _all(text):
    return [text] if isinstance(text, str) else list(text)


def _pairs(message):
    """Each form with the source it stands for; a language of one form stands for the many."""
    sources, said = _all(message.id), _all(message.string)
    return list(zip(sources[-len(said) :], said, strict=True))


def test_every_marked_sentence_is_in_the_catalogue(marked, english):
    assert sorted(one for _c, one in marked.keys() - english.keys()) == []


def test_the_catalogue_keeps_no_sentence_that_is_gone(marked, english):
    assert sorted(one for _c, one in english.keys() - marked.keys()) == []


def test_what_is_counted_here_is_counted_there(marked, english):
    counted = {key for key, text in marked.items() if isinstance(text, tuple)}

    assert {k for k, m in english.items() if not isinstance(m.id, str)} == counted


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language):
    empty = [_one(m.id) for m in catalogue.read(language) if m.id and not all(_all(m.string))]

    assert empty == []


def _marks(text):
    found = [m.group(0) for m in PLACEHOLDER.finditer(text)] + TAG.findall(text)
    return sorted(mark for mark in found if mark != "%%")


def test_english_fills_the_same_places(english):
    wrong = [
        said
        for m in english.values()
        for source, said in _pairs(m)
        if _marks(source) != _marks(said)
    ]

    assert wrong == []


def test_chinese_fills_no_place_that_is_not_there():
    messages = [m for m in catalogue.read("zh_Hans") if m.id]
    pairs = [pair for m in messages for pair in _pairs(m)]

    assert [said for source, said in pairs if not set(_marks(said)) <= set(_marks(source))] == []


def test_no_chinese_is_left_in_english(english):
    said = [form for m in english.values() for form in _all(m.string)]

    assert [form for form in said if CHINESE.search(form)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_sorted_and_tells_nothing_about_its_making(language):
    text = (LOCALES / language / "LC_MESSAGES/django.po").read_text(encoding="utf-8")
    head = text.split("\n\n", 1)[0]

    assert re.findall(r'"([\w-]+):', head) == ["Content-Type", "Plural-Forms", "Language"]
    assert re.findall(r"^(?:#~|#, .*fuzzy|#:|# ).*$", text, re.M) == []


def test_gathering_anew_changes_nothing(english, tmp_path, monkeypatch):
    path = LOCALES / "en/LC_MESSAGES/django.po"
    copy = tmp_path / "en/LC_MESSAGES/django.po"
    copy.parent.mkdir(parents=True)
    copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(catalogue, "LOCALES", tmp_path)

    assert catalogue.gather() == []
    assert copy.read_text(encoding="utf-8") == path.read_text(encoding="utf-8")


def test_gathering_keeps_what_was_said_and_lists_what_is_new(tmp_path, monkeypatch):
    copy = tmp_path / "en/LC_MESSAGES/django.po"
    copy.parent.mkdir(parents=True)
    old = [("核桃", "Walnut"), ("没有了", "Gone")]
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    body = "".join(f'\nmsgid "{one}"\nmsgstr "{said}"\n' for one, said in old)
    copy.write_text(head + body, encoding="utf-8")
    found = {(None, "核桃"): "核桃", (None, "%(n)s 份"): ("%(n)s 份", "%(n)s 份")}
    monkeypatch.setattr(catalogue, "LOCALES", tmp_path)
    monkeypatch.setattr(catalogue, "marked", lambda: found)

    wanting = catalogue.gather()

    kept = {_one(m.id): m.string for m in catalogue.read("en") if m.id}
    assert wanting == ["%(n)s 份"]
    assert kept == {"%(n)s 份": ("", ""), "核桃": "Walnut"}


def test_only_what_changed_is_compiled(tmp_path, monkeypatch):
    folder = tmp_path / "en/LC_MESSAGES"
    folder.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    body = '\nmsgid "蜜"\nmsgstr "honey"\n'
    (folder / "django.po").write_text(head + body, encoding="utf-8")
    monkeypatch.setattr(catalogue, "LOCALES", tmp_path)

    assert catalogue.compile_stale() == ["en"]
    assert b"honey" in (folder / "django.mo").read_bytes()
    assert catalogue.compile_stale() == []


def test_templates_mark_all_they_say():
    found = [line for line in in_templates(ROOT / "templates") if line.split(":")[0] not in SAMPLES]

    assert found == []


def test_code_marks_all_it_says():
    found = [line for line in in_modules() if not line.startswith(tuple(DATA))]

    assert found == []


def test_no_file_is_let_off_without_need():
    files = {line.split(":")[0] for line in in_modules()}

    assert [name for name in DATA if not any(file.startswith(name) for file in files)] == []
