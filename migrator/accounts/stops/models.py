"""Stops of a person's new tickets and messages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.accounts.models import Person
from migrator.accounts.stops.rules import StopState
from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored

STANDING = text("state IN ('proposed', 'in_force')")
PLACE_LENGTH = 200


class ContactStop(Base):
    """One stop, with the words that led to it (RULES C-032).

    :ivar evidence: the words, quoted; never shown to customers
    :ivar found_in: where they were written, such as an order's number
    :ivar appeal: what the person says against it; empty without one
    :ivar end_reason: why it was put away or lifted
    """

    __tablename__ = "contact_stops"
    __table_args__ = (
        CheckConstraint("evidence <> '' AND found_in <> ''", name="has_its_evidence"),
        CheckConstraint("confirmed_by_id <> proposed_by_id", name="confirmed_by_a_second_person"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint(
            "state NOT IN ('in_force', 'lifted') OR confirmed_at IS NOT NULL", name="in_force_is_confirmed"
        ),
        CheckConstraint("(state IN ('put_away', 'lifted')) = (ended_at IS NOT NULL)", name="ended_has_its_time"),
        CheckConstraint("(appealed_at IS NULL) = (appeal = '')", name="an_appeal_has_its_time"),
        Index("uq_contact_stops_standing", "person_id", unique=True, sqlite_where=STANDING, postgresql_where=STANDING),
        Index("ix_contact_stops_state", "state", "id"),
        Index("ix_contact_stops_person_id", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])
    state: Mapped[StopState] = mapped_column(stored(StopState, "state"), default=StopState.PROPOSED)
    evidence: Mapped[str] = mapped_column(Text)
    found_in: Mapped[str] = mapped_column(String(PLACE_LENGTH))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proposed_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[proposed_by_id])
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    confirmed_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[confirmed_by_id])
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    appeal: Mapped[str] = mapped_column(Text, default="")
    appealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    appeal_answer: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's
