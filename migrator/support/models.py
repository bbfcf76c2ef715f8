"""Tickets, what both sides read on them, and what only our people read."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, TextClause, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.accounts.models import Organisation, Person
from migrator.clock.deadline import Unit
from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored
from migrator.hosting.models import HostingInstance
from migrator.orders.models import Order
from migrator.policy.support import Firmness
from migrator.support.categories import Category, Channel, Desk, Team
from migrator.support.lifecycle import CloseCause, TicketState
from migrator.support.request_rules import Missing, Verdict
from migrator.support.rules import Asked, Promised, Rank

MOST_CLARIFICATIONS = 3
SUBJECT_LENGTH = 200
PROMISED = text("promise_at IS NOT NULL")
CLOSING = text("closes_at IS NOT NULL")
UNDATED = text("state = 'open' AND promise_at IS NULL")
WARNED = text("next_warning_at IS NOT NULL")


def _partial(name: str, *columns: str, where: TextClause) -> Index:
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class Side(StrEnum):
    """Who wrote a message."""

    CUSTOMER = "customer"
    STAFF = "staff"


class MessageKind(StrEnum):
    """What a message is: words, one of our three questions, or what an investigation found."""

    WRITTEN = "written"
    CLARIFICATION = "clarification"
    FINDING = "finding"


class Ticket(Base):
    """One request to a desk. There is no date by which it is solved, and there will be none (RULES M-019).

    Recorded facts: `opened_at`, `asked_at`, `first_response_at`, the frozen promise (`firmness` to `amber_amount`) and
    the closed days. Computed from them and kept for sorting, equal to the computed value at all times (RULES D-7):
    `respond_by_at` (the first answer), `promise_at` (the answer we owe next; empty while none is owed or promised) and
    `amber_at`.

    :ivar number: what people call it, such as `TIC-7F3K-2`
    :ivar policy_version: of the desk's policy that it was opened under (RULES D-1, M-005)
    :ivar organisation_id: none while we do not know who wrote (RULES C-026)
    :ivar contact_address: the e-mail address that an unknown sender wrote from; empty for people with an account
    :ivar needs_order: whether it must name its migration (RULES C-028)
    :ivar is_unclear: our people find that the description does not say what happens (RULES C-029)
    :ivar asked_at: when the first message came that nobody has answered yet; none while no answer is owed
    :ivar clarifying: the item that our last questions asked for; `clarifications` counts them until it is supplied
    :ivar closes_at: when it is closed by itself unless the customer writes (RULES C-031)
    :ivar rank: which comes first within a group of the list (RULES C-014, C-041)
    :ivar next_warning_at: when to warn the desk, once when amber and once when late
    :ivar guarantee_suspended_at: when our people said that the language stands in the way (RULES M-034)
    """

    __tablename__ = "tickets"
    __table_args__ = (
        CheckConstraint("subject <> ''", name="has_a_subject"),
        CheckConstraint(f"clarifications BETWEEN 0 AND {MOST_CLARIFICATIONS}", name="three_clarifications"),
        CheckConstraint("(clarifications > 0) = (clarifying IS NOT NULL)", name="a_clarification_names_its_item"),
        CheckConstraint(
            f"closes_at IS NULL OR clarifications = {MOST_CLARIFICATIONS}", name="closes_after_the_last_clarification"
        ),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_its_time"),
        CheckConstraint("(closed_at IS NULL) = (close_cause IS NULL)", name="closed_has_its_cause"),
        CheckConstraint("(closed_at IS NULL) = (reopen_until_at IS NULL)", name="closed_can_be_reopened"),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_names_the_other"),
        CheckConstraint(
            "organisation_id IS NOT NULL OR state NOT IN ('open', 'waiting_for_customer', 'answered')",
            name="worked_on_is_identified",
        ),
        CheckConstraint("organisation_id IS NOT NULL OR order_id IS NULL", name="orders_have_their_customer"),
        CheckConstraint("promise_at IS NULL OR asked_at IS NOT NULL", name="promised_to_somebody_who_asked"),
        CheckConstraint(
            "asked_at IS NULL OR state IN ('open', 'needs_identification')", name="an_answer_is_owed_on_our_turn"
        ),
        CheckConstraint("(amount > 0) = (calendar_key IS NOT NULL)", name="a_promise_has_its_calendar"),
        CheckConstraint("(amount > 0) = (firmness <> 'none')", name="a_promise_has_its_amount"),
        CheckConstraint("verdict IS NULL OR desk = 'hosting'", name="verdicts_are_the_hosting_desks"),
        CheckConstraint("verdict <> 'hosting' OR change_note <> ''", name="hosting_says_what_was_changed"),
        CheckConstraint("verdict <> 'not_hosting' OR recommendation <> ''", name="not_hosting_recommends"),
        CheckConstraint(
            "(guarantee_suspended_at IS NULL) = (guarantee_suspended_reason = '')", name="suspended_with_a_reason"
        ),
        Index("ix_tickets_organisation_id", "organisation_id", "id"),
        Index("ix_tickets_order_id", "order_id", "id"),
        Index("ix_tickets_state", "state", "state_since_at", "id"),
        Index("ix_tickets_assignee_state", "assignee_id", "state", "state_since_at", "id"),
        Index("ix_tickets_opened_at", "opened_at", "id"),
        _partial("ix_tickets_promised", "rank", "promise_at", "id", where=PROMISED),
        _partial("ix_tickets_assignee_promised", "assignee_id", "rank", "promise_at", "id", where=PROMISED),
        _partial("ix_tickets_undated", "state_since_at", "id", where=UNDATED),
        _partial("ix_tickets_calendar", "calendar_key", "promise_at", "id", where=PROMISED),
        _partial("ix_tickets_closing", "closes_at", "id", where=CLOSING),
        _partial("ix_tickets_warnings", "next_warning_at", "id", where=WARNED),
        Index("ix_tickets_merged_into_id", "merged_into_id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    desk: Mapped[Desk] = mapped_column(stored(Desk, "desk"))
    policy_version: Mapped[str] = mapped_column(String(20))
    category: Mapped[Category] = mapped_column(stored(Category, "category"))
    team: Mapped[Team] = mapped_column(stored(Team, "team"))
    channel: Mapped[Channel] = mapped_column(stored(Channel, "channel"))
    language: Mapped[str] = mapped_column(String(20), default="en")
    subject: Mapped[str] = mapped_column(String(SUBJECT_LENGTH))
    error_text: Mapped[str] = mapped_column(Text, default="")
    page_address: Mapped[str] = mapped_column(String(2_000), default="")
    expected: Mapped[str] = mapped_column(Text, default="")

    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    opened_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[opened_by_id])
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_address: Mapped[str] = mapped_column(String(254), default="")
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order | None] = relationship(lazy="raise_on_sql")
    hosting_instance_id: Mapped[int | None] = mapped_column(ForeignKey("hosting_instances.id"), index=True)
    hosting_instance: Mapped[HostingInstance | None] = relationship(lazy="raise_on_sql")
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    assignee: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[assignee_id])

    state: Mapped[TicketState] = mapped_column(stored(TicketState, "state"), default=TicketState.OPEN)
    state_since_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_response_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    firmness: Mapped[Firmness] = mapped_column(stored(Firmness, "firmness"))
    rule: Mapped[str] = mapped_column(String(20))
    calendar_key: Mapped[str | None] = mapped_column(ForeignKey("calendars.key"))
    unit: Mapped[Unit] = mapped_column(stored(Unit, "unit"), default=Unit.MINUTES)
    amount: Mapped[int] = mapped_column(default=0)
    amber_amount: Mapped[int] = mapped_column(default=0)
    rank: Mapped[int] = mapped_column(default=int(Rank.USUAL))

    respond_by_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    promise_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    amber_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_warning_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    needs_order: Mapped[bool] = mapped_column(default=False)
    is_unclear: Mapped[bool] = mapped_column(default=False)
    clarifying: Mapped[Missing | None] = mapped_column(stored(Missing, "clarifying"))
    clarifications: Mapped[int] = mapped_column(default=0)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    close_cause: Mapped[CloseCause | None] = mapped_column(stored(CloseCause, "close_cause"))
    reopen_until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))

    guarantee_suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    guarantee_suspended_reason: Mapped[str] = mapped_column(Text, default="")
    verdict: Mapped[Verdict | None] = mapped_column(stored(Verdict, "verdict"))
    change_note: Mapped[str] = mapped_column(Text, default="")
    recommendation: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's

    @property
    def promised(self) -> Promised:
        """What was promised about its answers."""
        return Promised(self.firmness, self.rule, self.calendar_key or "", self.unit, self.amount, self.amber_amount)

    @property
    def asked(self) -> Asked:
        """The facts that its dates follow from."""
        return Asked(self.opened_at, self.asked_at)


class TicketMessage(Base):
    """A message that both sides read: plain words, shown escaped. Notes are another table, so that none slips out.

    :ivar author_id: none for a sender that we do not know
    :ivar author_name: as it was at the time
    :ivar came_from_id: the request that it was written on, where that was joined with this one (RULES M-021)
    :ivar item: what a clarification asks for; `clarification` says which of the three it is (RULES C-030)
    """

    __tablename__ = "ticket_messages"
    __table_args__ = (
        CheckConstraint("(kind = 'clarification') = (item IS NOT NULL)", name="a_clarification_names_its_item"),
        CheckConstraint("(item IS NULL) = (clarification IS NULL)", name="a_clarification_has_its_count"),
        CheckConstraint(
            f"clarification IS NULL OR clarification BETWEEN 1 AND {MOST_CLARIFICATIONS}", name="three_clarifications"
        ),
        CheckConstraint("kind = 'written' OR side = 'staff'", name="questions_and_findings_are_ours"),
        Index("ix_ticket_messages_ticket_id", "ticket_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    ticket: Mapped[Ticket] = relationship(lazy="raise_on_sql", foreign_keys=[ticket_id])
    came_from_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    side: Mapped[Side] = mapped_column(stored(Side, "side"))
    kind: Mapped[MessageKind] = mapped_column(stored(MessageKind, "kind"), default=MessageKind.WRITTEN)
    channel: Mapped[Channel] = mapped_column(stored(Channel, "channel"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    author_name: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    item: Mapped[Missing | None] = mapped_column(stored(Missing, "item"))
    clarification: Mapped[int | None]
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TicketNote(Base):
    """A note among our people; never shown, sent or exported to a customer."""

    __tablename__ = "ticket_notes"
    __table_args__ = (Index("ix_ticket_notes_ticket_id", "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    author: Mapped[Person] = relationship(lazy="raise_on_sql")
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TicketAttachment(Base):
    """A file that came with a message. Its bytes lie in the instance folder under `key`, outside all that is served.

    :ivar key: at random; the name that people gave is only ever shown
    """

    __tablename__ = "ticket_attachments"
    __table_args__ = (
        CheckConstraint("size > 0", name="not_empty"),
        Index("ix_ticket_attachments_ticket_id", "ticket_id", "id"),
        Index("ix_ticket_attachments_message_id", "message_id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("ticket_messages.id"))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    file_name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TicketWatcher(Base):
    """Somebody who is told of every message on a ticket: who opened it, and colleagues who have written on it."""

    __tablename__ = "ticket_watchers"
    __table_args__ = (UniqueConstraint("ticket_id", "person_id"), Index("ix_ticket_watchers_person_id", "person_id"))

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    since_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TicketOpening(Base):
    """One press of the send button: the form's token and its ticket, so that a second press makes no other."""

    __tablename__ = "ticket_openings"
    __table_args__ = (UniqueConstraint("token", "person_id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    token: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
