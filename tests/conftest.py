"""What holds for every test: where it may run, and that nothing is left out unseen in CI.

``postgresql``   needs real row locks. On SQLite these tests are not collected; the summary says so.
``shared_data``  reads the study data beside the project. Without them it is skipped.

With ``CI=true`` whatever is skipped fails, for whatever reason it was.
With ``-n 2`` a file stays on one worker, and so do all of ``tests/site``, which build their county
once.
"""

import os
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import pytest
from django.conf import settings
from xdist.scheduler import LoadFileScheduling

from core.catalogue import compile_stale
from tests import quick_flush

STUDY = Path(__file__).resolve().parents[2] / "shared" / "data"
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

IN_CI = os.environ.get("CI") == "true"


def pytest_configure() -> None:
    """Pages are read in both languages, so the words are compiled first."""
    compile_stale()
    if on_postgresql():
        quick_flush.install()


def on_postgresql() -> bool:
    return settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


class ByFile(LoadFileScheduling):
    """A file is a worker's work, and ``tests/site`` is one file."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return "tests/site" if file.startswith("tests/site/") else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFile:
    return ByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if on_postgresql():
        return
    left_out = [item for item in items if item.get_closest_marker("postgresql")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(autouse=True)
def _nothing_sent_yet() -> None:
    """Every test begins with an empty list of sent messages."""
    from notices.adapters import MemoryPort

    MemoryPort.sent.clear()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not on_postgresql():
        terminalreporter.write_line(
            "SQLite: tests that need PostgreSQL's row locks are left out (make test-postgres)."
        )


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("shared_data") and not STUDY.is_dir():
        pytest.skip("the study data (../shared/data) are not beside the project")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return fail_if_skipped((yield), in_ci=IN_CI)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return fail_if_skipped((yield), in_ci=IN_CI)


def fail_if_skipped(report: Report, *, in_ci: bool) -> Report:
    """Turn a skip into a failure where all that is needed must be there."""
    if in_ci and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped with CI=true: {report.longreprtext or report.longrepr}"
    return report
