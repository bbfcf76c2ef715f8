"""Messages that are owed to people, with what became of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored

# As literal text, because SQLite uses a partial index only where it sees the same words in the question.
WAITING = text("state IN ('owed', 'sending')")
SENT = text("state = 'sent'")
GIVEN_UP = text("state = 'given_up'")


class DeliveryState(StrEnum):
    """Where a message stands."""

    OWED = "owed"
    SENDING = "sending"
    SENT = "sent"
    GIVEN_UP = "given_up"


class OwedMessage(Base):
    """One e-mail, written in the transaction of its cause and delivered afterwards.

    :ivar kind: which message, such as `order_paused`; also its template's name under `templates/emails/`
    :ivar cause: what it tells about, such as `pause:17`; with kind and address unique, so that nobody is told twice
    :ivar message_id: the e-mail's own Message-ID, the same at each try, so that a mail server can drop a repetition;
        at random, so that whoever names it in an answer has read the letter
    :ivar thread: the number of the ticket that it is about; mail programs show such letters together
    """

    __tablename__ = "owed_messages"
    __table_args__ = (
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_its_time"),
        Index("uq_owed_messages_once", "kind", "cause", "address", unique=True),
        Index("ix_owed_messages_due", "next_try_at", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_owed_messages_sent", "id", sqlite_where=SENT, postgresql_where=SENT),
        Index("ix_owed_messages_kind", "kind", "id"),
        Index("ix_owed_messages_address", "address", "id"),
        Index("ix_owed_messages_given_up", "id", sqlite_where=GIVEN_UP, postgresql_where=GIVEN_UP),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    cause: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(254))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    subject: Mapped[str] = mapped_column(String(250))
    text_body: Mapped[str] = mapped_column(Text)
    html_body: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    thread: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[DeliveryState] = mapped_column(stored(DeliveryState, "state"), default=DeliveryState.OWED)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(Text, default="")
