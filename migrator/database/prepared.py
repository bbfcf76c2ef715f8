"""Questions that nearly every page asks: their SQL is written once, and their rows are plain tuples.

They go to the driver itself. Building a statement, finding its SQL again and describing its result anew take SQLAlchemy
five times as long as the driver and SQLite need to answer a good question (`bench/README.md`).
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Enum, Select, String
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

NAMED = {"sqlite": "named", "postgresql": "pyformat"}
Convert = Callable[[Any], Any]


class Prepared:
    """A `Select` whose values are named by `bindparam`; enumerations come back as the text that is kept."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement
        self._written: dict[str, _Written] = {}

    def rows(self, session: Session, **values: object) -> Sequence[Any]:
        """This will return the rows for these values, in the session's transaction."""
        return self.rows_on(session.connection(), **values)

    def rows_on(self, connection: Connection, **values: object) -> Sequence[Any]:
        """This will return the rows for these values, each with its columns by name."""
        dialect = connection.dialect
        if dialect.name not in self._written:
            self._written[dialect.name] = _write(self.statement, dialect)
        return self._written[dialect.name].answer(connection, values)


@dataclass(frozen=True, slots=True)
class _Written:
    sql: str
    constants: dict[str, object]
    converts_in: dict[str, Convert | None]
    converts_out: tuple[tuple[int, Convert], ...]
    row: Callable[[Sequence[Any]], Any]

    def answer(self, connection: Connection, values: dict[str, object]) -> list[Any]:
        bound = {**self.constants}
        for name, convert in self.converts_in.items():
            bound[name] = convert(values[name]) if convert else values[name]
        return [self.row(self._converted(found)) for found in _fetched(connection, self.sql, bound)]

    def _converted(self, found: Sequence[Any]) -> Sequence[Any]:
        values = list(found)
        for place, convert in self.converts_out:
            values[place] = convert(values[place])
        return values


def _fetched(connection: Connection, sql: str, bound: dict[str, object]) -> Sequence[Any]:
    driver: Any = connection.connection.driver_connection
    cursor = driver.cursor()
    # Whoever listens to statements hears of this one too.
    connection.dispatch.before_cursor_execute(connection, cursor, sql, bound, None, False)
    try:
        found: Sequence[Any] = cursor.execute(sql, bound).fetchall()
    except connection.dialect.loaded_dbapi.Error:
        # Asked again by SQLAlchemy, which raises its own error and gives up connections that are lost.
        return connection.exec_driver_sql(sql, bound).all()
    finally:
        cursor.close()
    return found


def _write(statement: Select[*tuple[Any, ...]], dialect: Dialect) -> _Written:
    named = type(dialect)(paramstyle=NAMED[dialect.name])  # type: ignore[call-arg]
    compiled = statement.compile(dialect=named, compile_kwargs={"render_postcompile": True})
    used = {name: bind for name, bind in compiled.binds.items() if name in compiled.params}
    converts = {name: _converts_in(bind.type, dialect) for name, bind in used.items()}
    constants = {name: compiled.params[name] for name, bind in used.items() if not bind.required}
    columns = list(statement.selected_columns)
    converts_out = ((place, _converts_out(column.type, dialect)) for place, column in enumerate(columns))
    return _Written(
        sql=str(compiled),
        constants={name: _converted(converts[name], value) for name, value in constants.items()},
        converts_in={name: convert for name, convert in converts.items() if name not in constants},
        converts_out=tuple((place, convert) for place, convert in converts_out if convert),
        row=_row_of([str(column.key) for column in columns]),
    )


def _row_of(names: list[str]) -> Callable[[Sequence[Any]], Any]:
    row: Any = namedtuple("Row", names)  # type: ignore[misc]
    make: Callable[[Sequence[Any]], Any] = row._make
    return make


def _converted(convert: Convert | None, value: object) -> object:
    return convert(value) if convert else value


def _converts_in(column_type: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return column_type.dialect_impl(dialect).bind_processor(dialect)


def _converts_out(column_type: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    kept = String() if isinstance(column_type, Enum) else column_type
    convert: Convert | None = kept.dialect_impl(dialect).result_processor(dialect, None)
    return convert
