"""All state in one SQLite file, so that a killed emulator loses nothing it answered."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from devtools.stripe_emulator.errors import Body

SCHEMA = """
CREATE TABLE IF NOT EXISTS object (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    created INTEGER NOT NULL, customer TEXT, parent TEXT, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS object_kind ON object (kind, seq);
CREATE INDEX IF NOT EXISTS object_created ON object (kind, created);
CREATE INDEX IF NOT EXISTS object_customer ON object (customer, kind, seq);
CREATE INDEX IF NOT EXISTS object_parent ON object (parent, kind, seq);
CREATE TABLE IF NOT EXISTS answer (
    key TEXT PRIMARY KEY, path TEXT NOT NULL, digest TEXT NOT NULL, request TEXT NOT NULL,
    status INTEGER NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS answer_at ON answer (at);
CREATE TABLE IF NOT EXISTS timer (id INTEGER PRIMARY KEY, at REAL, job TEXT, object TEXT);
CREATE INDEX IF NOT EXISTS timer_at ON timer (at);
CREATE TABLE IF NOT EXISTS delivery (
    id INTEGER PRIMARY KEY, event TEXT NOT NULL, due REAL NOT NULL, due_real REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, first_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (due);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
IN_MEMORY = ":memory:"


class Store:
    """Objects as JSON in one table, found by kind, customer or parent."""

    def __init__(self, path: Path | str = IN_MEMORY) -> None:
        self.lock = threading.RLock()
        self.db = sqlite3.connect(
            str(path), isolation_level=None, check_same_thread=False, cached_statements=256
        )
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=NORMAL")
        self.db.executescript(SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, one at a time."""
        with self.lock:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """All or nothing inside a transaction, unless what is raised says that it is kept."""
        self.db.execute("SAVEPOINT part")
        try:
            yield
        except Exception as error:
            if not getattr(error, "kept", False):
                self.db.execute("ROLLBACK TO part")
            self.db.execute("RELEASE part")
            raise
        self.db.execute("RELEASE part")

    def get(self, id: str, kind: str = "") -> Body | None:
        """The object with an id, if it is there and of the kind."""
        row = self.db.execute("SELECT kind, body FROM object WHERE id = ?", [id]).fetchone()
        if row is None or (kind and row[0] != kind):
            return None
        body: Body = json.loads(row[1])
        return body

    def add(self, body: Body, *, parent: str | None = None) -> Body:
        """Write a new object."""
        facts = (body["id"], body["object"], body.get("created", 0), body.get("customer"), parent)
        self.db.execute(
            "INSERT INTO object (id, kind, created, customer, parent, body) VALUES (?,?,?,?,?,?)",
            (*facts, _json(body)),
        )
        return body

    def save(self, body: Body, *, parent: str | None = None) -> Body:
        """Write an object that changed; ``parent`` only when it became known."""
        self.db.execute(
            "UPDATE object SET body = ?, customer = ?, parent = coalesce(?, parent) WHERE id = ?",
            (_json(body), body.get("customer"), parent, body["id"]),
        )
        return body

    def find(
        self,
        kind: str,
        *,
        where: Sequence[tuple[str, Any]] = (),
        newest_first: bool = True,
        most: int = -1,
    ) -> list[Body]:
        """Objects of a kind that meet every condition, in the order they were made."""
        conditions = " AND ".join(["kind = ?", *(condition for condition, _value in where)])
        order = "DESC" if newest_first else "ASC"
        rows = self.db.execute(
            f"SELECT body FROM object WHERE {conditions} ORDER BY seq {order} LIMIT ?",  # noqa: S608  # our own words
            [kind, *(value for _condition, value in where), most],
        )
        return [json.loads(row[0]) for row in rows]

    def seq(self, id: str) -> int | None:
        """An object's place in the order they were made."""
        row = self.db.execute("SELECT seq FROM object WHERE id = ?", [id]).fetchone()
        return None if row is None else int(row[0])

    def setting(self, name: str, default: Any = None) -> Any:
        """A remembered value."""
        row = self.db.execute("SELECT value FROM setting WHERE name = ?", [name]).fetchone()
        return default if row is None else json.loads(row[0])

    def remember(self, name: str, value: Any) -> None:
        """Keep a value across starts."""
        with self.lock:
            self.db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [name, _json(value)])


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
