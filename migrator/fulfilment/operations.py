"""Beginning, ending and correcting what an order's dates follow from, and keeping the stored dates equal to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from migrator.access.models import AccessItem
from migrator.calendars.queries import calendar_of
from migrator.clock.calendar import Calendar
from migrator.clock.instants import to_the_minute
from migrator.errors import DomainError
from migrator.fulfilment.models import LABELS, PauseReason, PauseRow
from migrator.fulfilment.queries import after_the_run, facts_of, pauses_of
from migrator.fulfilment.rules import agreement_counts, dates_of
from migrator.orders.models import CustomerMessage, Order
from migrator.orders.operations import take_turn


class AlreadyPaused(DomainError):
    """The item is being waited for already."""


class AlreadyAnswered(DomainError):
    """The pause has ended."""


def hold(session: Session, order: Order) -> None:
    """This will keep others from changing the order until the transaction ends, and read what they changed before.

    Two answers at once would otherwise each see the other's pause open, and neither would resume the order.
    """
    columns = [column.key for column in inspect(Order).column_attrs]
    session.refresh(order, columns, with_for_update={"of": Order})
    # Whoever waited for the order's row may have read the calendar before a closure was switched.
    if "calendar_row" not in inspect(order).unloaded:
        session.refresh(order.calendar_row)


def recompute(session: Session, order: Order, *, calendar: Calendar, pauses: Iterable[PauseRow]) -> None:
    """This will write the order's computed dates and whose turn it is, equal to what its facts give (RULES D-7).

    :param pauses: all of the order's, with their items
    :raises YearNotFilled: when a date needs a year that is not filled
    """
    dates = dates_of(facts_of(order, pauses), calendar)
    order.check_by_at, order.agree_by_at = dates.check_by_at, dates.agree_by_at
    order.due_at, order.promise_at = dates.due_at, dates.promise_at
    # Facts are kept beside the order too: its version tells a recount under way that they changed (RULES C-020).
    flag_modified(order, "due_at")
    take_turn(session, order, after_the_run(session, order))


def bring_up_to_date(session: Session, order: Order) -> Calendar:
    """This will recompute the order's dates from its rows, and return the calendar that they were computed by.

    :param order: with its `calendar_row` loaded
    """
    session.refresh(order.calendar_row)
    calendar = calendar_of(session, order.calendar_row)
    recompute(session, order, calendar=calendar, pauses=pauses_of(session, order.id))
    return calendar


def start_count(session: Session, order: Order, *, calendar: Calendar, verified_at: datetime) -> None:
    """This will set the moment from which the order's time counts, and judge a quoted date anew by it.

    The quoted date counts while it lies far enough off, unless the customer agreed on another (RULES C-059, C-060).
    """
    order.verified_at = verified_at = to_the_minute(verified_at)
    terms = order.terms
    quoted_at = datetime.fromisoformat(terms.agreed_at) if terms.agreed_at else None
    if quoted_at and order.agreed_at in (None, quoted_at):
        order.agreed_at = quoted_at if agreement_counts(terms, verified_at, quoted_at, calendar) else None
        order.proposed_at = None if order.agreed_at else order.proposed_at
    session.flush()


def open_pause(
    session: Session,
    order: Order,
    item: AccessItem | None,
    *,
    reason: PauseReason,
    message: CustomerMessage,
) -> PauseRow:
    """This will record that delivery waits for something, from the instant of the message (RULES C-063).

    :param item: the access item that is waited for; none where the reason itself names what is missing
    :raises AlreadyPaused: when it is being waited for already
    """
    pause = PauseRow(
        order_id=order.id,
        item=item,
        message_id=message.id,
        reason=reason,
        started_at=to_the_minute(message.sent_at),
        ended_at=None,
        # The worker computes when a reminder is due (RULES C-065); here the pause asks to be looked at.
        next_reminder_at=message.sent_at,
    )
    session.add(pause)
    try:
        session.flush()
    except IntegrityError as error:
        raise AlreadyPaused(f"We are waiting for “{item.label if item else LABELS[reason]}” already.") from error
    return pause


def end_pause(session: Session, pause: PauseRow, *, now: datetime) -> None:
    """This will end a pause at the customer's answer.

    :raises AlreadyAnswered: when it has ended
    """
    if pause.ended_at is not None:
        raise AlreadyAnswered("This was answered already. Look at what the order says now.")
    pause.ended_at = max(to_the_minute(now), pause.started_at)
    session.flush()


def move_pause(session: Session, pause: PauseRow, *, started_at: datetime, ended_at: datetime | None) -> None:
    """This will set the corrected times of a pause (RULES D-10)."""
    pause.started_at, pause.ended_at = started_at, ended_at
    pause.next_reminder_at = started_at
    session.flush()


def note_submission(session: Session, order: Order, *, submitted_at: datetime | None) -> None:
    """This will record when the access details were complete; none after they were sent back.

    What is sent again for a restart leaves the first time as it is: the count has started from it (RULES C-084).
    """
    at = submitted_at and to_the_minute(submitted_at)
    if order.verified_at is None:
        order.submitted_at = at
    else:
        order.resubmitted_at = at
    session.flush()


def note_delivery(session: Session, order: Order, *, delivered_at: datetime) -> None:
    """This will record when the delivery promise was met; the first time stays (RULES C-034)."""
    order.delivered_at = order.delivered_at or to_the_minute(delivered_at)
    session.flush()


def propose_date(session: Session, order: Order, *, proposed_at: datetime) -> None:
    """This will keep a date that waits for the customer's acceptance (RULES C-059)."""
    order.proposed_at = proposed_at
    session.flush()


def agree_on(session: Session, order: Order, *, agreed_at: datetime) -> None:
    """This will make a date the one that counts (RULES C-059)."""
    order.agreed_at, order.proposed_at = agreed_at, None
    session.flush()
