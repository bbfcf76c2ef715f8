"""Payment attempts, the money that came, the provider's events, and what does not fit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.accounts.models import Person
from migrator.database.base import Base, Identity
from migrator.database.types import Document, UtcDateTime, stored
from migrator.money import Money
from migrator.orders.models import Order
from migrator.orders.supplement_models import Supplement
from migrator.payments.lifecycle import AttemptState, Disposition, EventState, Resolution

OPEN_ATTEMPT = text("state IN ('prepared', 'open')")
OPEN_EVENT = text("state = 'stored'")
OPEN_EXCEPTION = text("resolved_at IS NULL")


class PaymentAttempt(Base):
    """One try to pay an order, or a supplement to it; committed before the provider hears of it, parameters frozen.

    :ivar parameters: everything that is sent when the checkout is made, so that a repetition is the same call
    :ivar idempotency_key: the key of that call; the same at each repetition
    """

    __tablename__ = "payment_attempts"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("state = 'prepared' OR state = 'failed' OR session_id IS NOT NULL", name="known_once_opened"),
        Index(
            "uq_payment_attempts_open",
            "order_id",
            unique=True,
            sqlite_where=OPEN_ATTEMPT,
            postgresql_where=OPEN_ATTEMPT,
        ),
        Index("ix_payment_attempts_sweep", "expires_at", sqlite_where=OPEN_ATTEMPT, postgresql_where=OPEN_ATTEMPT),
        Index("ix_payment_attempts_order_id", "order_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    supplement_id: Mapped[int | None] = mapped_column(ForeignKey("supplements.id"), index=True)
    supplement: Mapped[Supplement | None] = relationship(lazy="raise_on_sql")
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    state: Mapped[AttemptState] = mapped_column(stored(AttemptState, "state"), default=AttemptState.PREPARED)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    parameters: Mapped[dict[str, Any]] = mapped_column(Document)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    session_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    url: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(Text, default="")

    @property
    def order_number(self) -> str:
        """The number that the provider was told."""
        return str(self.parameters["order_number"])

    @property
    def amount(self) -> Money:
        """What was asked for."""
        return Money(self.amount_minor, self.currency)


class Payment(Base):
    """Money that the provider took: its own amount and currency, never our expectation."""

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        Index("ix_payments_charge_id", "charge_id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("payment_attempts.id"), unique=True)
    attempt: Mapped[PaymentAttempt] = relationship(lazy="raise_on_sql")
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    payment_intent_id: Mapped[str] = mapped_column(String(120), unique=True)
    charge_id: Mapped[str] = mapped_column(String(120), default="")
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    disposition: Mapped[Disposition] = mapped_column(stored(Disposition, "disposition"))
    captured_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def amount(self) -> Money:
        """What was taken."""
        return Money(self.amount_minor, self.currency)


class ProviderEvent(Base):
    """One event of the provider as it came: stored before it is looked at, looked at once (PAYMENTS, rule 3).

    :ivar checkout_id: the checkout that it is about; empty where it is about none
    :ivar intent_id: the provider's payment that it is about: one that was refunded or disputed; else empty
    """

    __tablename__ = "provider_events"
    __table_args__ = (
        Index("ix_provider_events_open", "received_at", "id", sqlite_where=OPEN_EVENT, postgresql_where=OPEN_EVENT),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    event_id: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(80))
    checkout_id: Mapped[str] = mapped_column(String(120), default="")
    intent_id: Mapped[str] = mapped_column(String(120), default="")
    livemode: Mapped[bool]
    payload: Mapped[str] = mapped_column(Text)
    state: Mapped[EventState] = mapped_column(stored(EventState, "state"), default=EventState.STORED)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")


class PaymentException(Base):
    """Money that does not fit its order, with the refund that we propose; never dropped, never hidden (rule 5).

    :ivar resolved_by_id: who waived it, or asked for the refund; none where the provider's dashboard gave it back
    :ivar waiver_asked_by_id: who wants it to stay, where that takes a second person; `waiver_agreed_by_id` is that one
    :ivar reason: why it was waived, in the words of who did
    """

    __tablename__ = "payment_exceptions"
    __table_args__ = (
        CheckConstraint("(resolution IS NULL) = (resolved_at IS NULL)", name="resolved_has_its_time"),
        CheckConstraint("resolution <> 'waived' OR reason <> ''", name="waived_has_its_reason"),
        CheckConstraint("waiver_agreed_by_id <> waiver_asked_by_id", name="agreed_by_another"),
        CheckConstraint("waiver_asked_by_id IS NULL OR reason <> ''", name="asked_with_its_reason"),
        Index("uq_payment_exceptions_payment", "payment_id", "code", unique=True),
        Index("ix_payment_exceptions_open", "id", sqlite_where=OPEN_EXCEPTION, postgresql_where=OPEN_EXCEPTION),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"))
    payment: Mapped[Payment] = relationship(lazy="raise_on_sql")
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    code: Mapped[Disposition] = mapped_column(stored(Disposition, "code"))
    proposed_refund_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    words: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolution: Mapped[Resolution | None] = mapped_column(stored(Resolution, "resolution"))
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    waiver_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    waiver_asked_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[waiver_asked_by_id])
    waiver_agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
