"""Access items, the secrets sealed in them, and each look at one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.access.lifecycle import ItemKind, ItemState
from migrator.accounts.models import Person
from migrator.database.base import Base, Identity
from migrator.database.types import Document, UtcDateTime, stored
from migrator.orders.models import Order
from migrator.policy.types import Side

STANDING = text("destroyed_at IS NULL")


class AccessItem(Base):
    """One thing that we need to reach a site.

    :ivar label: what people call it, such as `Old site FTP or SFTP`
    :ivar open_fields: what is not secret (address, host, user name), as typed
    :ivar problem: what is wrong with it and what to do, in words, while the state is `problem`
    :ivar changed_at: when the customer said that what they gave us is changed or blocked (RULES C-082)
    """

    __tablename__ = "access_items"
    __table_args__ = (
        CheckConstraint("(state = 'problem') = (problem <> '')", name="a_problem_has_its_words"),
        CheckConstraint("(state = 'verified') = (verified_at IS NOT NULL)", name="verified_has_its_time"),
        Index("ix_access_items_order_id", "order_id", "position"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    kind: Mapped[ItemKind] = mapped_column(stored(ItemKind, "kind"))
    side: Mapped[Side] = mapped_column(stored(Side, "side"))
    label: Mapped[str] = mapped_column(String(120))
    position: Mapped[int]
    required: Mapped[bool] = mapped_column(default=True)
    state: Mapped[ItemState] = mapped_column(stored(ItemState, "state"), default=ItemState.NOT_STARTED)
    open_fields: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    problem: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)
    secrets: Mapped[list[Secret]] = relationship(lazy="raise_on_sql", order_by="Secret.id", back_populates="item")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's


class Secret(Base):
    """One sealed value. When it is destroyed only the facts stay: what it was, who saved it, when it went."""

    __tablename__ = "secrets"
    __table_args__ = (
        CheckConstraint("(sealed IS NULL) = (destroyed_at IS NOT NULL)", name="destroyed_means_gone"),
        Index("uq_secrets_standing", "item_id", "field", unique=True, sqlite_where=STANDING, postgresql_where=STANDING),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("access_items.id"), index=True)
    item: Mapped[AccessItem] = relationship(lazy="raise_on_sql", back_populates="secrets")
    field: Mapped[str] = mapped_column(String(40))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    destroyed_reason: Mapped[str] = mapped_column(String(200), default="")
    reveals: Mapped[list[Reveal]] = relationship(lazy="raise_on_sql", order_by="Reveal.id")


class Reveal(Base):
    """One look at a secret: who, when, until when, and why."""

    __tablename__ = "reveals"
    __table_args__ = (CheckConstraint("reason <> ''", name="a_look_has_its_reason"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    secret_id: Mapped[int] = mapped_column(ForeignKey("secrets.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    reason: Mapped[str] = mapped_column(Text)
    revealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    hidden_at: Mapped[datetime] = mapped_column(UtcDateTime)
