"""What was missing arrives: the pause ends, and the order goes on when nothing else is missing (RULES C-063, X-07)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.access.operations import mark_submitted
from migrator.clock.wording import duration_text
from migrator.errors import DomainError
from migrator.fulfilment.models import PauseRow
from migrator.fulfilment.notices import date_words, iso, tell_customer, tell_staff
from migrator.fulfilment.operations import bring_up_to_date, end_pause, hold
from migrator.fulfilment.queries import open_pauses, pauses_of, waited_seconds
from migrator.fulfilment.rules import reason_given
from migrator.fulfilment.runs.queries import runs_of
from migrator.history.actor import Actor
from migrator.history.operations import record
from migrator.orders.lifecycle import OrderEvent, OrderState
from migrator.orders.models import Order
from migrator.orders.operations import advance


class AnsweredOnThePage(DomainError):
    """An approval and a decision on pages come from the customer's own hand."""


def answer_pause(
    session: Session, order: Order, pause: PauseRow, *, actor: Actor, now: datetime, reason: str = ""
) -> None:
    """This will end a pause now; the last open one resumes the order, and the customer is told the old and new date.

    An order that is paused after its run was started goes on with it.

    :param pause: of this order, with its `item` loaded; the item holds the answer already
    :raises AlreadyAnswered: when it has ended
    """
    hold(session, order)
    words = end_waiting(session, order, pause, actor=actor, now=now, reason=reason)
    if words["is_resumed"]:
        tell_customer(session, order, "order_resumed", cause=f"pause:{pause.id}", now=now, words=words)
    tell_staff(session, order, "pause_answered", cause=f"pause:{pause.id}", now=now, words=words)


def end_waiting(
    session: Session, order: Order, pause: PauseRow, *, actor: Actor, now: datetime, reason: str = ""
) -> dict[str, object]:
    """This will end a pause without a letter, for those who tell of more than that; it returns the letter's words.

    :param order: held
    :raises AlreadyAnswered: when it has ended
    """
    old_due = order.due_at
    end_pause(session, pause, now=now)
    is_last = not open_pauses(pauses_of(session, order.id))
    if is_last and order.state is OrderState.PAUSED:
        # Once a run was started the order never goes back before it, also where it failed and starts again.
        has_run = bool(runs_of(session, order.id))
        advance(session, order, OrderEvent.RESUME_RUN if has_run else OrderEvent.RESUME, now=now)
    calendar = bring_up_to_date(session, order)
    waited = waited_seconds(order, calendar, pauses_of(session, order.id))
    record(
        session,
        "order.resumed" if is_last else "order.pause_ended",
        subject="pause",
        key=pause.id,
        actor=actor,
        now=now,
        order_id=order.id,
        reason=reason,
        facts={
            "item": pause.label,
            "seconds": waited,
            "old_due": iso(old_due),
            "new_due": iso(order.due_at),
        },
    )
    return {
        "item_label": pause.label,
        "is_resumed": is_last,
        "waited": duration_text(waited),
        "old_date": date_words(old_due, calendar),
        "new_date": date_words(order.due_at, calendar),
    }


def record_answer(session: Session, order: Order, pause: PauseRow, *, reason: str, actor: Actor, now: datetime) -> None:
    """This will end a pause for an answer that came another way; the item is to be checked again (RULES C-063).

    :param pause: of this order, with its `item` loaded
    :raises ReasonMissing: when it does not say how the answer came
    :raises AnsweredOnThePage: where nothing but the customer's own button is an answer
    :raises AlreadyAnswered: when it has ended
    """
    how = reason_given(reason)
    if pause.item is None:
        raise AnsweredOnThePage("The customer answers this with a button of the order’s page alone.")
    hold(session, order)
    mark_submitted(session, pause.item, now=now)
    answer_pause(session, order, pause, actor=actor, now=now, reason=how)
