"""Views of the desk's list that people have kept under a name. The address is the view; the row only remembers it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime

NAME_LENGTH = 60
QUERY_LENGTH = 600


class SavedView(Base):
    """One view of one person.

    :ivar query: what stands behind the question mark of the address
    """

    __tablename__ = "saved_views"
    __table_args__ = (
        CheckConstraint("name <> ''", name="has_a_name"),
        UniqueConstraint("person_id", "name"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    query: Mapped[str] = mapped_column(String(QUERY_LENGTH))
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
