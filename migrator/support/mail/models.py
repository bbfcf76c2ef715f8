"""Messages that came by mail, as they came, with what became of each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored
from migrator.support.mail.rules import Fate
from migrator.support.models import Ticket

WAITING = text("fate = 'waiting'")


class IncomingMail(Base):
    """One message: kept before it is looked at, looked at once, known again when it is delivered twice.

    :ivar mark: of its Message-ID, or of all that it holds where it has none; unique, so that twice is once
    :ivar key: where its bytes lie in the instance folder
    :ivar is_whole: whether all of it was kept; of what is too large only the beginning is
    :ivar reason: why it was left aside or needs a person, for our people alone
    """

    __tablename__ = "incoming_mails"
    __table_args__ = (
        CheckConstraint("size > 0", name="not_empty"),
        CheckConstraint("(fate = 'waiting') = (settled_at IS NULL)", name="settled_has_its_time"),
        CheckConstraint(
            "fate NOT IN ('answered', 'opened', 'unidentified') OR ticket_id IS NOT NULL", name="a_request_is_named"
        ),
        Index("ix_incoming_mails_waiting", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_incoming_mails_fate", "fate", "id"),
        Index("ix_incoming_mails_sender_address", "sender_address", "received_at"),
        Index("ix_incoming_mails_ticket_id", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), unique=True)
    key: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    is_whole: Mapped[bool]
    sender_name: Mapped[str] = mapped_column(String(200), default="")
    sender_address: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(200), default="")
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fate: Mapped[Fate] = mapped_column(stored(Fate, "fate"), default=Fate.WAITING)
    reason: Mapped[str] = mapped_column(Text, default="")
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    ticket: Mapped[Ticket | None] = relationship(lazy="raise_on_sql")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
