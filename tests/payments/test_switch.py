"""Without a provider nothing is paid through us; half a provider is refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from core import ticks
from payments import enabled
from payments.gateway import gateway
from payments.plan import kind_of, next_try
from tests.payments.conftest import NOON

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}
PRODUCTION = {
    "PRODUCTION": "1",
    "SECRET_KEY": "x" * 40,
    "IDENTITY_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "MESSAGE_PORT": "notices.adapters.FilePort",
    "BASE_URL": "https://shanhuo.test",
}


def test_nothing_is_on_by_default(settings: object) -> None:
    assert not enabled()
    with pytest.raises(ImproperlyConfigured):
        gateway()


@pytest.mark.django_db
def test_the_tick_does_nothing_without_a_provider(
    django_assert_num_queries: object, settings: object
) -> None:
    ours = [job for job in ticks.jobs() if job.name.startswith("payments.")]

    with django_assert_num_queries(0):  # type: ignore[operator]
        for job in ours:
            job.run(NOON)
    assert len(ours) == 5


@pytest.mark.parametrize(
    ("facts", "starts"),
    [
        ({}, True),
        ({"PAYMENT_PROVIDER": "stripe"}, False),
        ({"PAYMENT_PROVIDER": "stripe", "STRIPE_SECRET_KEY": "sk_test_1"}, False),
        ({"PAYMENT_PROVIDER": "paypal", **KEYS}, False),
        ({**PRODUCTION, **KEYS}, False),
        ({**PRODUCTION, **KEYS, "PAYMENT_PROVIDER": "stripe"}, True),
        (
            {**PRODUCTION, **KEYS, "PAYMENT_PROVIDER": "stripe", "STRIPE_API_BASE": "http://x"},
            False,
        ),
    ],
)
def test_half_a_provider_does_not_start(
    facts: dict[str, str], starts: bool, tmp_path: Path
) -> None:
    environment = {**os.environ, "VAR_DIR": str(tmp_path), **facts}

    done = subprocess.run(  # our own settings
        [sys.executable, "-c", "import config.settings"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode == 0) is starts, done.stderr[-500:]
    assert starts or "ImproperlyConfigured" in done.stderr


def test_no_plan_goes_past_the_seven_days() -> None:
    for code in ("insufficient_funds", "generic_decline", "lost_card", "unheard_of"):
        after, tries = NOON, 0
        while step := next_try(kind=kind_of(code), due_at=NOON, after=after):
            after, tries = step, tries + 1
        assert tries <= 3
        assert (after - NOON).total_seconds() <= 166 * 3600
