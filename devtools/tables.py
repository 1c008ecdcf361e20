"""The demo's tables, written at once on an empty SQLite file.

Running 360 migrations from nothing takes two minutes, nearly all of it Django re-reading the state
of related models. The tables of Oscar and of our own apps depend on no data that migrations write
into an empty database, so they are created from the models, and their migrations are noted as done;
all other apps migrate as usual. ``scripts/migrations.sh`` proves that both ways end equal.
"""

from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import override_settings

OURS = {
    "core",
    "notices",
    "ledger",
    "growers",
    "payments",
    "harvest_calendar",
    "shop",
    "forecasting",
    "contracts",
    "logistics",
}
# The one Oscar migration that writes rows into an empty database: a group of its dashboard.
GROUP_MIGRATION = "oscar.apps.customer.migrations.0008_assign_permissions_to_staff"


def make_tables() -> None:
    """Bring the database to the newest tables, the quick way when it is an empty SQLite file."""
    if connection.vendor == "sqlite" and not connection.introspection.table_names():
        _write_tables_at_once()
        call_command("migrate", verbosity=0)  # writes the permissions of every app
        import_module(GROUP_MIGRATION).assign_permissions_to_staff_users(apps, None)
    else:
        call_command("migrate", verbosity=0)


def _write_tables_at_once() -> None:
    at_once = dict.fromkeys(OURS | _oscar_labels())
    with override_settings(MIGRATION_MODULES={**settings.MIGRATION_MODULES, **at_once}):
        call_command("migrate", run_syncdb=True, verbosity=0)
    _note_as_done()


def _oscar_labels() -> set[str]:
    """Labels of Oscar's apps, our forks of them included."""
    return {
        config.label
        for config in apps.get_app_configs()
        if any(base.__module__.startswith("oscar.") for base in type(config).__mro__)
    }


def _note_as_done() -> None:
    loader = MigrationLoader(connection)
    recorder = MigrationRecorder(connection)
    for key, migration in sorted(loader.disk_migrations.items()):
        if key not in loader.applied_migrations:
            for name in [*migration.replaces, key]:
                recorder.record_applied(*name)


def bring_up_to_date() -> None:
    """Run migrations that came since the tables were made; quick when there are none."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0)
