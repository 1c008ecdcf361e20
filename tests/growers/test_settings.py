"""Production refuses to start on what only development may use."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEY = "cHJvZHVjdGlvbi1vbmx5LWlkZW50aXR5LWtleS0wMTI="
SECRET = "a-secret-of-its-own-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789"


def start(**environment):
    """Import the settings in a process of their own."""
    kept = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": "sqlite:///:memory:",
        "MESSAGE_PORT": "ours.SmsPort",
        "BASE_URL": "https://shanhuo.example",
    }
    return subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_production_starts_with_its_own_keys():
    answer = start(PRODUCTION="1", SECRET_KEY=SECRET, IDENTITY_KEYS=KEY)

    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize(
    ("missing", "named"), [("IDENTITY_KEYS", "IDENTITY_KEYS"), ("SECRET_KEY", "SECRET_KEY")]
)
def test_production_refuses_development_keys(missing, named):
    keys = {"SECRET_KEY": SECRET, "IDENTITY_KEYS": KEY}
    del keys[missing]

    answer = start(PRODUCTION="1", **keys)

    assert answer.returncode != 0
    assert named in answer.stderr


def test_production_refuses_the_development_key_among_others():
    development = "ZGV2ZWxvcG1lbnQtb25seS1pZGVudGl0eS1rZXktMzI="

    answer = start(PRODUCTION="1", SECRET_KEY=SECRET, IDENTITY_KEYS=f"{KEY},{development}")

    assert answer.returncode != 0
    assert "IDENTITY_KEYS" in answer.stderr


@pytest.mark.parametrize("keys", ["", "short", f"{KEY},short"])
def test_production_refuses_keys_that_cannot_encrypt(keys):
    answer = start(PRODUCTION="1", SECRET_KEY=SECRET, IDENTITY_KEYS=keys)

    assert answer.returncode != 0
    assert "IDENTITY_KEYS" in answer.stderr


def test_production_refuses_a_short_secret():
    answer = start(PRODUCTION="1", SECRET_KEY="short", IDENTITY_KEYS=KEY)

    assert answer.returncode != 0
    assert "SECRET_KEY" in answer.stderr


@pytest.mark.parametrize("missing", ["MESSAGE_PORT", "BASE_URL"])
def test_production_says_who_carries_messages_and_where_their_links_lead(missing):
    answer = start(PRODUCTION="1", SECRET_KEY=SECRET, IDENTITY_KEYS=KEY, **{missing: ""})

    assert answer.returncode != 0
    assert missing in answer.stderr


@pytest.mark.parametrize("switch", ["DEMO", "DEBUG"])
def test_production_refuses_demo_and_debug(switch):
    answer = start(PRODUCTION="1", SECRET_KEY=SECRET, IDENTITY_KEYS=KEY, **{switch: "1"})

    assert answer.returncode != 0
    assert "refused in production" in answer.stderr
