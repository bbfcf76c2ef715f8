"""Requests for a quote, and the offers that answer them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.accounts.models import Organisation, Person
from migrator.database.base import Base, Identity
from migrator.database.types import Document, UtcDateTime, stored
from migrator.money import Money
from migrator.orders.lifecycle import QuoteState
from migrator.orders.models import Order

OPEN = text("state = 'requested'")


class Quote(Base):
    """A request for a written price, and our answer: price, page ceiling and agreed date (RULES C-059).

    :ivar number: what people call it, such as `QUO-4M7Q-K`
    :ivar selection: what was asked for, as a document (see `catalogue.rules.Selection`)
    :ivar answer_by_at: when our price is promised
    :ivar price_minor: the offered migration price, without insurance
    :ivar expires_at: until when the offer stands: the end of its last day (RULES D-4)
    """

    __tablename__ = "quotes"
    __table_args__ = (
        CheckConstraint(
            "state IN ('requested', 'declined') OR (price_minor IS NOT NULL AND page_ceiling IS NOT NULL "
            "AND agreed_at IS NOT NULL AND expires_at IS NOT NULL)",
            name="an_offer_is_whole",
        ),
        CheckConstraint("price_minor IS NULL OR price_minor > 0", name="price_positive"),
        CheckConstraint("(state = 'accepted') = (order_id IS NOT NULL)", name="accepted_has_its_order"),
        Index("ix_quotes_open", "answer_by_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_quotes_organisation_id_id", "organisation_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    requested_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[requested_by_id])
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answered_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[answered_by_id])
    state: Mapped[QuoteState] = mapped_column(stored(QuoteState, "state"), default=QuoteState.REQUESTED)
    selection: Mapped[dict[str, Any]] = mapped_column(Document)
    pages: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="")
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_by_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    currency: Mapped[str] = mapped_column(String(3))
    price_minor: Mapped[int | None] = mapped_column(BigInteger)
    page_ceiling: Mapped[int | None]
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offer_words: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), unique=True)
    order: Mapped[Order | None] = relationship(lazy="raise_on_sql")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's

    @property
    def price(self) -> Money | None:
        """The offered migration price."""
        return None if self.price_minor is None else Money(self.price_minor, self.currency)
