"""Fixtures of the contracts tests."""

from pathlib import Path

import pytest
import time_machine

from tests.conftest import STUDY
from tests.factories.contracts import NOON


@pytest.fixture
def shared_instances() -> Path:
    """The study's instances with exact references; tests that take it are marked shared_data."""
    return STUDY / "allocation"


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False):
        yield
