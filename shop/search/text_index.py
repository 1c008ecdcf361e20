"""The index behind ``pairs__hold``: GIN on PostgreSQL, full text kept by triggers on SQLite.

It is made after every ``migrate``, on an empty file made the quick way as well. Nothing but this
module and the look-up in ``shop/models/search.py`` knows of it.
"""

from typing import Any

from django.db import connections

from shop.models.search import TEXT_KEY, TEXT_TABLE, ListingSearch

_TABLE = ListingSearch._meta.db_table

_POSTGRESQL = [
    f"CREATE INDEX IF NOT EXISTS {_TABLE}_pairs ON {_TABLE} "
    "USING gin (array_to_tsvector(string_to_array(pairs, ' ')))",
]
_TAKE_OUT = (
    f"INSERT INTO {TEXT_TABLE} ({TEXT_TABLE}, rowid, pairs) "  # noqa: S608  # fixed names
    f"VALUES ('delete', old.{TEXT_KEY}, old.pairs);"
)
_PUT_IN = f"INSERT INTO {TEXT_TABLE} (rowid, pairs) VALUES (new.{TEXT_KEY}, new.pairs);"  # noqa: S608  # fixed names
_SQLITE = [
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {TEXT_TABLE} USING fts5("
    f"pairs, content='{_TABLE}', content_rowid='{TEXT_KEY}', detail='none', columnsize=0)",
    f"CREATE TRIGGER IF NOT EXISTS {TEXT_TABLE}_in AFTER INSERT ON {_TABLE} BEGIN {_PUT_IN} END",
    f"CREATE TRIGGER IF NOT EXISTS {TEXT_TABLE}_out AFTER DELETE ON {_TABLE} BEGIN {_TAKE_OUT} END",
    f"CREATE TRIGGER IF NOT EXISTS {TEXT_TABLE}_anew AFTER UPDATE OF pairs ON {_TABLE} "
    f"BEGIN {_TAKE_OUT} {_PUT_IN} END",
    # A migration that rebuilds the table drops its triggers: read everything again.
    f"INSERT INTO {TEXT_TABLE} ({TEXT_TABLE}) VALUES ('rebuild')",  # noqa: S608  # fixed names
]


def make_text_index(*, using: str, **_facts: Any) -> None:
    """Make what is missing; asking again changes nothing. Receives ``post_migrate``."""
    connection = connections[using]
    if _TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE:
            cursor.execute(statement)
