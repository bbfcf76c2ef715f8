"""All that we keep about a customer, for themselves to take along: plain values that JSON can hold (RULES X-14).

Notes among our people are no part of it, and what is sealed among the access details nobody may read but for the work.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from migrator.accounts.models import Organisation, Person
from migrator.finance.invoices.models import Invoice
from migrator.history.models import HistoryEntry, Visibility
from migrator.notifications.models import OwedMessage
from migrator.orders.models import CustomerMessage, Order
from migrator.support.models import Ticket, TicketMessage

Rows = list[dict[str, Any]]


def personal_data(session: Session, person: Person, *, now: datetime) -> dict[str, Any]:
    """This will gather what we keep about a person and, as their own, about their organisation."""
    theirs = person.organisation_id
    mine = HistoryEntry.actor_id == person.id, HistoryEntry.visibility == Visibility.CUSTOMER
    return {
        "made_at": now.isoformat(),
        "person": _row(person, "email", "name", "zone", "created_at", "confirmed_at"),
        "organisation": _row(session.get_one(Organisation, theirs), "name", "country", "created_at"),
        "orders": _rows(
            session,
            select(Order.number, Order.state, Order.placed_at, Order.source_address, Order.target_address)
            .add_columns(Order.total_minor, Order.currency)
            .where(Order.organisation_id == theirs)
            .order_by(Order.id),
        ),
        "messages": _rows(
            session,
            select(Order.number.label("order"), CustomerMessage.sent_at, CustomerMessage.body)
            .join(Order, Order.id == CustomerMessage.order_id)
            .where(CustomerMessage.author_id == person.id)
            .order_by(CustomerMessage.id),
        ),
        "requests": _rows(
            session,
            select(Ticket.number, Ticket.subject, Ticket.opened_at, Ticket.error_text, Ticket.page_address)
            .where(Ticket.opened_by_id == person.id)
            .order_by(Ticket.id),
        ),
        "request_messages": _rows(
            session,
            select(Ticket.number.label("request"), TicketMessage.sent_at, TicketMessage.body)
            .join(Ticket, Ticket.id == TicketMessage.ticket_id)
            .where(TicketMessage.author_id == person.id)
            .order_by(TicketMessage.id),
        ),
        "invoices": _rows(
            session,
            select(Invoice.number, Invoice.kind, Invoice.issued_on, Invoice.total_minor, Invoice.currency)
            .where(Invoice.organisation_id == theirs)
            .order_by(Invoice.id),
        ),
        "letters": _rows(
            session,
            select(OwedMessage.created_at, OwedMessage.address, OwedMessage.subject, OwedMessage.text_body)
            .where(OwedMessage.person_id == person.id)
            .order_by(OwedMessage.id),
        ),
        "deeds": _rows(
            session,
            select(HistoryEntry.happened_at, HistoryEntry.verb, HistoryEntry.subject, HistoryEntry.subject_key)
            .where(*mine)
            .order_by(HistoryEntry.id),
        ),
    }


def _rows(session: Session, wanted: Select[*tuple[Any, ...]]) -> Rows:
    return [_plain(dict(row)) for row in session.execute(wanted).mappings()]


def _row(found: object, *names: str) -> dict[str, Any]:
    return _plain({name: getattr(found, name) for name in names})


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
