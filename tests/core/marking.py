"""Where Chinese stands in the sources without being marked for translation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from core.catalogue import KEYWORDS, ROOT, SOURCES

CHINESE = re.compile("[\u3001-\u3002\u300a-\u3011\u3400-\u9fff\uff01-\uffef]")
COMMENTS = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.S)
BLOCKS = re.compile(r"{%\s*blocktrans(?:late)?\b.*?%}.*?{%\s*endblocktrans(?:late)?\s*%}", re.S)
TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.S)
MARKED_CALL = re.compile(r"""_\((?:"[^"]*"|'[^']*')\)""")
TRANS = re.compile(r"{%\s*trans(?:late)?\s.*?%}", re.S)


def in_templates(folder: Path) -> Iterator[str]:
    """``file: text`` of every piece of Chinese that a template says unmarked."""
    for path in sorted(folder.rglob("*.html")):
        source = COMMENTS.sub("", path.read_text())
        source = TRANS.sub("", BLOCKS.sub("", source))
        said = [TAGS.sub("\n", source), *(MARKED_CALL.sub("", tag) for tag in TAGS.findall(source))]
        for piece in "\n".join(said).split("\n"):
            if CHINESE.search(piece):
                yield f"{path.relative_to(folder)}: {piece.strip()[:60]}"


def in_modules() -> Iterator[str]:
    """``file:line: text`` of every Chinese string in code that no call marks."""
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                name = str(path.relative_to(ROOT))
                tree = ast.parse(path.read_text())
                yield from (f"{name}:{line}: {text[:60]}" for line, text in _unmarked(tree))


def _unmarked(tree: ast.AST) -> Iterator[tuple[int, str]]:
    skipped = {id(node) for node in _docstrings(tree)}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _name(call.func) in KEYWORDS:
            skipped |= {id(part) for part in ast.walk(call)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and id(node) not in skipped and CHINESE.search(text):
            yield node.lineno, text


def _docstrings(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def _name(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
