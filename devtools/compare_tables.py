"""Say where two SQLite files differ in tables, columns, indexes and foreign keys.

python -m devtools.compare_tables ONE.sqlite3 OTHER.sqlite3
"""

import sqlite3
import sys

Shape = dict[str, set[str]]

# Oscar's migrations leave an index that its model does not ask for.
KNOWN = {"communication_notification: index date_sent"}


def shape_of(path: str) -> Shape:
    """What each table is made of, as sentences that can be compared."""
    with sqlite3.connect(path) as database:
        names = database.execute(
            "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
        ).fetchall()
        return {name: _parts(database, name) for (name,) in names}


def _parts(database: sqlite3.Connection, table: str) -> set[str]:
    columns = database.execute(f'pragma table_info("{table}")').fetchall()
    keys = database.execute(f'pragma foreign_key_list("{table}")').fetchall()
    indexes = database.execute(f'pragma index_list("{table}")').fetchall()
    parts = {f"column {c[1]} {c[2]} not null {c[3]} key {c[5]}" for c in columns}
    parts |= {f"reference {k[3]} to {k[2]} {k[4]}" for k in keys}
    for index in indexes:
        fields = database.execute(f'pragma index_info("{index[1]}")').fetchall()
        unique = "unique" if index[2] else "index"
        parts.add(f"{unique} {' '.join(str(field[2]) for field in fields)}")
    return parts


def differences(one: Shape, other: Shape) -> list[str]:
    """Every part that only one of the two has, but for what is known."""
    found = []
    for table in sorted(set(one) | set(other)):
        apart = one.get(table, set()) ^ other.get(table, set())
        found += [f"{table}: {part}" for part in sorted(apart)]
    return [line for line in found if line not in KNOWN]


if __name__ == "__main__":
    lines = differences(shape_of(sys.argv[1]), shape_of(sys.argv[2]))
    print("\n".join(lines) or "both ways make the same tables")
    sys.exit(bool(lines))
