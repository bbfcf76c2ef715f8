"""Orders, their lines, and what is said about them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, TextClause, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.accounts.models import Organisation, Person
from migrator.calendars.models import CalendarRow
from migrator.catalogue.rules import LineKind as LineKind
from migrator.database.base import Base, Identity
from migrator.database.types import Document, UtcDateTime, stored
from migrator.money import Money
from migrator.orders.lifecycle import OrderState, Turn, shown_turn
from migrator.orders.terms import Terms, terms_from
from migrator.policy.types import Family, Tier

OURS = text("turn = 'us'")
# Baskets that nobody paid for stay the customer's turn for ever; the desk does not wait for them.
THEIRS = text("turn = 'customer' AND state <> 'awaiting_payment'")
REMINDED = text("next_reminder_at IS NOT NULL")
VERIFIED = text("verified_at IS NOT NULL")
DELIVERED = text("delivered_at IS NOT NULL")
OPEN = text("state NOT IN ('awaiting_payment', 'completed', 'cancelled')")


def _partial(name: str, *columns: str, where: TextClause) -> Index:
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class Order(Base):
    """One migration that was ordered.

    Recorded facts: `paid_at`, `submitted_at`, `verified_at`, `agreed_at`, `delivered_at`, `validated_at`, and the
    pauses, runs and windows of the room `fulfilment`.
    Computed from them and kept for sorting, equal to the computed value at all times (RULES D-7): `due_at` (the
    promised instant by closed pauses, an open pause counted as nothing yet) and `promise_at` (what we owe next: the
    access check, the agreed date's agreement, or `due_at`; empty while we wait for the customer).

    :ivar number: what people call it, such as `MIG-7F3K-2`
    :ivar turn: whose turn it is; follows from `state`, and after a full run from what is open (`stored_turn`)
    :ivar page_limit: pages covered: those of the terms and what was bought beyond them (RULES C-069)
    :ivar support_minutes_limit: support that may be used: that of the terms and what was bought beyond it (C-068)
    :ivar support_minutes_used: the sum of the posted entries that are charged; the database holds it to the limit
    :ivar restarts_used: restarts that were started and not given back; the database holds them to the cover (C-077)
    :ivar resubmitted_at: when access was sent again for a restart that needs it (RULES C-084)
    :ivar delivered_at: when the delivery promise was met: the first preview, or a package's first full run
    :ivar validated_at: when our engineers had checked the result (RULES C-055h, C-066)
    :ivar agreed_at: the agreed date that counts (RULES C-059); `proposed_at` waits for the customer's acceptance
    :ivar next_reminder_at: when to look whether the customer, whose turn it is, is to be reminded (RULES C-065)
    :ivar reminders: how many of the policy's reminders have been reached since the state began
    :ivar handed_over_at: when the account manager was asked to look after the waiting personally (RULES C-065)
    """

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("total_minor >= 0", name="total_not_negative"),
        CheckConstraint("declared_pages >= 1", name="pages_positive"),
        CheckConstraint("page_limit >= 0", name="page_limit_not_negative"),
        CheckConstraint("measured_pages IS NULL OR measured_pages >= 0", name="measured_not_negative"),
        CheckConstraint("moved_pages IS NULL OR moved_pages >= 0", name="moved_not_negative"),
        CheckConstraint(
            "support_minutes_used >= 0 AND support_minutes_used <= support_minutes_limit", name="hours_within_limit"
        ),
        CheckConstraint("restarts_used >= 0 AND restarts_used <= restarts_limit", name="restarts_within_cover"),
        CheckConstraint("reminders >= 0", name="reminders_not_negative"),
        CheckConstraint("due_at IS NULL OR verified_at IS NOT NULL", name="due_only_after_verification"),
        CheckConstraint("promise_at IS NULL OR turn = 'us'", name="promise_only_on_our_turn"),
        Index("ix_orders_organisation_id_id", "organisation_id", "id"),
        _partial("ix_orders_desk_ours", "promise_at", "id", where=OURS),
        _partial("ix_orders_desk_ours_state", "state", "promise_at", "id", where=OURS),
        _partial("ix_orders_desk_theirs", "state_since_at", "id", where=THEIRS),
        _partial("ix_orders_desk_theirs_state", "state", "state_since_at", "id", where=THEIRS),
        _partial("ix_orders_manager_ours", "account_manager_id", "promise_at", "id", where=OURS),
        _partial("ix_orders_manager_theirs", "account_manager_id", "state_since_at", "id", where=THEIRS),
        _partial("ix_orders_manager_open", "account_manager_id", "id", where=OPEN),
        _partial("ix_orders_reminders", "next_reminder_at", "id", where=REMINDED),
        _partial("ix_orders_verified_at", "verified_at", where=VERIFIED),
        _partial("ix_orders_delivered_at", "delivered_at", where=DELIVERED),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    placed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    placed_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[placed_by_id])
    account_manager_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    account_manager: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[account_manager_id])
    calendar_key: Mapped[str] = mapped_column(ForeignKey("calendars.key"))
    calendar_row: Mapped[CalendarRow] = relationship(lazy="raise_on_sql")

    state: Mapped[OrderState] = mapped_column(stored(OrderState, "state"), default=OrderState.AWAITING_PAYMENT)
    state_since_at: Mapped[datetime] = mapped_column(UtcDateTime)
    turn: Mapped[Turn] = mapped_column(stored(Turn, "turn"), default=Turn.CUSTOMER)

    family: Mapped[Family] = mapped_column(stored(Family, "family"))
    tier: Mapped[Tier] = mapped_column(stored(Tier, "tier"))
    source_platform: Mapped[str] = mapped_column(String(40))
    target_platform: Mapped[str] = mapped_column(String(40))
    source_address: Mapped[str] = mapped_column(String(300), default="")
    target_address: Mapped[str] = mapped_column(String(300), default="")
    declared_pages: Mapped[int]
    measured_pages: Mapped[int | None]
    moved_pages: Mapped[int | None]
    page_limit: Mapped[int]
    support_minutes_limit: Mapped[int]
    support_minutes_used: Mapped[int] = mapped_column(default=0)
    restarts_limit: Mapped[int]
    restarts_used: Mapped[int] = mapped_column(default=0)
    own_backup_on: Mapped[date | None]
    currency: Mapped[str] = mapped_column(String(3))
    total_minor: Mapped[int] = mapped_column(BigInteger)
    terms_document: Mapped[dict[str, Any]] = mapped_column("terms", Document)

    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    paid_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resubmitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    check_by_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agree_by_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    promise_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    validated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_reminder_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminders: Mapped[int] = mapped_column(default=0)
    handed_over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    lines: Mapped[list[OrderLine]] = relationship(lazy="raise_on_sql", order_by="OrderLine.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's

    @property
    def shown_turn(self) -> Turn:
        """Whose turn people read; `turn` alone divides the desk's lists."""
        return shown_turn(self.state, self.turn, has_proposal=self.proposed_at is not None)

    @property
    def terms(self) -> Terms:
        """The terms that the order was sold under."""
        return terms_from(self.terms_document)

    @property
    def total(self) -> Money:
        """The sum of the lines."""
        return Money(self.total_minor, self.currency)


class OrderLine(Base):
    """One priced line; an insurance line and a tax line keep base and rate (RULES C-075). Never edited once charged.

    :ivar list_minor: the price before the discount of `discount_bp`; none where no discount was given (RULES C-086)
    :ivar supplement_id: what it was bought with after the order was placed; none for the lines of the order itself
    """

    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        CheckConstraint(
            "(kind = 'insurance') = (base_minor IS NOT NULL AND rate_bp IS NOT NULL AND plan IS NOT NULL)",
            name="insurance_keeps_its_calculation",
        ),
        CheckConstraint(
            "kind <> 'insurance' OR amount_minor = (base_minor * rate_bp + 5000) / 10000", name="premium_half_up"
        ),
        CheckConstraint(
            "kind <> 'tax' OR (base_minor IS NOT NULL AND rate_bp IS NOT NULL "
            "AND amount_minor = (base_minor * rate_bp + 5000) / 10000)",
            name="tax_half_up",
        ),
        CheckConstraint("(list_minor IS NULL) = (discount_bp IS NULL)", name="discount_keeps_its_calculation"),
        CheckConstraint(
            "list_minor IS NULL OR amount_minor = list_minor - (list_minor * discount_bp + 5000) / 10000",
            name="discount_half_up",
        ),
        Index("ix_order_lines_order_id", "order_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    supplement_id: Mapped[int | None] = mapped_column(ForeignKey("supplements.id"), index=True)
    kind: Mapped[LineKind] = mapped_column(stored(LineKind, "kind"))
    sku: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    list_minor: Mapped[int | None] = mapped_column(BigInteger)
    discount_bp: Mapped[int | None]
    base_minor: Mapped[int | None] = mapped_column(BigInteger)
    rate_bp: Mapped[int | None]
    plan: Mapped[int | None]

    @property
    def amount(self) -> Money:
        """What the line costs."""
        return Money(self.amount_minor, self.currency)

    @property
    def listed(self) -> Money | None:
        """What the line would cost without its discount; none where it has none."""
        return None if self.list_minor is None else Money(self.list_minor, self.currency)


class CustomerMessage(Base):
    """A message that both sides read. Staff notes are another table and another form, so that none slips out."""

    __tablename__ = "customer_messages"
    __table_args__ = (Index("ix_customer_messages_order_id_id", "order_id", "id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    author: Mapped[Person] = relationship(lazy="raise_on_sql")
    body: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffNote(Base):
    """A note among the staff; never shown, sent or exported to a customer."""

    __tablename__ = "staff_notes"
    __table_args__ = (Index("ix_staff_notes_order_id_id", "order_id", "id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    author: Mapped[Person] = relationship(lazy="raise_on_sql")
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OrderPlacement(Base):
    """One press of the order button: the form's token and its order, so that a second press makes no other."""

    __tablename__ = "order_placements"
    __table_args__ = (UniqueConstraint("token", "person_id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    token: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
