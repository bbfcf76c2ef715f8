"""Written news, and the switches of the chat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime

TITLE_LENGTH = 200


class Announcement(Base):
    """A piece of news in plain words.

    :ivar shown_from_at: from when everybody reads it
    :ivar withdrawn_at: from when nobody reads it any more; the history keeps its words
    """

    __tablename__ = "announcements"
    __table_args__ = (
        CheckConstraint("title <> '' AND body <> ''", name="has_its_words"),
        Index("ix_announcements_shown_from_at", "shown_from_at", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    body: Mapped[str] = mapped_column(Text)
    shown_from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's


class ChatSwitch(Base):
    """Somebody said by hand that the chat is open or closed; the newest row holds (RULES C-008)."""

    __tablename__ = "chat_switches"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    is_open: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    switched_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    switched_at: Mapped[datetime] = mapped_column(UtcDateTime)
