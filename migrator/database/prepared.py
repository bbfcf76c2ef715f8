"""Questions that nearly every page asks: their SQL is written once, and their rows are plain tuples.

Building a statement and finding its SQL again costs more than the database takes to answer a good one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Dialect, Enum, Row, Select, String, TextualSelect, bindparam, text
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine


class Prepared:
    """A `Select` whose values are named by `bindparam`; enumerations come back as the text that is kept."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement
        self._texts: dict[str, TextualSelect] = {}

    def rows(self, session: Session, **values: object) -> Sequence[Row[*tuple[Any, ...]]]:
        """This will return the rows for these values."""
        connection = session.connection()
        if connection.dialect.name not in self._texts:
            self._texts[connection.dialect.name] = self._written(connection.dialect)
        return connection.execute(self._texts[connection.dialect.name], values).all()

    def _written(self, dialect: Dialect) -> TextualSelect:
        named = type(dialect)(paramstyle="named")  # type: ignore[call-arg]
        compiled = self.statement.compile(dialect=named, compile_kwargs={"render_postcompile": True})
        values = {**compiled.params}
        binds = [_bind(bind, name, values[name]) for name, bind in compiled.binds.items() if name in values]
        columns = {str(column.key): _kept(column.type) for column in self.statement.selected_columns}
        # A name right before PostgreSQL's cast would not be taken for a value.
        return text(str(compiled).replace("::", " ::")).bindparams(*binds).columns(**columns)


def _bind(bind: BindParameter[Any], name: str, value: object) -> BindParameter[Any]:
    if bind.required:
        return bindparam(name, type_=bind.type)
    return bindparam(name, value, type_=bind.type)


def _kept(column_type: TypeEngine[Any]) -> TypeEngine[Any]:
    return String() if isinstance(column_type, Enum) else column_type
