"""The two ways to the rows. Only doors (web, api, cli, jobs) open them; a session is handed down from there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from migrator.database.base import WRITES, db
from migrator.errors import StaleEdit

ONE_QUESTION = {"isolation_level": "AUTOCOMMIT"}
ONE_MOMENT = {"isolation_level": "REPEATABLE READ"}
CHANGED_MEANWHILE = "Somebody changed this while you were looking at it. Look at what it says now, then try again."


@contextmanager
def reading() -> Iterator[Session]:
    """This will open a session that can only look: whatever happened in it is rolled back, and what was read stays.

    All of it is read as of one moment, so that a page never shows dates of before and after a change (RULES C-020).
    """
    session = Session(db.engine, expire_on_commit=False, autoflush=False)
    try:
        # SQLite's readers see one moment anyway.
        if db.engine.dialect.name == "postgresql":
            session.connection(execution_options=ONE_MOMENT)
        yield session
    finally:
        session.close()


@contextmanager
def one_question() -> Iterator[Connection]:
    """This will open a connection for a single question, which needs no transaction around it."""
    with db.engine.connect() as connection:
        # SQLite's driver opens none by itself, and SQLAlchemy would leave it in another mode.
        if connection.dialect.name == "postgresql":
            connection.execution_options(**ONE_QUESTION)
        yield connection


@contextmanager
def transaction() -> Iterator[Session]:
    """This will open a session whose changes are kept together at the end, or not at all when anything is raised.

    :raises StaleEdit: when a row was changed by somebody else meanwhile
    """
    session = Session(db.engine, expire_on_commit=False)
    try:
        session.connection(execution_options={WRITES: True})
        yield session
        session.commit()
    except StaleDataError as error:
        session.rollback()
        raise StaleEdit(CHANGED_MEANWHILE) from error
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
