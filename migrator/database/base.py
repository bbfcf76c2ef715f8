"""The base of all tables, and the Flask-SQLAlchemy extension that owns their engine."""

from __future__ import annotations

import select
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Integer, MetaData, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Identity = BigInteger().with_variant(Integer, "sqlite")
WRITES = "migrator_writes"


class Base(DeclarativeBase):
    """Every table's base; constraints and indexes get names that revisions can rely on."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(metadata=Base.metadata)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not type(connection).__module__.startswith("sqlite3"):
        return
    # The driver must not open transactions by itself: `_begin` below decides between reading and writing.
    connection.isolation_level = None
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "busy_timeout=15000", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    # A writer that takes its lock at once waits its turn; one that upgrades a read later would be refused.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@event.listens_for(Engine, "checkout")
def _refuse_a_lost_one(connection: Any, _record: Any, _fairy: Any) -> None:
    """This will let the pool open another connection where the server has ended this one.

    An idle connection has something to read only when its server said goodbye; asking costs no way to the server.

    :raises DisconnectionError: which tells the pool so
    """
    if type(connection).__module__.startswith("sqlite3"):
        return
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if connection.closed or waiting.poll(0):
        raise DisconnectionError("The server has ended the connection.")
