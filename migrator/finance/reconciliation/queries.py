"""Questions about what the provider says and what does not fit; each loads all that its page needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, exists, func, literal_column, or_, select
from sqlalchemy.orm import Session, joinedload

from migrator.accounts.models import Person
from migrator.errors import NotFound
from migrator.finance.reconciliation.expectations import TRANSACTIONS
from migrator.finance.reconciliation.lifecycle import (
    Code,
    DiscrepancyState,
    ImportState,
    MatchRule,
    RunKind,
    RunState,
    Severity,
)
from migrator.finance.reconciliation.models import ProviderCursor, ProviderPayout, ProviderTransaction, StatementImport
from migrator.finance.reconciliation.pulling import ASKED
from migrator.finance.reconciliation.run_models import (
    Discrepancy,
    DiscrepancyComment,
    Match,
    Proposal,
    ReconciliationRun,
)
from migrator.history.actor import Role
from migrator.money import Money
from migrator.orders.models import Order
from migrator.payments.models import Payment, PaymentException

PAGE = 50
OWN = ("payout", "payout_reversal")
WITH_PEOPLE = tuple(
    joinedload(one) for one in (Discrepancy.order, Discrepancy.owner, Discrepancy.resolved_by, Discrepancy.approved_by)
)
Row = TypeVar("Row")


def run_under_way(session: Session) -> int | None:
    """This will return the run that is under way, or none."""
    return session.scalar(select(ReconciliationRun.id).where(ReconciliationRun.state == RunState.RUNNING))


def last_run(session: Session) -> ReconciliationRun | None:
    """This will return the last run that was finished, or none."""
    finished = ReconciliationRun.state == RunState.DONE
    return session.scalar(select(ReconciliationRun).where(finished).order_by(ReconciliationRun.id.desc()).limit(1))


def is_look_due(session: Session) -> bool:
    """This will tell whether there is something to look at since the last finished run.

    A movement, money that does not fit its order, or somebody who asks for it.
    """
    last, asked = last_run(session), session.get(ProviderCursor, ASKED)
    if asked and (last is None or asked.through_at > last.started_at):
        return True
    looked_at = last.cursors if last else {}
    new = exists().where(ProviderTransaction.id > looked_at.get("transactions_through", 0))
    unfit = exists().where(
        PaymentException.payment_id > looked_at.get("payments_through", 0), PaymentException.resolved_at.is_(None)
    )
    return bool(session.scalar(select(or_(new, unfit))))


def last_audit_at(session: Session) -> datetime | None:
    """This will return when the last run of everything began, or none."""
    newest = select(func.max(ReconciliationRun.started_at))
    return session.scalar(newest.where(ReconciliationRun.kind == RunKind.FULL))


def last_pull_at(session: Session) -> datetime | None:
    """This will return when the provider was asked last, or none."""
    pulled = session.get(ProviderCursor, TRANSACTIONS)
    return pulled.pulled_at if pulled else None


def imports_under_way(session: Session) -> Sequence[tuple[int, str]]:
    """This will return the files that are being read, with their fingerprints, the first sent first."""
    wanted = select(StatementImport.id, StatementImport.sha256).where(StatementImport.state == ImportState.READING)
    return session.execute(wanted.order_by(StatementImport.id)).all()


def discrepancy_of(session: Session, discrepancy_id: int, *, for_update: bool = False) -> Discrepancy:
    """This will return one discrepancy with all that its page shows.

    :raises NotFound: where there is none
    """
    wanted = select(Discrepancy).where(Discrepancy.id == discrepancy_id)
    wanted = wanted.with_for_update(of=Discrepancy) if for_update else wanted.options(*WITH_PEOPLE)
    return _found(session.scalar(wanted), "There is no such exception.")


def comments_of(session: Session, discrepancy_id: int) -> Sequence[DiscrepancyComment]:
    """This will return what was written beside a discrepancy, the first first."""
    return session.scalars(
        select(DiscrepancyComment)
        .where(DiscrepancyComment.discrepancy_id == discrepancy_id)
        .order_by(DiscrepancyComment.id)
        .options(joinedload(DiscrepancyComment.author))
    ).all()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which discrepancies a list shows; what is none is not asked for.

    :ivar waits: whether only those that wait for a second person
    """

    state: DiscrepancyState | None = DiscrepancyState.OPEN
    severity: Severity | None = None
    code: Code | None = None
    owner_id: int | None = None
    waits: bool = False

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """This will return what a row has to fulfil."""
        if self.state:
            # Written out, because a partial index is used only where the database can read the condition.
            yield Discrepancy.state == literal_column(f"'{self.state.value}'")
        if self.severity:
            yield Discrepancy.severity == self.severity
        if self.code:
            yield Discrepancy.code == self.code
        if self.owner_id:
            yield Discrepancy.owner_id == self.owner_id
        if self.waits:
            yield Discrepancy.proposed_state.is_not(None)


def discrepancies(session: Session, wanted: Wanted, *, after_id: int | None = None) -> Sequence[Discrepancy]:
    """This will return discrepancies, the most severe first, then the most money; one more than a page if there are.

    :param after_id: the one that the page before ended with
    """
    asked = select(Discrepancy).where(*wanted.conditions()).options(*WITH_PEOPLE)
    last = session.get(Discrepancy, after_id) if after_id else None
    if last:
        less = or_(
            Discrepancy.amount_minor < last.amount_minor,
            and_(Discrepancy.amount_minor == last.amount_minor, Discrepancy.id > last.id),
        )
        asked = asked.where(or_(Discrepancy.rank > last.rank, and_(Discrepancy.rank == last.rank, less)))
    order = Discrepancy.rank, Discrepancy.amount_minor.desc(), Discrepancy.id
    return session.scalars(asked.order_by(*order).limit(PAGE + 1)).all()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many are open of one code, and how much money is in question in one currency."""

    code: Code
    severity: Severity
    count: int
    amount: Money


def open_tallies(session: Session) -> tuple[Tally, ...]:
    """This will count what is open, the most severe codes first."""
    rows = session.execute(
        select(
            Discrepancy.code,
            Discrepancy.severity,
            Discrepancy.currency,
            func.count(),
            func.sum(Discrepancy.amount_minor),
        )
        .where(Discrepancy.state == literal_column("'open'"))
        .group_by(Discrepancy.rank, Discrepancy.code, Discrepancy.severity, Discrepancy.currency)
        .order_by(Discrepancy.rank, Discrepancy.code, Discrepancy.currency)
    )
    return tuple(
        Tally(code, severity, count, Money(int(sum_), currency)) for code, severity, currency, count, sum_ in rows
    )


def open_blocking(session: Session, *, since: datetime | None = None, until: datetime | None = None) -> int:
    """This will count the open exceptions that keep a month from being locked, by when they happened."""
    wanted = [Discrepancy.state == literal_column("'open'"), Discrepancy.severity == Severity.BLOCKING]
    wanted += [Discrepancy.happened_at >= since] if since else []
    wanted += [Discrepancy.happened_at < until] if until else []
    return session.scalar(select(func.count()).select_from(Discrepancy).where(*wanted)) or 0


def proposals_waiting(session: Session) -> Sequence[Proposal]:
    """This will return the matches that wait for a person, the oldest first; one more than a page if there are."""
    return session.scalars(
        select(Proposal)
        .where(Proposal.state == literal_column("'open'"))
        .order_by(Proposal.id)
        .limit(PAGE + 1)
        .options(joinedload(Proposal.transaction), joinedload(Proposal.payment).joinedload(Payment.attempt))
    ).all()


def proposal_of(session: Session, proposal_id: int) -> Proposal:
    """This will return a proposal, held.

    :raises NotFound: where there is none
    """
    return _found(session.get(Proposal, proposal_id, with_for_update=True), "There is no such proposal.")


def runs(session: Session, *, limit: int) -> Sequence[ReconciliationRun]:
    """This will return the latest runs, the newest first."""
    newest = select(ReconciliationRun).order_by(ReconciliationRun.id.desc()).limit(limit)
    return session.scalars(newest.options(joinedload(ReconciliationRun.started_by))).all()


def run_of(session: Session, run_id: int) -> ReconciliationRun:
    """This will return a run, held.

    :raises NotFound: where there is none
    """
    return _found(session.get(ReconciliationRun, run_id, with_for_update=True), "There is no such run.")


def imports(session: Session, *, limit: int) -> Sequence[StatementImport]:
    """This will return the latest files, the newest first."""
    newest = select(StatementImport).order_by(StatementImport.id.desc()).limit(limit)
    return session.scalars(newest.options(joinedload(StatementImport.imported_by))).all()


def import_of(session: Session, import_id: int, *, for_update: bool = False) -> StatementImport:
    """This will return a file's import.

    :raises NotFound: where there is none
    """
    wanted = select(StatementImport).where(StatementImport.id == import_id)
    people = joinedload(StatementImport.imported_by)
    wanted = wanted.with_for_update() if for_update else wanted.options(people)
    return _found(session.scalar(wanted), "There is no such import.")


def payouts(session: Session, *, before: tuple[datetime, int] | None = None) -> Sequence[ProviderPayout]:
    """This will return payouts, the newest first; one more than a page where there are more.

    :param before: moment and row of the payout that the page before ended with
    """
    wanted = select(ProviderPayout)
    if before:
        at, row_id = before
        earlier = ProviderPayout.created_at < at
        wanted = wanted.where(or_(earlier, and_(ProviderPayout.created_at == at, ProviderPayout.id < row_id)))
    return session.scalars(
        wanted.order_by(ProviderPayout.created_at.desc(), ProviderPayout.id.desc()).limit(PAGE + 1)
    ).all()


def payout_of(session: Session, payout_id: int, *, for_update: bool = False) -> ProviderPayout:
    """This will return a payout.

    :raises NotFound: where there is none
    """
    found = session.get(ProviderPayout, payout_id, with_for_update=True if for_update else None)
    return _found(found, "There is no such payout.")


@dataclass(frozen=True, slots=True)
class Part:
    """The movements of one category in a payout: how many, and what they come to."""

    category: str
    count: int
    gross: Money
    fee: Money
    net: Money


def parts_of(session: Session, payout: ProviderPayout) -> tuple[Part, ...]:
    """This will add up a payout's movements by their category, without the payout's own."""
    rows = session.execute(
        select(
            ProviderTransaction.reporting_category,
            func.count(),
            func.sum(ProviderTransaction.gross_minor),
            func.sum(ProviderTransaction.fee_minor),
            func.sum(ProviderTransaction.net_minor),
        )
        .where(ProviderTransaction.payout_id == payout.id, ProviderTransaction.reporting_category.not_in(OWN))
        .group_by(ProviderTransaction.reporting_category)
        .order_by(ProviderTransaction.reporting_category)
    )
    currency = payout.currency
    return tuple(
        Part(category, count, *(Money(int(value), currency) for value in (gross, fee, net)))
        for category, count, gross, fee, net in rows
    )


def movements_of(
    session: Session, payout_id: int, *, after_id: int = 0
) -> Sequence[tuple[ProviderTransaction, MatchRule | None, str | None]]:
    """This will return a payout's movements with the rule that matched each and its order; one more than a page."""
    return session.execute(
        select(ProviderTransaction, Match.rule, Order.number)
        .outerjoin(Match, Match.transaction_id == ProviderTransaction.id)
        .outerjoin(Payment, Payment.id == Match.payment_id)
        .outerjoin(Order, Order.id == Payment.order_id)
        .where(
            ProviderTransaction.payout_id == payout_id,
            ProviderTransaction.id > after_id,
            ProviderTransaction.reporting_category.not_in(OWN),
        )
        .order_by(ProviderTransaction.id)
        .limit(PAGE + 1)
    ).all()


def discrepancies_of_payout(session: Session, payout: ProviderPayout) -> Sequence[Discrepancy]:
    """This will return what is open about a payout or one of its movements, the most severe first."""
    inside = select(ProviderTransaction.id).where(ProviderTransaction.payout_id == payout.id)
    about = or_(Discrepancy.payout_id == payout.id, Discrepancy.transaction_id.in_(inside))
    order = Discrepancy.rank, Discrepancy.amount_minor.desc(), Discrepancy.id
    asked = select(Discrepancy).where(Discrepancy.state == literal_column("'open'"), about).order_by(*order)
    return session.scalars(asked.limit(PAGE).options(*WITH_PEOPLE)).all()


def people_of_finance(session: Session) -> Sequence[Person]:
    """This will return who may look after what does not fit."""
    roles = Person.role.in_((Role.FINANCE, Role.ADMINISTRATOR))
    return session.scalars(select(Person).where(roles, Person.active).order_by(Person.name, Person.id)).all()


def _found(row: Row | None, sentence: str) -> Row:
    if row is None:
        raise NotFound(sentence)
    return row
