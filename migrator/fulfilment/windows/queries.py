"""Questions about windows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, joinedload

from migrator.fulfilment.changes.models import ChangeKind, ChangeRequest
from migrator.fulfilment.changes.queries import AFTER_THE_RUN
from migrator.fulfilment.runs.models import Run, RunState
from migrator.fulfilment.runs.queries import ACTIVE_STATES
from migrator.fulfilment.windows.completion import CompletionFacts, RequestFact, WindowFact
from migrator.fulfilment.windows.models import Window, WindowKind
from migrator.fulfilment.windows.views import OpenWindow, Standing
from migrator.orders.models import Order


@dataclass(frozen=True, slots=True)
class AfterRun:
    """What stands after the full migration.

    :ivar windows: all windows, ended ones too, the earliest first, each with its run
    :ivar has_problem: whether we owe an answer to a problem that was reported
    :ivar active: the state of a requested or running run; none without one
    """

    windows: tuple[Window, ...] = ()
    has_problem: bool = False
    active: RunState | None = None

    def latest(self, kind: WindowKind) -> Window | None:
        """This will return the last window of a kind, ended or not."""
        return next((window for window in reversed(self.windows) if window.kind is kind), None)

    def open(self, kind: WindowKind) -> Window | None:
        """This will return the window of a kind that has not been closed; look at its end before relying on it."""
        return next((window for window in self.windows if window.kind is kind and window.closed_at is None), None)


def windows_of(session: Session, order_id: int) -> tuple[Window, ...]:
    """This will return all windows of an order, ended ones too, the earliest first."""
    return tuple(session.scalars(select(Window).where(Window.order_id == order_id).order_by(Window.id)))


def open_window_of(session: Session, order_id: int, kind: WindowKind) -> Window | None:
    """This will return the window of a kind that has not been closed; look at its end before relying on it."""
    wanted = select(Window).where(Window.order_id == order_id, Window.kind == kind, Window.closed_at.is_(None))
    return session.scalar(wanted)


def latest_window_of(session: Session, order_id: int, kind: WindowKind) -> Window | None:
    """This will return the last window of a kind, ended or not."""
    wanted = select(Window).where(Window.order_id == order_id, Window.kind == kind)
    return session.scalar(wanted.order_by(Window.id.desc()).limit(1))


def after_run(session: Session, order_id: int) -> AfterRun:
    """This will return what stands after the full migration, in one query."""
    active = select(Run.state).where(Run.order_id == order_id, Run.state.in_(ACTIVE_STATES)).scalar_subquery()
    rows = session.execute(
        select(Window, _problem_of_the_window(), active)
        .where(Window.order_id == order_id)
        .order_by(Window.id)
        .options(joinedload(Window.run, innerjoin=True))
    ).all()
    if not rows:
        return AfterRun()
    return AfterRun(tuple(row[0] for row in rows), has_problem=rows[0][1], active=rows[0][2])


def completion_facts(session: Session, order: Order) -> CompletionFacts:
    """This will return what the completion of an order follows from."""
    closings = select(Window.kind, Window.closed_at).where(Window.order_id == order.id)
    requests = select(ChangeRequest.kind, ChangeRequest.is_included, ChangeRequest.ended_at).where(
        ChangeRequest.order_id == order.id, ChangeRequest.kind.in_(AFTER_THE_RUN)
    )
    active = select(exists().where(Run.order_id == order.id, Run.state.in_(ACTIVE_STATES)))
    return CompletionFacts(
        family=order.family,
        windows=tuple(WindowFact(kind, closed_at) for kind, closed_at in session.execute(closings)),
        requests=tuple(RequestFact(*row) for row in session.execute(requests)),
        has_active_run=bool(session.scalar(active)),
    )


def over_window_ids(session: Session, now: datetime, *, limit: int, organisation_id: int | None = None) -> list[int]:
    """This will return the open windows whose end has come, those that ended first before others.

    A review that silence cannot end now is left out: we owe an answer, or a run is active (RULES C-080).

    :param organisation_id: to ask of its orders alone
    """
    is_running = exists().where(Run.order_id == Window.order_id, Run.state.in_(ACTIVE_STATES))
    is_held = (Window.kind == WindowKind.REVIEW) & (is_running | _problem_of_the_window())
    wanted = select(Window.id).where(Window.closed_at.is_(None), Window.ends_at <= now, ~is_held)
    if organisation_id is not None:
        wanted = wanted.join(Order, Order.id == Window.order_id).where(Order.organisation_id == organisation_id)
    return list(session.scalars(wanted.order_by(Window.ends_at, Window.id).limit(limit)))


def over_windows_of(session: Session, order_id: int, now: datetime) -> list[Window]:
    """This will return the open windows of an order whose end has come, those that ended first before others."""
    wanted = select(Window).where(Window.order_id == order_id, Window.closed_at.is_(None), Window.ends_at <= now)
    return list(session.scalars(wanted.order_by(Window.ends_at, Window.id)))


def _problem_of_the_window() -> ColumnElement[bool]:
    """This will ask whether we owe an answer to a problem of the window's order."""
    return exists().where(
        ChangeRequest.order_id == Window.order_id,
        ChangeRequest.kind == ChangeKind.PROBLEM,
        ChangeRequest.ended_at.is_(None),
    )


def standing_of(order: Order, after: AfterRun) -> Standing:
    """This will return what the words about an order's windows depend on."""
    return Standing(
        terms=order.terms,
        minutes_left=order.support_minutes_limit - order.support_minutes_used,
        restarts_left=order.restarts_limit - order.restarts_used,
        restarts_limit=order.restarts_limit,
        has_problem=after.has_problem,
        is_running=after.active is not None,
    )


def open_windows(after: AfterRun) -> tuple[OpenWindow, ...]:
    """This will return the windows that have not been closed, as their words need them."""
    return tuple(
        OpenWindow(one.kind, one.opened_at, one.ends_at, one.extended_to_at)
        for one in after.windows
        if one.closed_at is None
    )
