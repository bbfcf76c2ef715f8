"""What the stand-in remembers: one SQLite file of JSON objects, answers already given, and deliveries still owed."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from migrator.sandbox.refusals import missing_resource

Body = dict[str, Any]
LOCK_TIMEOUT_SECONDS = 30

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body))
);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, sequence);
CREATE INDEX IF NOT EXISTS open_checkouts ON objects (json_extract(body, '$.expires_at'))
    WHERE kind = 'checkout.session' AND json_extract(body, '$.status') = 'open';
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY,
    request TEXT NOT NULL,
    body TEXT NOT NULL,
    answered_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS deliveries (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL REFERENCES objects (id),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'held', 'delivered', 'dropped', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL DEFAULT 0,
    last_answer TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS deliveries_waiting ON deliveries (sequence) WHERE state = 'waiting';
CREATE TABLE IF NOT EXISTS switches (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class DeliveryMode(StrEnum):
    """How the stand-in treats the events that happen from now on."""

    NORMAL = "normal"
    HOLD = "hold"
    DROP = "drop"
    DUPLICATE = "duplicate"
    REVERSE = "reverse"


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter of a list: a JSON path in the body, a comparison, and the value."""

    path: str
    comparison: str
    value: str | int


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for; the cursors are ids, both exclusive."""

    limit: int = 10
    starting_after: str | None = None
    ending_before: str | None = None


class Records:
    """The rows inside one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def add(self, body: Body) -> Body:
        """This will keep a new object under its id."""
        self.connection.execute(
            "INSERT INTO objects (id, kind, body) VALUES (?, ?, ?)", (body["id"], body["object"], json.dumps(body))
        )
        return body

    def save(self, body: Body) -> Body:
        """This will replace the object of the same id."""
        self.connection.execute("UPDATE objects SET body = ? WHERE id = ?", (json.dumps(body), body["id"]))
        return body

    def knows(self, object_id: str) -> bool:
        """This will tell whether any object has the id."""
        row = self.connection.execute("SELECT 1 FROM objects WHERE id = ?", (object_id,)).fetchone()
        return row is not None

    def rename(self, object_id: str, new_id: str) -> None:
        """This will give an object another id."""
        self.connection.execute(
            "UPDATE objects SET id = ?, body = json_set(body, '$.id', ?) WHERE id = ?", (new_id, new_id, object_id)
        )

    def load(self, kind: str, object_id: str) -> Body:
        """This will return the object.

        :raises ApiRefusal: 404, as Stripe answers, when no object of that kind has the id
        """
        row = self.connection.execute(
            "SELECT body FROM objects WHERE id = ? AND kind = ?", (object_id, kind)
        ).fetchone()
        if row is None:
            raise missing_resource(kind, object_id)
        body: Body = json.loads(row[0])
        return body

    def page(self, kind: str, conditions: list[Condition], page: Page) -> tuple[list[Body], bool]:
        """This will return the objects that meet all conditions, newest first, and whether there are more."""
        clauses, values = ["kind = ?"], [kind, *(condition.value for condition in conditions)]
        clauses += [f"json_extract(body, '$.{one.path}') {one.comparison} ?" for one in conditions]
        order = "DESC"
        for comparison, cursor in (("<", page.starting_after), (">", page.ending_before)):
            if cursor is not None:
                self.load(kind, cursor)
                clauses.append(f"sequence {comparison} (SELECT sequence FROM objects WHERE id = ?)")
                values.append(cursor)
                order = "ASC" if comparison == ">" else "DESC"
        rows = self.connection.execute(
            f"SELECT body FROM objects WHERE {' AND '.join(clauses)} ORDER BY sequence {order} LIMIT ?",
            (*values, page.limit + 1),
        ).fetchall()
        bodies = [json.loads(row[0]) for row in rows[: page.limit]]
        return bodies if order == "DESC" else bodies[::-1], len(rows) > page.limit

    def every(self, kind: str, *conditions: Condition) -> list[Body]:
        """This will return all objects that meet the conditions, newest first."""
        return self.page(kind, list(conditions), Page(limit=1_000_000))[0]

    def overdue_checkouts(self, at: int) -> list[Body]:
        """This will return the sessions still open at their end, the earliest end first."""
        # Named, because SQLite would rather walk through all sessions that ever were, at each request.
        rows = self.connection.execute(
            "SELECT body FROM objects INDEXED BY open_checkouts WHERE kind = 'checkout.session'"
            " AND json_extract(body, '$.status') = 'open' AND json_extract(body, '$.expires_at') <= ?"
            " ORDER BY json_extract(body, '$.expires_at')",
            (at,),
        )
        return [json.loads(row[0]) for row in rows]

    def delivery_mode(self) -> DeliveryMode:
        """This will return how new events are treated."""
        return DeliveryMode(self.switch("delivery_mode") or DeliveryMode.NORMAL)

    def switch(self, name: str) -> str:
        """This will return how a switch stands; empty where nobody has touched it."""
        row = self.connection.execute("SELECT value FROM switches WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def turn(self, name: str, value: str) -> None:
        """This will set a switch."""
        self.connection.execute("INSERT OR REPLACE INTO switches VALUES (?, ?)", (name, value))


class State:
    """The file. Each reading or writing has a connection of its own, so that threads never share one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(SCHEMA)

    @contextmanager
    def reading(self) -> Iterator[Records]:
        """This will give one consistent view of the rows."""
        with self._connection() as connection:
            connection.execute("BEGIN")
            yield Records(connection)

    @contextmanager
    def writing(self) -> Iterator[Records]:
        """This will keep everything written inside, or nothing; writers wait for each other."""
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield Records(connection)
            connection.execute("COMMIT")

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.path, timeout=LOCK_TIMEOUT_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = NORMAL")
            yield connection
        finally:
            connection.close()


def new_id(prefix: str) -> str:
    """This will return a fresh id that nobody can guess."""
    return f"{prefix}_{secrets.token_hex(16)}"


def presented(body: Body) -> Body:
    """This will return the object as the outside sees it: names with a leading underscore are ours alone."""
    return {name: value for name, value in body.items() if not name.startswith("_")}
