"""Fixtures of the contracts tests."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "allocation"


@pytest.fixture
def shared_instances() -> Path:
    """The study's instances with exact references, beside the project."""
    if SHARED.exists():
        return SHARED
    message = "the study's instances (../shared/data/allocation) are not beside the project"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)
