"""What is done to an order before and beside the work itself. Flushes, never commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.catalogue.rules import PricedLine, Selection
from migrator.errors import DomainError
from migrator.history.actor import Actor
from migrator.history.models import HistoryEntry, Visibility
from migrator.history.operations import record
from migrator.money import total
from migrator.orders.lifecycle import (
    REMINDED,
    TURNS,
    AfterTheRun,
    OrderEvent,
    OrderState,
    Turn,
    next_state,
    stored_turn,
)
from migrator.orders.models import CustomerMessage, Order, OrderLine, OrderPlacement, StaffNote
from migrator.orders.numbers import new_number
from migrator.orders.rules import Declaration
from migrator.orders.terms import Terms

NOTHING_DECLARED = Declaration()


class NobodysOrder(DomainError):
    """Staff cannot buy for themselves."""


class EmptyMessage(DomainError):
    """There is nothing in the message."""


def place(
    session: Session,
    *,
    selection: Selection,
    lines: tuple[PricedLine, ...],
    terms: Terms,
    person: Person,
    token: str,
    now: datetime,
    declaration: Declaration = NOTHING_DECLARED,
) -> Order:
    """This will write the order with its lines and frozen terms, once for each token of a person.

    :param token: of the form that was sent; a second press of its button returns the first order
    :raises NobodysOrder: for somebody without an organisation
    """
    if person.organisation_id is None:
        raise NobodysOrder("Only customers can order. Sign in as the customer.")
    if placed := placed_already(session, token, person):
        return placed
    try:
        with session.begin_nested():
            order = _order(session, selection=selection, terms=terms, person=person, now=now, declaration=declaration)
            order.total_minor = total([line.amount for line in lines]).minor_units
            order.currency = lines[0].amount.currency
            session.add(order)
            session.flush()
            session.add(OrderPlacement(token=token, person_id=person.id, order_id=order.id))
            session.add_all(_line(line, order) for line in lines)
    except IntegrityError:
        # The same form was sent twice at once and the other one won.
        if placed := placed_already(session, token, person):
            return placed
        raise
    facts = {"total_minor": order.total_minor, "currency": order.currency, "product": terms.product_name}
    _record(session, "order.placed", order=order, actor=person.actor, now=now, facts=facts)
    return order


def advance(session: Session, order: Order, event: OrderEvent, *, now: datetime) -> OrderState:
    """This will move the order on, with whose turn it is; what we owe next is empty while it is not our turn.

    :raises NotNow: when the order's state does not allow the event
    """
    order.state = next_state(order.state, event)
    order.state_since_at = now
    order.turn = TURNS[order.state]
    if order.turn is not Turn.US:
        order.promise_at = None
    _await_reminders(order)
    session.flush()
    return order.state


def take_turn(session: Session, order: Order, after: AfterTheRun) -> None:
    """This will write whose turn it is, equal to what is open after the run."""
    order.turn = stored_turn(order.state, after)
    if order.turn is not Turn.US:
        order.promise_at = None
    session.flush()


def cancel(session: Session, order: Order, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """This will cancel an order that has not been paid.

    :raises NotNow: when it has been
    """
    advance(session, order, OrderEvent.CANCEL, now=now)
    _record(session, "order.cancelled", order=order, actor=actor, now=now, reason=reason)


def cancel_paid(session: Session, order: Order, *, actor: Actor, reason: str, now: datetime) -> None:
    """This will cancel an order that was paid and whose full migration has not started.

    :raises NotNow: when its state does not allow it
    """
    advance(session, order, OrderEvent.CANCEL_PAID, now=now)
    _record(session, "order.cancelled", order=order, actor=actor, now=now, reason=reason)


def send_message(session: Session, order: Order, *, author: Person, body: str, now: datetime) -> CustomerMessage:
    """This will write a message that the customer and the staff both read.

    :raises EmptyMessage: when there are no words in it
    """
    message = CustomerMessage(order_id=order.id, author_id=author.id, body=_words(body), sent_at=now)
    session.add(message)
    session.flush()
    _record(session, "message.sent", order=order, actor=author.actor, now=now, facts={"message_id": message.id})
    return message


def write_note(session: Session, order: Order, *, author: Person, body: str, now: datetime) -> StaffNote:
    """This will write a note that only staff ever read.

    :raises EmptyMessage: when there are no words in it
    """
    note = StaffNote(order_id=order.id, author_id=author.id, body=_words(body), written_at=now)
    session.add(note)
    session.flush()
    record(
        session,
        "note.written",
        subject="order",
        key=order.number,
        actor=author.actor,
        now=now,
        order_id=order.id,
        visibility=Visibility.STAFF,
        facts={"note_id": note.id},
    )
    return note


def assign(session: Session, order: Order, *, account_manager: Person, actor: Actor, now: datetime) -> HistoryEntry:
    """This will give the order to an account manager, and return the history entry of it (RULES C-055b)."""
    order.account_manager = account_manager
    session.flush()
    facts = {"account_manager_id": account_manager.id, "account_manager": account_manager.display_name}
    return _record(session, "order.assigned", order=order, actor=actor, now=now, facts=facts)


def placed_already(session: Session, token: str, person: Person) -> Order | None:
    """This will return the order that a person's form with that token has made, or none."""
    return session.scalar(
        select(Order)
        .join(OrderPlacement, OrderPlacement.order_id == Order.id)
        .where(OrderPlacement.token == token, OrderPlacement.person_id == person.id)
    )


def _await_reminders(order: Order) -> None:
    # The worker computes with the calendar when a reminder is due; here the order asks to be looked at.
    order.next_reminder_at = order.state_since_at if order.state in REMINDED else None
    order.reminders, order.handed_over_at = 0, None


def _order(
    session: Session, *, selection: Selection, terms: Terms, person: Person, now: datetime, declaration: Declaration
) -> Order:
    return Order(
        number=new_number(session),
        organisation_id=person.organisation_id,
        placed_by_id=person.id,
        calendar_key=terms.calendar,
        state_since_at=now,
        family=terms.family,
        tier=terms.tier,
        source_platform=selection.source_platform,
        target_platform=selection.target_platform,
        source_address=declaration.source_address,
        target_address=declaration.target_address,
        declared_pages=selection.pages,
        page_limit=terms.page_limit,
        support_minutes_limit=terms.support_minutes,
        restarts_limit=terms.insurance.restarts if terms.insurance else 0,
        own_backup_on=declaration.own_backup_on,
        terms_document=terms.document(),
        placed_at=now,
        next_reminder_at=now,
    )


def _line(line: PricedLine, order: Order) -> OrderLine:
    return OrderLine(
        order_id=order.id,
        kind=line.kind,
        sku=line.sku,
        name=line.name,
        amount_minor=line.amount.minor_units,
        currency=line.amount.currency,
        list_minor=line.listed.minor_units if line.listed else None,
        discount_bp=line.discount_bp,
        base_minor=line.base.minor_units if line.base else None,
        rate_bp=line.rate_bp,
        plan=line.plan,
    )


def _record(
    session: Session,
    verb: str,
    *,
    order: Order,
    actor: Actor,
    now: datetime,
    reason: str = "",
    facts: dict[str, object] | None = None,
) -> HistoryEntry:
    return record(
        session,
        verb,
        subject="order",
        key=order.number,
        actor=actor,
        now=now,
        order_id=order.id,
        reason=reason,
        facts=facts,
    )


def _words(body: str) -> str:
    words = body.strip()
    if not words:
        raise EmptyMessage("Write the message first.")
    return words
