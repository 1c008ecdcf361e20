"""A PostgreSQL database of its own for a measurement: made, measured in, dropped."""

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.test.utils import override_settings


def bench_in_a_database_of_its_own(*arguments: str) -> None:
    """Make a database, run ``manage.py bench`` with these arguments in it, drop it."""
    script = str(settings.BASE_DIR / "scripts" / "postgres.sh")
    answer = subprocess.run(  # noqa: S603  # our own script
        [script], check=True, capture_output=True, text=True, cwd=settings.BASE_DIR
    )
    url = answer.stdout.strip()
    name = f"shanhuo_bench_{os.getpid()}"
    _ask(url, f'create database "{name}"')
    try:
        address = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        environment = {**os.environ, "DATABASE_URL": address}
        environment.pop("DEMO", None)
        command = [sys.executable, "manage.py", "bench", *arguments]
        subprocess.run(command, env=environment, check=True, cwd=settings.BASE_DIR)  # noqa: S603  # our own command
    finally:
        _ask(url, f'drop database "{name}" with (force)')


def _ask(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as database:
        database.execute(statement)


def make_tables() -> None:
    """All tables at once, from the models."""
    labels = dict.fromkeys(config.label for config in apps.get_app_configs())
    with override_settings(MIGRATION_MODULES=labels):
        call_command("migrate", run_syncdb=True, verbosity=0)
