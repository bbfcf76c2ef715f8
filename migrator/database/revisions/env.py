"""How Alembic reaches the database: through the application's own engine, or a connection that a caller hands in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context as alembic
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from flask_security import AsaList
from sqlalchemy.engine import Connection

from migrator.database.base import WRITES, db
from migrator.database.types import Document, UtcDateTime


class BrokenReferences(RuntimeError):
    """A revision broke what the tables promise."""


def _frozen_type(kind: str, column_type: Any, context: AutogenContext) -> str | Literal[False]:
    # A revision must not change when the product's own types do, so that it names what the database keeps.
    if kind == "type" and isinstance(column_type, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(column_type, AsaList):
        return "sa.UnicodeText()"
    if kind == "type" and column_type is Document:
        context.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def _run(connection: Connection) -> None:
    alembic.configure(
        connection=connection,
        target_metadata=db.metadata,
        compare_type=True,
        render_item=_frozen_type,
        transaction_per_migration=True,
    )
    with alembic.begin_transaction():
        alembic.run_migrations()


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "sqlite":
        yield
        return
    # The driver's own cursor: SQLAlchemy's would begin a transaction, inside which the pragma does nothing.
    driver = connection.connection.cursor()
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        driver.execute("PRAGMA foreign_key_check")
        if broken := driver.fetchall():
            raise BrokenReferences(f"The revision left rows that refer to nothing: {broken[:5]}")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


# SQLite changes a table by writing it anew; what refers to it must not stop it from being dropped in between.
with (
    current_app.app_context(),
    db.engine.connect().execution_options(**{WRITES: True}) as connection,
    _without_foreign_keys(connection),
):
    _run(connection)
    connection.commit()
