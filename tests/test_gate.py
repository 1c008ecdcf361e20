"""The examples in our docstrings run, and CI lets nothing be skipped."""

import doctest
import importlib
from pathlib import Path

import pytest

from tests.conftest import fail_if_skipped

ROOT = Path(__file__).resolve().parents[1]
APPS = [
    "config", "content", "contracts", "core", "devtools", "forecasting", "growers",
    "harvest_calendar", "logistics", "notices", "payments", "shop",
]  # fmt: skip


def modules_with_examples():
    files = [file for app in APPS for file in sorted((ROOT / app).rglob("*.py"))]
    return [
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for file in files
        if ">>> " in file.read_text(encoding="utf-8")
    ]


@pytest.mark.parametrize("name", modules_with_examples())
def test_examples_run(name):
    module = importlib.import_module(name)

    done = doctest.testmod(module)

    assert done.attempted > 0, "no example was found: is it in a docstring?"
    assert done.failed == 0


def report(outcome):
    return pytest.TestReport(
        nodeid="tests/test_gate.py::test_x",
        location=("tests/test_gate.py", 1, "test_x"),
        keywords={},
        outcome=outcome,
        longrepr=("tests/test_gate.py", 1, "Skipped: no browser") if outcome == "skipped" else None,
        when="setup",
    )


@pytest.mark.parametrize(
    ("outcome", "in_ci", "becomes"),
    [
        ("skipped", True, "failed"),
        ("skipped", False, "skipped"),
        ("passed", True, "passed"),
        ("failed", True, "failed"),
    ],
)
def test_a_skip_fails_in_ci_only(outcome, in_ci, becomes):
    assert fail_if_skipped(report(outcome), in_ci=in_ci).outcome == becomes


def test_an_expected_failure_is_no_skip():
    expected = report("skipped")
    expected.wasxfail = "known"

    assert fail_if_skipped(expected, in_ci=True).outcome == "skipped"
