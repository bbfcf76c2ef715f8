"""Which letters a person does not want."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from migrator.database.base import Base
from migrator.database.types import UtcDateTime


class OptOut(Base):
    """A kind of letter that a person has switched off; what is not here is sent.

    :ivar topic: as `choices.Topic` names it
    """

    __tablename__ = "opt_outs"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(40), primary_key=True)
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)
