"""Fixtures of the contracts tests."""

from pathlib import Path

import pytest

from tests.conftest import STUDY


@pytest.fixture
def shared_instances() -> Path:
    """The study's instances with exact references; tests that take it are marked shared_data."""
    return STUDY / "allocation"
