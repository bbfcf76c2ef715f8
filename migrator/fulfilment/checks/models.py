"""Checked items and plug-ins."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.accounts.models import Person
from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored


class CheckList(StrEnum):
    """The lists: before set-up (RULES C-055c), and of the result (RULES C-055h)."""

    VALIDATION = "validation"
    RESULTS = "results"


class Outcome(StrEnum):
    """What a check found."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_NEEDED = "not_needed"


class Check(Base):
    """What one item of a list found last; what it found before stays in the history.

    :ivar key: which item, as `rules.ITEMS` names it
    """

    __tablename__ = "checks"
    __table_args__ = (
        UniqueConstraint("order_id", "list", "key"),
        CheckConstraint("outcome <> 'failed' OR note <> ''", name="a_failure_has_its_words"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    list: Mapped[CheckList] = mapped_column(stored(CheckList, "list"))
    key: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[Outcome] = mapped_column(stored(Outcome, "outcome"))
    note: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Plugin(Base):
    """A plug-in of the new site, and the entity that it is the target for (RULES C-042).

    :ivar entity: what of the data it takes in, such as `forum posts`; without one it is not necessary
    """

    __tablename__ = "plugins"
    __table_args__ = (
        CheckConstraint("is_necessary = (entity <> '')", name="necessary_names_its_data"),
        CheckConstraint("(installed_at IS NULL) = (installed_by_id IS NULL)", name="installed_by_somebody"),
        Index("ix_plugins_order_id", "order_id", "id"),
        UniqueConstraint("order_id", "name"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    name: Mapped[str] = mapped_column(String(120))
    entity: Mapped[str] = mapped_column(String(120), default="")
    is_necessary: Mapped[bool]
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    installed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    installed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
