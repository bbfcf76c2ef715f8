"""Questions about recounts and moves, and the orders that a change of the calendar can reach, read in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from migrator.clock.pauses import Pause
from migrator.errors import NotFound
from migrator.fulfilment.closures.models import ACTIVE, Move, Recount, RecountState
from migrator.fulfilment.closures.rules import Cover, Standing
from migrator.fulfilment.models import PauseRow
from migrator.fulfilment.rules import Dates, Facts
from migrator.fulfilment.windows.models import Window, WindowKind
from migrator.orders.models import Order
from migrator.orders.terms import terms_from

ORDER_COLUMNS = (
    Order.id, Order.version, Order.state, Order.terms_document, Order.placed_at, Order.submitted_at,
    Order.resubmitted_at, Order.verified_at, Order.agreed_at, Order.proposed_at, Order.delivered_at,
    Order.check_by_at, Order.agree_by_at, Order.due_at, Order.promise_at,
)  # fmt: skip
UNDER_WAY = (RecountState.COUNTING, RecountState.TELLING)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many open promises move by how many working days, and how many orders move without concerning anybody."""

    by_days: tuple[tuple[int, int], ...]
    silent: int
    late_at_once: int

    @property
    def moving(self) -> int:
        """How many orders with an open promise move."""
        return sum(count for _, count in self.by_days)


def in_reach(calendar_key: str, since: datetime) -> tuple[ColumnElement[bool], ...]:
    """This will say which orders can move when days change from `since` on: no date up to it depends on them."""
    covered = exists().where(Window.order_id == Order.id, Window.kind == WindowKind.INSURANCE, Window.ends_at > since)
    dated = or_(Order.due_at > since, Order.check_by_at > since, Order.agree_by_at > since, covered)
    return Order.calendar_key == calendar_key, dated


def standings(
    session: Session,
    reach: tuple[ColumnElement[bool], ...],
    *,
    after_id: int,
    limit: int,
    uncounted_by: int | None = None,
) -> list[Standing]:
    """This will read the next orders in reach, in order of their ids, in three queries.

    :param uncounted_by: leave out those that this recount moves already
    """
    wanted = select(*ORDER_COLUMNS).where(Order.id > after_id, *reach)
    if uncounted_by is not None:
        wanted = wanted.where(~exists().where(Move.recount_id == uncounted_by, Move.order_id == Order.id))
    rows = session.execute(wanted.order_by(Order.id).limit(limit)).all()
    ids = [row.id for row in rows]
    pauses, covers = _pauses(session, ids), _covers(session, ids)
    return [_standing(row, tuple(pauses[row.id]), covers.get(row.id)) for row in rows]


def recount_of(session: Session, recount_id: int) -> Recount:
    """This will return a recount with its closure, held until the transaction ends.

    :raises NotFound: when there is none
    """
    wanted = select(Recount).where(Recount.id == recount_id).options(joinedload(Recount.closure, innerjoin=True))
    recount = session.scalar(wanted.with_for_update(of=Recount).execution_options(populate_existing=True))
    if recount is None:
        raise NotFound("There is no such count.")
    return recount


def newest_recounts(session: Session, closure_ids: Sequence[int]) -> dict[int, Recount]:
    """This will return the newest recount of each closure that has one."""
    newest = select(func.max(Recount.id)).where(Recount.closure_id.in_(closure_ids)).group_by(Recount.closure_id)
    return {found.closure_id: found for found in session.scalars(select(Recount).where(Recount.id.in_(newest)))}


def active_recount(session: Session, closure_id: int) -> Recount | None:
    """This will return the recount of a closure that has not ended, held until the transaction ends."""
    return session.scalar(select(Recount).where(Recount.closure_id == closure_id, ACTIVE).with_for_update())


def recounts_under_way(session: Session) -> list[tuple[int, RecountState]]:
    """This will return what the worker has to go on with, the oldest first."""
    wanted = select(Recount.id, Recount.state).where(ACTIVE, Recount.state.in_(UNDER_WAY)).order_by(Recount.id)
    return [(row.id, row.state) for row in session.execute(wanted)]


def tally(session: Session, recount_id: int, *, now: datetime) -> Tally:
    """This will count what a recount found."""
    days, count = Move.moved_business_days, func.count()
    late = func.count().filter(Move.is_open, Move.promise_at <= now, Move.old_due_at > now)
    wanted = select(Move.is_open, days, count, late).where(Move.recount_id == recount_id).group_by(Move.is_open, days)
    rows = [tuple(row) for row in session.execute(wanted)]
    return Tally(
        by_days=tuple(sorted((by, found) for is_open, by, found, _ in rows if is_open)),
        silent=sum(found for is_open, _, found, _ in rows if not is_open),
        late_at_once=sum(at_once for *_, at_once in rows),
    )


def open_moves(session: Session, recount_id: int, *, after_id: int = 0, limit: int) -> Sequence[Row[Move, Order]]:
    """This will return moves of open promises with their orders, by order; one more than `limit` if there are more."""
    wanted = (
        select(Move, Order)
        .join(Order, Order.id == Move.order_id)
        .where(Move.recount_id == recount_id, Move.order_id > after_id, Move.is_open)
        .options(joinedload(Order.organisation, innerjoin=True))
    )
    return session.execute(wanted.order_by(Move.order_id).limit(limit + 1)).all()


def _pauses(session: Session, ids: Sequence[int]) -> dict[int, list[Pause]]:
    found: dict[int, list[Pause]] = defaultdict(list)
    wanted = select(PauseRow.order_id, PauseRow.started_at, PauseRow.ended_at).where(PauseRow.order_id.in_(ids))
    for order_id, started_at, ended_at in session.execute(wanted.order_by(PauseRow.order_id, PauseRow.started_at)):
        found[order_id].append(Pause(started_at, ended_at))
    return found


def _covers(session: Session, ids: Sequence[int]) -> dict[int, Cover]:
    columns = Window.order_id, Window.opened_at, Window.ends_at, Window.extended_to_at, Window.closed_at
    wanted = select(*columns).where(Window.order_id.in_(ids), Window.kind == WindowKind.INSURANCE).order_by(Window.id)
    return {
        row.order_id: Cover(row.opened_at, row.ends_at, row.extended_to_at, is_open=row.closed_at is None)
        for row in session.execute(wanted)
    }


def _standing(row: Row[Any], pauses: tuple[Pause, ...], cover: Cover | None) -> Standing:
    facts = Facts(
        state=row.state,
        terms=terms_from(row.terms_document),
        placed_at=row.placed_at,
        submitted_at=row.submitted_at,
        verified_at=row.verified_at,
        agreed_at=row.agreed_at,
        proposed_at=row.proposed_at,
        pauses=pauses,
        resubmitted_at=row.resubmitted_at,
        delivered_at=row.delivered_at,
    )
    dates = Dates(row.check_by_at, row.agree_by_at, row.due_at, row.promise_at)
    return Standing(row.id, row.version, facts, dates, cover)
