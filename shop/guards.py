"""What no constraint of one row can say: frozen terms change only with their hash.

Put in place after every ``migrate``, like the guards of the ledger and of payments, and taken away
before it: a table that a trigger reads cannot be rebuilt (SQLite) or retyped (PostgreSQL).
"""

from typing import Any

from django.db import connections

from shop.campaign_terms import FROZEN

TERMS = "shop: the terms of a submitted campaign change only with their hash"
BOXES = "shop: boxes are set while the campaign is a draft"
_COLUMNS = ", ".join(FROZEN)
_BOX_COLUMNS = "campaign_id, number, title, price, packs_per_unit, cap_units, most_each"
_GOAL_COLUMNS = "campaign_id, at_packs, promise, kind"


def _frozen(*rows: str) -> str:
    """A campaign that a part belongs to, or belonged to, whose terms are frozen."""
    ids = ", ".join(f"{row}.campaign_id" for row in rows)
    return f"SELECT 1 FROM shop_campaign WHERE id IN ({ids}) AND terms_hash <> ''"  # noqa: S608  # our own names


def _changed(differs: str) -> str:
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in FROZEN)


def _parts_sqlite(table: str, columns: str) -> list[str]:
    events = {"INSERT": ["NEW"], f"UPDATE OF {columns}": ["NEW", "OLD"], "DELETE": ["OLD"]}
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_is_frozen_for_{event.split()[0].lower()} "
        f"BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{BOXES}') WHERE EXISTS ({_frozen(*rows)}); END"
        for event, rows in events.items()
    ]


def _parts_postgresql(table: str, columns: str) -> list[str]:
    return [
        f"""CREATE OR REPLACE TRIGGER {table}_is_frozen
        BEFORE INSERT OR DELETE OR UPDATE OF {columns} ON {table}
        FOR EACH ROW EXECUTE FUNCTION shop_refuse_parts()"""
    ]


SQLITE = [
    f"""CREATE TRIGGER IF NOT EXISTS shop_terms_are_frozen
    BEFORE UPDATE OF {_COLUMNS} ON shop_campaign
    WHEN OLD.terms_hash <> '' AND NEW.terms_hash = OLD.terms_hash AND ({_changed("IS NOT")})
    BEGIN SELECT RAISE(ABORT, '{TERMS}'); END""",
    *_parts_sqlite("shop_pledgetier", _BOX_COLUMNS),
    *_parts_sqlite("shop_stretchgoal", _GOAL_COLUMNS),
]
POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION shop_refuse_terms() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{TERMS}' USING ERRCODE = 'check_violation'; END $$""",
    f"""CREATE OR REPLACE TRIGGER shop_terms_are_frozen
    BEFORE UPDATE OF {_COLUMNS} ON shop_campaign FOR EACH ROW
    WHEN (OLD.terms_hash <> '' AND NEW.terms_hash = OLD.terms_hash
          AND ({_changed("IS DISTINCT FROM")}))
    EXECUTE FUNCTION shop_refuse_terms()""",
    f"""CREATE OR REPLACE FUNCTION shop_refuse_parts() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP <> 'INSERT' AND EXISTS ({_frozen("OLD")}) THEN
        RAISE EXCEPTION '{BOXES}' USING ERRCODE = 'check_violation';
      END IF;
      IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
      IF EXISTS ({_frozen("NEW")}) THEN
        RAISE EXCEPTION '{BOXES}' USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$""",
    *_parts_postgresql("shop_pledgetier", _BOX_COLUMNS),
    *_parts_postgresql("shop_stretchgoal", _GOAL_COLUMNS),
]
STATEMENTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
PARTS = ("shop_pledgetier", "shop_stretchgoal")


def install(using: str = "default", **_facts: Any) -> None:
    """Put the guards in place where the tables are; safe to repeat."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if not {"shop_campaign", "shop_pledgetier", "shop_stretchgoal"} <= tables:
        return
    with connection.cursor() as cursor:
        columns = {
            column.name
            for column in connection.introspection.get_table_description(cursor, "shop_campaign")
        }
        if "terms_hash" not in columns:  # half-way through the migrations
            return
        for statement in STATEMENTS[connection.vendor]:
            cursor.execute(statement)


def remove(using: str = "default", **_facts: Any) -> None:
    """Take the guards away for the time of a migration; safe where there are none."""
    connection = connections[using]
    on_table = connection.vendor == "postgresql"
    ends = ("",) if on_table else ("_for_insert", "_for_update", "_for_delete")
    standing = [(f"{table}_is_frozen{end}", table) for table in PARTS for end in ends]
    with connection.cursor() as cursor:
        for name, table in [("shop_terms_are_frozen", "shop_campaign"), *standing]:
            where = f" ON {table}" if on_table else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")
