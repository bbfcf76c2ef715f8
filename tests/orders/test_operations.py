"""What is done to orders beside the work, and who finds them."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from migrator.database.base import db
from migrator.database.session import reading, transaction
from migrator.errors import NotFound
from migrator.history.models import HistoryEntry, Visibility
from migrator.orders.lifecycle import NotNow, OrderEvent, OrderState, Turn
from migrator.orders.operations import EmptyMessage, advance, assign, cancel, send_message, write_note
from migrator.orders.queries import order_for_staff, order_of, orders_of
from tests.factories.people import a_customer, an_account_manager
from tests.factories.selections import a_placed_order


def verbs(session: Session, order_id: int, visibility: Visibility) -> list[str]:
    wanted = select(HistoryEntry).where(HistoryEntry.order_id == order_id, HistoryEntry.visibility == visibility)
    return [entry.verb for entry in session.scalars(wanted.order_by(HistoryEntry.id))]


def test_an_order_is_cancelled_only_while_it_is_unpaid(session: Session, now: datetime) -> None:
    customer = a_customer(session)
    unpaid, paid = a_placed_order(session, customer), a_placed_order(session, customer)
    advance(session, paid, OrderEvent.PAY, now=now)
    cancel(session, unpaid, actor=customer.actor, now=now)
    assert (unpaid.state, unpaid.turn, unpaid.state_since_at) == (OrderState.CANCELLED, Turn.NOBODY, now)
    for order in (unpaid, paid):
        with pytest.raises(NotNow):
            cancel(session, order, actor=customer.actor, now=now)


def test_what_we_owe_next_is_forgotten_when_it_is_not_our_turn(session: Session, now: datetime) -> None:
    order = a_placed_order(session, a_customer(session))
    for happened in (OrderEvent.PAY, OrderEvent.SUBMIT_ACCESS):
        advance(session, order, happened, now=now)
    order.promise_at = now
    session.flush()
    advance(session, order, OrderEvent.REFUSE_ACCESS, now=now)
    assert (order.turn, order.promise_at) == (Turn.CUSTOMER, None)


def test_messages_are_for_both_sides_and_notes_for_staff_alone(session: Session, now: datetime) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    order = a_placed_order(session, customer)
    assert send_message(session, order, author=customer, body="  Hello \n", now=now).body == "Hello"
    write_note(session, order, author=manager, body="Nice people", now=now)
    assert verbs(session, order.id, Visibility.CUSTOMER) == ["order.placed", "message.sent"]
    assert verbs(session, order.id, Visibility.STAFF) == ["note.written"]
    for write in (send_message, write_note):
        with pytest.raises(EmptyMessage):
            write(session, order, author=manager, body=" \n ", now=now)


def test_an_order_is_given_to_an_account_manager(session: Session, now: datetime) -> None:
    manager = an_account_manager(session)
    order = a_placed_order(session, a_customer(session))
    assign(session, order, account_manager=manager, actor=manager.actor, now=now)
    assert order_for_staff(session, order.number).account_manager is manager


def test_another_organisation_s_order_is_not_found(session: Session) -> None:
    order = a_placed_order(session, a_customer(session))
    stranger = a_customer(session)
    assert order_of(session, f" {order.number.lower()} ", order.organisation_id).id == order.id
    for number, organisation_id in ((order.number, stranger.organisation_id), ("MIG-2222-2", order.organisation_id)):
        with pytest.raises(NotFound, match="There is no such order"):
            order_of(session, number, organisation_id or 0)


def test_an_order_comes_with_its_people_and_calendar_in_one_query(app: Flask, now: datetime) -> None:
    with app.app_context():
        with transaction() as session:
            manager = an_account_manager(session)
            order = a_placed_order(session, a_customer(session))
            assign(session, order, account_manager=manager, actor=manager.actor, now=now)
            number, organisation_id = order.number, order.organisation_id
        asked: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        with reading() as session:
            found = order_of(session, number, organisation_id)
            assert found.organisation.name
            assert found.placed_by.email
            assert found.account_manager
            assert found.calendar_row.zone == "Europe/Kyiv"
        assert len([statement for statement in asked if statement.lstrip().startswith("SELECT")]) == 1
        with transaction() as session:
            assert order_of(session, number, organisation_id, for_update=True).number == number


def test_a_list_goes_on_where_the_page_before_ended_and_shows_nobody_else_s(session: Session) -> None:
    customer, stranger = a_customer(session), a_customer(session)
    numbers = [a_placed_order(session, customer).number for _ in range(3)]
    foreign = a_placed_order(session, stranger).number
    mine = customer.organisation_id or 0
    assert [order.number for order in orders_of(session, mine, limit=1)] == [numbers[2], numbers[1]]
    assert [order.number for order in orders_of(session, mine, after=numbers[1])] == [numbers[0]]
    assert orders_of(session, mine, after=foreign) == []
