"""How revisions write down what many tables have. What a revision has used here is never changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def one_of(name: str, *values: str) -> sa.Enum:
    """This will return a column's kind that takes these texts alone, held by a CHECK of that name."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """This will return the constraint that a column of a table holds the id of a row of another."""
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def add_partial_index(name: str, table: str, columns: list[str], *, where: str, unique: bool = False) -> None:
    """This will add an index over the rows that hold a condition."""
    op.create_index(name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
