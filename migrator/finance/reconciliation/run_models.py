"""What a run finds: which movement belongs to what, what may belong together, and what does not fit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from migrator.accounts.models import Person
from migrator.database.base import Base, Identity
from migrator.database.types import Document, UtcDateTime, one_of, stored
from migrator.finance.reconciliation.lifecycle import (
    Code,
    DiscrepancyState,
    MatchedKind,
    MatchRule,
    ProposalState,
    RunKind,
    RunState,
    Severity,
    Subject,
)
from migrator.finance.reconciliation.models import ProviderTransaction
from migrator.money import Money
from migrator.orders.models import Order
from migrator.payments.models import Payment

RUNNING = text("state = 'running'")
OPEN = text("state = 'open'")


class ReconciliationRun(Base):
    """One look at everything, or at what is new. Its steps are kept one by one, so that it can stop between any two.

    :ivar total: how many steps it has; `done` of them are kept, the next one begins there
    :ivar cursors: the last row of each table that it looks at; the next look at what is new begins after them
    :ivar figures: what it counted, as the page shows it
    """

    __tablename__ = "reconciliation_runs"
    __table_args__ = (
        CheckConstraint("done >= 0 AND done <= total", name="done_within_all"),
        CheckConstraint("(state IN ('done', 'failed')) = (finished_at IS NOT NULL)", name="finished_has_its_time"),
        Index("uq_reconciliation_runs_running", "state", unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    kind: Mapped[RunKind] = mapped_column(stored(RunKind, "kind"))
    state: Mapped[RunState] = mapped_column(stored(RunState, "state"), default=RunState.RUNNING)
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    started_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    cursors: Mapped[dict[str, int]] = mapped_column(Document, default=dict)
    figures: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    problem: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's


class Match(Base):
    """What a movement at the provider belongs to, and why; one for each movement.

    What it names exists: triggers hold that for all matches of a statement at once, where a foreign key would look at
    each by itself, and nothing of it is ever deleted.

    :ivar kind: what the movement is: its category without the provider's finer words
    :ivar inputs: the values that the rule compared
    :ivar confirmed_by_id: who confirmed it, where it was proposed
    """

    __tablename__ = "matches"
    __table_args__ = (
        one_of("kind", MatchedKind),
        one_of("rule", MatchRule),
        CheckConstraint("payment_id IS NOT NULL OR payout_id IS NOT NULL", name="belongs_to_something"),
        CheckConstraint("(rule = 'confirmed') = (confirmed_by_id IS NOT NULL)", name="confirmed_by_somebody"),
        Index("ix_matches_payment_id", "payment_id", "kind"),
    )

    transaction_id: Mapped[int] = mapped_column(Identity, primary_key=True, autoincrement=False)
    transaction: Mapped[ProviderTransaction] = relationship(
        lazy="raise_on_sql", primaryjoin=lambda: foreign(Match.transaction_id) == ProviderTransaction.id
    )
    kind: Mapped[MatchedKind] = mapped_column(stored(MatchedKind))
    payment_id: Mapped[int | None] = mapped_column(Identity)
    payment: Mapped[Payment | None] = relationship(
        lazy="raise_on_sql", primaryjoin=lambda: foreign(Match.payment_id) == Payment.id
    )
    refund_id: Mapped[int | None] = mapped_column(Identity)
    dispute_id: Mapped[int | None] = mapped_column(Identity)
    payout_id: Mapped[int | None] = mapped_column(Identity)
    rule: Mapped[MatchRule] = mapped_column(stored(MatchRule))
    inputs: Mapped[dict[str, Any]] = mapped_column(Document)
    run_id: Mapped[int] = mapped_column(Identity)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    confirmed_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")


class Proposal(Base):
    """A movement and a payment that fit each other and nothing else; a person decides, and is asked once.

    :ivar inputs: amount, customer and both instants, as they were compared
    """

    __tablename__ = "match_proposals"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('confirmed', 'rejected')) = (decided_by_id IS NOT NULL)", name="decided_by_somebody"
        ),
        Index("uq_match_proposals_pair", "transaction_id", "payment_id", unique=True),
        Index("ix_match_proposals_open", "id", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    transaction_id: Mapped[int] = mapped_column(ForeignKey("provider_transactions.id"))
    transaction: Mapped[ProviderTransaction] = relationship(lazy="raise_on_sql")
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"))
    payment: Mapped[Payment] = relationship(lazy="raise_on_sql")
    state: Mapped[ProposalState] = mapped_column(stored(ProposalState, "state"), default=ProposalState.OPEN)
    inputs: Mapped[dict[str, Any]] = mapped_column(Document)
    run_id: Mapped[int] = mapped_column(ForeignKey("reconciliation_runs.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's


class Found:
    """The columns of what does not fit, as a step of a run finds it.

    :ivar fingerprint: the code and what it is about; the same thing found again is the same row
    :ivar subject: what it is about, in a few words, such as an order's number or a payout
    :ivar amount_minor: how much money is in question; never negative
    :ivar happened_at: when the money moved, or when what is missing was due
    """

    code: Mapped[Code] = mapped_column(stored(Code, "code"))
    fingerprint: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(160), default="")
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"))
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refunds.id"))
    transaction_id: Mapped[int | None] = mapped_column(ForeignKey("provider_transactions.id"))
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("covers.id"))
    payout_id: Mapped[int | None] = mapped_column(ForeignKey("provider_payouts.id"))
    evidence: Mapped[dict[str, Any]] = mapped_column(Document)


class Finding(Found, Base):
    """What a run that is under way has found so far; it counts only when the run has finished."""

    __tablename__ = "reconciliation_findings"

    run_id: Mapped[int] = mapped_column(ForeignKey("reconciliation_runs.id"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(120), primary_key=True)


class RunScope(Base):
    """An order, movement or payout that a look at what is new has to look at; a full run needs none."""

    __tablename__ = "reconciliation_scopes"

    run_id: Mapped[int] = mapped_column(ForeignKey("reconciliation_runs.id"), primary_key=True)
    subject: Mapped[Subject] = mapped_column(stored(Subject, "subject"), primary_key=True)
    row_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)


class Discrepancy(Found, Base):
    """Something that does not fit, until it no longer holds or somebody has decided on it.

    :ivar owner_id: who looks after it
    :ivar proposed_state: what somebody has decided, above the limit, until a second person agrees
    :ivar reason: why it was resolved or waived; of one that a run closed, which run and that it no longer holds
    :ivar waived_minor: the amount that was waived; another one opens it again
    :ivar closed_by_run_id: the run that no longer found it
    """

    __tablename__ = "discrepancies"
    __table_args__ = (
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        CheckConstraint("state = 'open' OR reason <> ''", name="closed_says_why"),
        CheckConstraint("(state = 'waived') = (waived_minor IS NOT NULL)", name="waived_keeps_its_amount"),
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> resolved_by_id", name="two_people"),
        CheckConstraint(
            "proposed_state IS NULL OR (state = 'open' AND resolved_by_id IS NOT NULL)", name="proposed_by_somebody"
        ),
        Index("uq_discrepancies_fingerprint", "fingerprint", unique=True),
        Index("ix_discrepancies_open", "rank", "amount_minor", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_discrepancies_order_id", "order_id", "id"),
        Index("ix_discrepancies_payout_id", "payout_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    severity: Mapped[Severity] = mapped_column(stored(Severity, "severity"))
    rank: Mapped[int]
    order: Mapped[Order | None] = relationship(lazy="raise_on_sql")
    state: Mapped[DiscrepancyState] = mapped_column(stored(DiscrepancyState, "state"), default=DiscrepancyState.OPEN)
    proposed_state: Mapped[DiscrepancyState | None] = mapped_column(stored(DiscrepancyState, "proposed_state"))
    reason: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    owner: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[owner_id])
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    resolved_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[resolved_by_id])
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    approved_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[approved_by_id])
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_run_id: Mapped[int | None] = mapped_column(ForeignKey("reconciliation_runs.id"))
    waived_minor: Mapped[int | None] = mapped_column(BigInteger)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_run_id: Mapped[int | None] = mapped_column(ForeignKey("reconciliation_runs.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's

    @property
    def amount(self) -> Money:
        """How much money is in question."""
        return Money(self.amount_minor, self.currency)


class DiscrepancyComment(Base):
    """What somebody wrote beside a discrepancy, or a run that closed or opened it; never changed."""

    __tablename__ = "discrepancy_comments"
    __table_args__ = (
        CheckConstraint("(author_id IS NULL) = (run_id IS NOT NULL)", name="written_by_one"),
        Index("ix_discrepancy_comments_discrepancy_id", "discrepancy_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    discrepancy_id: Mapped[int] = mapped_column(ForeignKey("discrepancies.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    author: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    run_id: Mapped[int | None] = mapped_column(ForeignKey("reconciliation_runs.id"))
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
