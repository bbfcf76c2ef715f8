"""Change requests."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.accounts.models import Person
from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored
from migrator.fulfilment.previews.models import PreviewPair
from migrator.orders.models import Order
from migrator.orders.supplement_models import Supplement

OPEN = text("state IN ('raised', 'quoted', 'in_work')")


class ChangeKind(StrEnum):
    """What is reported: something wrong with the preview or the result, or a wish for a change."""

    PREVIEW_PROBLEM = "preview_problem"
    PROBLEM = "problem"
    CHANGE = "change"


class ChangeState(StrEnum):
    """Where a request stands; quoted while it waits for the customer to pay its price (RULES C-067)."""

    RAISED = "raised"
    QUOTED = "quoted"
    IN_WORK = "in_work"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ChangeRequest(Base):
    """One request of the customer.

    :ivar is_included: raised in time, so that it stays included whenever it is done (RULES C-066, C-067)
    :ivar answer: what we did, or why not, in words the customer reads
    """

    __tablename__ = "change_requests"
    __table_args__ = (
        CheckConstraint("(state IN ('done', 'declined', 'withdrawn')) = (ended_at IS NOT NULL)", name="ended_in_time"),
        CheckConstraint("state NOT IN ('done', 'declined') OR answer <> ''", name="an_end_has_its_words"),
        Index("ix_change_requests_order_id", "order_id", "id"),
        Index("ix_change_requests_open", "order_id", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    kind: Mapped[ChangeKind] = mapped_column(stored(ChangeKind, "kind"))
    state: Mapped[ChangeState] = mapped_column(stored(ChangeState, "state"), default=ChangeState.RAISED)
    body: Mapped[str] = mapped_column(Text)
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("preview_pairs.id"))
    pair: Mapped[PreviewPair | None] = relationship(lazy="raise_on_sql")
    is_included: Mapped[bool]
    supplement_id: Mapped[int | None] = mapped_column(ForeignKey("supplements.id"), unique=True)
    supplement: Mapped[Supplement | None] = relationship(lazy="raise_on_sql")
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    raised_by: Mapped[Person] = relationship(lazy="raise_on_sql")
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's
