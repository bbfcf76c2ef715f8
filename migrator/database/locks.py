"""Locks beyond those of single rows."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session


def keep_changes_out(session: Session, table: str) -> None:
    """This will let running changes of a table finish and keep new ones waiting until the transaction ends.

    Reading goes on. SQLite knows one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"LOCK TABLE {table} IN EXCLUSIVE MODE"))
