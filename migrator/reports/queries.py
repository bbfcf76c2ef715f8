"""What reports ask: each question is one aggregate along an index, whatever else the tables hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.calendars.queries import calendars
from migrator.clock.deadline import elapsed
from migrator.database.types import UtcDateTime
from migrator.fulfilment.models import PauseReason, PauseRow
from migrator.orders.models import OURS, Order
from migrator.policy.support import Firmness
from migrator.reports.measures import seconds_between, utc_hour
from migrator.reports.rules import Kept, Period, Typical, typical
from migrator.support.categories import Category, Desk
from migrator.support.lifecycle import TicketState
from migrator.support.models import Ticket

NOBODY = "Nobody yet"


@dataclass(frozen=True, slots=True)
class Demand:
    """How many tickets of a category came to a desk in one hour, which is given in UTC as `2026-11-24 09`."""

    desk: Desk
    category: Category
    hour: str
    tickets: int


@dataclass(frozen=True, slots=True)
class KeptBy:
    """Answers of a desk that somebody was to give, by how firmly they were promised (RULES M-043)."""

    desk: Desk
    person: str
    firmness: Firmness
    kept: Kept


def demand(session: Session, period: Period) -> Sequence[Demand]:
    """This will return the tickets that came, by desk, category and hour (RULES C-003)."""
    hour = utc_hour(Ticket.opened_at)
    wanted = select(Ticket.desk, Ticket.category, hour, func.count()).where(*_opened_in(period))
    found = session.execute(wanted.group_by(Ticket.desk, Ticket.category, hour)).all()
    return [Demand(Desk(desk), Category(category), at, count) for desk, category, at, count in found]


def first_answers(session: Session, period: Period) -> dict[Desk, Typical]:
    """This will return the typical time to the first answer of each desk, for tickets that came in the period."""
    taken = seconds_between(Ticket.opened_at, Ticket.first_response_at)
    ranked = (
        select(
            Ticket.desk.label("desk"),
            taken.label("seconds"),
            func.row_number().over(partition_by=Ticket.desk, order_by=taken).label("place"),
            func.count().over(partition_by=Ticket.desk).label("samples"),
        )
        .where(*_opened_in(period), Ticket.first_response_at.is_not(None))
        .subquery()
    )
    middle = ranked.c.place == (ranked.c.samples + 1) // 2
    found = session.execute(select(ranked.c.desk, ranked.c.seconds, ranked.c.samples).where(middle))
    return {Desk(desk): Typical(seconds, samples) for desk, seconds, samples in found}


def kept_answers(session: Session, period: Period, *, now: datetime) -> Sequence[KeptBy]:
    """This will return by desk, person and firmness how many first answers came in time and how many did not.

    What is not due yet is neither; what was closed before it was due is neither.
    """
    in_time = Ticket.first_response_at <= Ticket.respond_by_at
    closed_before = and_(Ticket.closed_at.is_not(None), Ticket.closed_at <= Ticket.respond_by_at)
    overdue = and_(Ticket.first_response_at.is_(None), Ticket.respond_by_at < now, ~func.coalesce(closed_before, False))
    late = or_(Ticket.first_response_at > Ticket.respond_by_at, overdue)
    wanted = (
        select(Ticket.desk, Person.name, Ticket.firmness, _sum_of(in_time), _sum_of(late))
        .outerjoin(Person, Person.id == Ticket.assignee_id)
        .where(*_opened_in(period), Ticket.respond_by_at.is_not(None), Ticket.state != TicketState.MERGED)
        .group_by(Ticket.desk, Person.id, Person.name, Ticket.firmness)
        .order_by(Ticket.desk, Person.name)
    )
    return [
        KeptBy(Desk(desk), name or NOBODY, Firmness(firmness), Kept(kept, broken))
        for desk, name, firmness, kept, broken in session.execute(wanted)
    ]


def kept_deliveries(session: Session, period: Period, *, now: datetime) -> dict[str, Kept]:
    """This will return by account manager how many orders were delivered in time, and how many late or not at all.

    Counted are those delivered in the period, and those on our turn that came due in it and are late (RULES X-09).
    """
    delivered = and_(Order.delivered_at >= period.begins_at, Order.delivered_at < period.ends_at)
    came_due = and_(Order.due_at >= period.begins_at, Order.due_at < min(period.ends_at, now))
    found: dict[str, Kept] = defaultdict(Kept)
    for where, in_time in (
        (delivered, Order.delivered_at <= Order.due_at),
        (and_(came_due, Order.delivered_at.is_(None), OURS), Order.due_at.is_(None)),
    ):
        wanted = (
            select(Person.name, _sum_of(in_time), _sum_of(~in_time))
            .select_from(Order)
            .outerjoin(Person, Person.id == Order.account_manager_id)
            .where(where, Order.due_at.is_not(None))
            .group_by(Person.id, Person.name)
            .order_by(Person.name)
        )
        for name, kept, broken in session.execute(wanted):
            found[name or NOBODY] += Kept(kept, broken)
    return dict(found)


def paused_seconds(session: Session, period: Period, *, now: datetime) -> dict[PauseReason, int]:
    """This will return for how long deliveries waited inside the period, by what they waited for."""
    until = min(period.ends_at, now)
    first, last = literal(period.begins_at, UtcDateTime), literal(until, UtcDateTime)
    begin = case((PauseRow.started_at < first, first), else_=PauseRow.started_at)
    end = case((or_(PauseRow.ended_at.is_(None), PauseRow.ended_at > last), last), else_=PauseRow.ended_at)
    wanted = (
        select(PauseRow.reason, func.sum(seconds_between(begin, end)))
        .where(
            or_(PauseRow.ended_at.is_(None), PauseRow.ended_at > period.begins_at),
            PauseRow.started_at < until,
        )
        .group_by(PauseRow.reason)
    )
    return {PauseReason(reason): int(seconds) for reason, seconds in session.execute(wanted)}


def access_checks(session: Session, period: Period) -> Typical:
    """This will return the typical working time from access details sent to found right (RULES C-043)."""
    wanted = select(Order.calendar_key, Order.submitted_at, Order.verified_at).where(
        Order.verified_at >= period.begins_at, Order.verified_at < period.ends_at, Order.submitted_at.is_not(None)
    )
    known = calendars(session)
    return typical(
        elapsed(known[key], sent_at, verified_at)
        for key, sent_at, verified_at in session.execute(wanted)
        if sent_at and verified_at and sent_at <= verified_at
    )


def _opened_in(period: Period) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Ticket.opened_at >= period.begins_at, Ticket.opened_at < period.ends_at


def _sum_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
