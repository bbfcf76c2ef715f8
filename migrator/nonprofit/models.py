"""Non-profit applications."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.accounts.models import Organisation, Person
from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored

PENDING = text("state = 'pending'")


class ApplicationState(StrEnum):
    """Where an application stands."""

    PENDING = "pending"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class NonprofitApplication(Base):
    """One organisation's application, proved by its registration number (RULES C-087).

    :ivar answer_by_at: until when we aim to answer: a week, no guarantee (RULES C-085)
    :ivar valid_until_at: the end of the last day on which the discount is given; renewed by a new application
    """

    __tablename__ = "nonprofit_applications"
    __table_args__ = (
        CheckConstraint("(state = 'pending') = (decided_at IS NULL)", name="decided_has_its_time"),
        CheckConstraint("(state = 'approved') = (valid_until_at IS NOT NULL)", name="approved_has_its_end"),
        CheckConstraint("state <> 'declined' OR reason <> ''", name="declined_has_its_reason"),
        Index(
            "uq_nonprofit_applications_pending",
            "organisation_id",
            unique=True,
            sqlite_where=PENDING,
            postgresql_where=PENDING,
        ),
        Index("ix_nonprofit_applications_queue", "applied_at", "id", sqlite_where=PENDING, postgresql_where=PENDING),
        Index("ix_nonprofit_applications_organisation_id", "organisation_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    applied_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    applied_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[applied_by_id])
    country: Mapped[str] = mapped_column(String(80))
    registration_number: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(Text)
    state: Mapped[ApplicationState] = mapped_column(stored(ApplicationState, "state"), default=ApplicationState.PENDING)
    applied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_by_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    valid_until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's
