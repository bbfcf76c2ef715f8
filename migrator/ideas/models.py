"""Ideas and the votes for them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored

TITLE_LENGTH = 120
SHOWN = text("hidden_at IS NULL")


class IdeaState(StrEnum):
    """What we make of an idea."""

    NEW = "new"
    PLANNED = "planned"
    DONE = "done"
    DECLINED = "declined"


class Idea(Base):
    """One idea, public without the name of its author; nobody waits for an answer to it (RULES C-007).

    :ivar votes: how many rows of `idea_votes` it has, kept with them for sorting
    :ivar answer: what we say to it; a decline has its reason
    :ivar suggested_by_id: none when it came from somebody who has no account
    :ivar ticket_number: of the request that it was made from; none for one that came by the form
    :ivar hidden_at: from when nobody but our people sees it, as when it holds somebody's secrets
    """

    __tablename__ = "ideas"
    __table_args__ = (
        CheckConstraint("title <> '' AND body <> ''", name="has_its_words"),
        CheckConstraint("votes >= 0", name="votes_not_negative"),
        CheckConstraint("state <> 'declined' OR answer <> ''", name="declined_has_its_reason"),
        CheckConstraint("(state = 'new') = (decided_at IS NULL)", name="decided_has_its_time"),
        Index("ix_ideas_votes", "votes", "id", sqlite_where=SHOWN, postgresql_where=SHOWN),
        Index("ix_ideas_state_votes", "state", "votes", "id", sqlite_where=SHOWN, postgresql_where=SHOWN),
        Index("ix_ideas_suggested_by_id", "suggested_by_id", "id"),
        Index("uq_ideas_ticket_number", "ticket_number", unique=True),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[IdeaState] = mapped_column(stored(IdeaState, "state"), default=IdeaState.NEW)
    answer: Mapped[str] = mapped_column(Text, default="")
    votes: Mapped[int] = mapped_column(default=0)
    suggested_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    suggested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ticket_number: Mapped[str | None] = mapped_column(String(20))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hidden_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's


class IdeaVote(Base):
    """One person's vote for an idea; nobody has two."""

    __tablename__ = "idea_votes"

    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    voted_at: Mapped[datetime] = mapped_column(UtcDateTime)
