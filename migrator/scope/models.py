"""Editions of what we do, their tasks and answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored
from migrator.policy.scope import Condition, Covered, Instead, ScopeVerdict

IN_FORCE = text("until_edition IS NULL")


class ScopeEdition(Base):
    """One change of what we do, or the beginning; numbered from 1 without gaps."""

    __tablename__ = "scope_editions"
    __table_args__ = (
        CheckConstraint("number >= 1", name="numbered_from_one"),
        CheckConstraint("reason <> ''", name="has_its_reason"),
    )

    number: Mapped[int] = mapped_column(Identity, primary_key=True, autoincrement=False)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_by_name: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)


class ScopeTask(Base):
    """One thing that people ask for."""

    __tablename__ = "scope_tasks"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    rule: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    group: Mapped[str] = mapped_column("task_group", String(80))
    words: Mapped[str] = mapped_column(Text, default="")


class ScopeRow(Base):
    """The answer to one task for one product, from one edition until another; of each there is one in force.

    :ivar met: what is said when the condition holds; empty without one
    :ivar until_edition: the edition that it no longer belongs to; none while it is in force
    """

    __tablename__ = "scope_rows"
    __table_args__ = (
        CheckConstraint("(verdict = 'conditional') = (condition <> '')", name="conditional_names_its_condition"),
        CheckConstraint("(condition <> '') = (met <> '')", name="condition_has_its_sentence"),
        CheckConstraint("sentence <> ''", name="has_its_sentence"),
        CheckConstraint("rule <> ''", name="has_its_rule"),
        CheckConstraint("until_edition IS NULL OR until_edition > from_edition", name="ends_after_it_began"),
        Index(
            "uq_scope_rows_in_force",
            "task_id",
            "product",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
        Index("ix_scope_rows_task_id_product", "task_id", "product", "from_edition"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("scope_tasks.id"))
    task: Mapped[ScopeTask] = relationship(lazy="raise_on_sql")
    product: Mapped[Covered] = mapped_column(stored(Covered, "product"))
    rule: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[ScopeVerdict] = mapped_column(stored(ScopeVerdict, "verdict"))
    condition: Mapped[Condition] = mapped_column(stored(Condition, "condition"), default=Condition.NONE)
    sentence: Mapped[str] = mapped_column(Text)
    met: Mapped[str] = mapped_column(Text, default="")
    instead: Mapped[Instead] = mapped_column(stored(Instead, "instead"), default=Instead.NONE)
    from_edition: Mapped[int] = mapped_column(ForeignKey("scope_editions.number"))
    until_edition: Mapped[int | None] = mapped_column(ForeignKey("scope_editions.number"))
