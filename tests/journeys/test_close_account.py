"""A customer closes their account: who it was is forgotten, what bookkeeping needs stays (RULES X-14)."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from migrator.accounts.models import Organisation, Person
from migrator.database.base import Base
from migrator.finance.invoices.models import Invoice
from migrator.journeys.close_account import PaymentUnderWay, close_account
from migrator.journeys.pay_order import attempt_to_pay
from migrator.money import Money
from migrator.notifications.delivery import claim_next, record_sent
from migrator.notifications.models import OwedMessage
from migrator.notifications.operations import forget_letters
from migrator.orders.lifecycle import OrderState
from migrator.orders.operations import send_message
from migrator.orders.queries import order_for_staff
from migrator.payments.refunds.models import Refund
from migrator.support.mail.models import IncomingMail
from migrator.support.mail.rules import Fate
from migrator.support.models import Ticket
from tests.conftest import NOW
from tests.factories.money import a_payment
from tests.factories.people import a_customer, an_organisation
from tests.factories.runs import a_running_order
from tests.factories.stages import a_paid_order, an_unpaid_order
from tests.factories.tickets import a_ticket

NAME = "Ottoline Quiverwick"
ADDRESS = "ottoline@quiverwick.example"
# What the law on bookkeeping keeps: documents as they were issued.
KEPT = {("invoices", "content")}


def limit_of(_currency: str) -> Money:
    return Money(50_000)


def the_customer(session: Session) -> Person:
    return a_customer(session, name=NAME, email=ADDRESS, organisation=an_organisation(session, name=NAME))


def a_mail_of(person: Person, ticket: Ticket) -> IncomingMail:
    return IncomingMail(
        mark="mark", key="key", size=9, is_whole=True, sender_name=person.name, sender_address=person.email,
        received_at=NOW, fate=Fate.OPENED, ticket_id=ticket.id, settled_at=NOW,
    )  # fmt: skip


def close(session: Session, person: Person) -> None:
    close_account(session, person.id, limit_of=limit_of, now=NOW)


def where_it_says(session: Session, words: str) -> set[tuple[str, str]]:
    columns = ((table.name, column.name) for table in Base.metadata.sorted_tables for column in table.columns)
    asked = 'SELECT count(*) FROM "{}" WHERE lower(CAST("{}" AS TEXT)) LIKE :words'
    said = {"words": f"%{words.lower()}%"}
    return {place for place in columns if session.scalar(text(asked.format(*place)), said)}


def test_nothing_but_issued_documents_says_any_more_who_it_was(session: Session) -> None:
    person = the_customer(session)
    order = an_unpaid_order(session, person=person)
    a_payment(session, order)
    send_message(session, order, author=person, body="Please begin soon.", now=NOW)
    ticket = a_ticket(session, person=person)
    session.add(a_mail_of(person, ticket))
    session.flush()
    assert ("people", "name") in where_it_says(session, NAME)
    close(session, person)
    while letter := claim_next(session, now=NOW):
        record_sent(session, letter.owed_id, now=NOW)
    forget_letters(session)
    assert where_it_says(session, NAME) == KEPT
    assert where_it_says(session, ADDRESS) == set()


def test_the_last_letter_still_reaches_the_address_and_is_forgotten_then(session: Session) -> None:
    person = the_customer(session)
    close(session, person)
    assert forget_letters(session) == 0
    last = session.scalars(select(OwedMessage)).one()
    assert (last.kind, last.address) == ("account_closed", ADDRESS)
    while letter := claim_next(session, now=NOW):
        record_sent(session, letter.owed_id, now=NOW)
    assert forget_letters(session) == 1
    session.refresh(last)
    assert ADDRESS not in last.address
    assert not last.text_body


def test_invoices_keep_their_facts(session: Session) -> None:
    person = the_customer(session)
    order = an_unpaid_order(session, person=person)
    a_payment(session, order)
    before = {invoice.number: dict(invoice.content) for invoice in session.scalars(select(Invoice))}
    close(session, person)
    after = {invoice.number: invoice.content for invoice in session.scalars(select(Invoice))}
    assert before
    assert {number: after[number] for number in before} == before


def test_each_open_order_ends_by_how_far_it_has_come(session: Session) -> None:
    person = the_customer(session)
    unpaid = an_unpaid_order(session, person=person)
    paid = an_unpaid_order(session, person=person)
    payment = a_payment(session, paid)
    running = a_running_order(session, at=NOW, person=person)
    ticket = a_ticket(session, person=person)
    close(session, person)
    states = {each.number: order_for_staff(session, each.number).state for each in (unpaid, paid, running)}
    assert states == {
        unpaid.number: OrderState.CANCELLED,
        paid.number: OrderState.CANCELLED,
        running.number: OrderState.MIGRATING,
    }
    assert session.scalars(select(Refund.amount_minor)).one() == payment.amount_minor
    assert session.get_one(Ticket, ticket.id).closed_at == NOW


def test_whoever_has_colleagues_leaves_orders_and_requests_to_them(session: Session) -> None:
    person = the_customer(session)
    organisation = session.get_one(Organisation, person.organisation_id)
    colleague = a_customer(session, organisation=organisation, name="Elin Berg")
    order = a_paid_order(session, person=person)
    ticket = a_ticket(session, person=person)
    close(session, person)
    assert order_for_staff(session, order.number).state is OrderState.AWAITING_ACCESS
    assert session.get_one(Ticket, ticket.id).closed_at is None
    assert session.get_one(Organisation, person.organisation_id).name == NAME
    assert session.get_one(Person, colleague.id).active
    assert not session.get_one(Person, person.id).active


def test_an_account_is_not_closed_while_somebody_may_be_paying(session: Session) -> None:
    person = the_customer(session)
    order = an_unpaid_order(session, person=person)
    attempt_to_pay(session, order, person=person, base_url="http://localhost", now=NOW)
    with pytest.raises(PaymentUnderWay, match=order.number):
        close(session, person)
    assert session.get_one(Person, person.id).active
