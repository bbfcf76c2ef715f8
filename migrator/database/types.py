"""Column types that keep values exact: aware instants in UTC, and enumerations held by a constraint."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, DateTime, Enum, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect

Document = JSON().with_variant(JSONB(), "postgresql")


class NaiveInstant(ValueError):
    """A datetime without a zone was about to be stored."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored and returned in UTC; a naive one is refused with `NaiveInstant`."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """This will turn an aware instant into what the database keeps."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveInstant(f"{value!r} has no zone.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """This will return what gives a stored instant back, aware, in UTC; one step, for lists have many."""
        return _from_text if dialect.name == "sqlite" else _in_utc


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


def _in_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


def stored(members: type[StrEnum], name: str | None = None) -> Enum:
    """This will make the column type of an enumeration, stored by value; the constraint `name` refuses others.

    Without a name the table has to hold it: by `one_of`, where many rows are written at once.
    """
    return Enum(
        members,
        name=name,
        native_enum=False,
        create_constraint=name is not None,
        length=40,
        values_callable=_values,
    )


def one_of(column: str, members: type[StrEnum]) -> CheckConstraint:
    """This will hold a column to an enumeration by alternatives: SQLite builds a list of values anew for each row."""
    return CheckConstraint(" OR ".join(f"{column} = '{member}'" for member in members), name=column)


def _values(members: Any) -> list[str]:
    return [member.value for member in members]
