"""Emptying PostgreSQL after a test that commits: only the tables that hold rows.

``flush`` truncates all three hundred tables, which costs the disk seconds each time, and then makes
content types and rights anew. Those never change during a run, so they stay.
"""

from django.core.management.color import no_style
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

KEPT = {"django_content_type", "auth_permission", "django_site"}


def install() -> None:
    """Use it for every test that commits, in a run on PostgreSQL."""
    TransactionTestCase._fixture_teardown = _empty  # type: ignore[attr-defined]


def _empty(_case: TransactionTestCase) -> None:
    filled = filled_tables(connection)
    if filled:
        statements = connection.ops.sql_flush(no_style(), filled, allow_cascade=True)
        connection.ops.execute_sql_flush(statements)


def filled_tables(database: BaseDatabaseWrapper) -> list[str]:
    """Tables of our models that hold a row and that a run fills itself."""
    names = database.introspection.django_table_names(only_existing=True, include_views=False)
    quote = database.ops.quote_name
    asked = [
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {quote(name)})"  # noqa: S608  # our own tables
        for name in sorted(set(names) - KEPT)
    ]
    with database.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [row[0] for row in cursor.fetchall()]
