"""Which documents an order has and when, and gathering the facts of one. Read-only; owners are checked at the door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from migrator.access.models import AccessItem, Secret
from migrator.access.queries import items_of
from migrator.accounts.models import Person
from migrator.calendars.queries import calendar_of
from migrator.documents.completion import Work, completion
from migrator.documents.confirmation import confirmation
from migrator.documents.destruction import destruction
from migrator.documents.receipt import receipt
from migrator.documents.setting import Sheet
from migrator.errors import DomainError
from migrator.finance.invoices.lifecycle import InvoiceKind
from migrator.finance.invoices.queries import invoices_of_order
from migrator.fulfilment.changes.models import ChangeRequest
from migrator.fulfilment.queries import facts_of, pauses_of
from migrator.fulfilment.runs.queries import runs_of
from migrator.fulfilment.views import promise
from migrator.fulfilment.windows.queries import windows_of
from migrator.history.models import HistoryEntry
from migrator.orders.lifecycle import OrderState, SupplementState
from migrator.orders.models import Order
from migrator.orders.queries import lines_of
from migrator.orders.supplement_models import Supplement
from migrator.payments.lifecycle import Disposition
from migrator.payments.models import Payment, PaymentAttempt
from migrator.payments.refunds.lifecycle import ACCEPTED
from migrator.payments.refunds.queries import refunds_of_order


class DocumentName(StrEnum):
    """The documents; the value stands in addresses and names the template."""

    CONFIRMATION = "confirmation"
    RECEIPT = "receipt"
    COMPLETION = "completion"
    DESTRUCTION = "destruction"


TITLES = {
    DocumentName.CONFIRMATION: "Order confirmation",
    DocumentName.RECEIPT: "Receipt",
    DocumentName.COMPLETION: "Completion statement",
    DocumentName.DESTRUCTION: "Destruction certificate",
}
NOT_YET = {
    DocumentName.CONFIRMATION: "",
    DocumentName.RECEIPT: "You get it as soon as the order is paid.",
    DocumentName.COMPLETION: "You get it when the order is completed.",
    DocumentName.DESTRUCTION: "You get it when every copy of your access details is destroyed.",
}


class NotYet(DomainError):
    """The document does not exist yet."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in a list; `not_yet` says when it comes and is empty when it is there."""

    name: DocumentName
    title: str
    not_yet: str


def documents_of(session: Session, order: Order) -> tuple[Listed, ...]:
    """This will list the documents of an order, each with when it comes."""
    there = {
        DocumentName.CONFIRMATION: True,
        DocumentName.RECEIPT: order.paid_at is not None and bool(_payments(session, order)),
        DocumentName.COMPLETION: order.completed_at is not None,
        DocumentName.DESTRUCTION: is_everything_destroyed(session, order.id),
    }
    return tuple(Listed(name, TITLES[name], "" if there[name] else NOT_YET[name]) for name in DocumentName)


def is_everything_destroyed(session: Session, order_id: int) -> bool:
    """This will tell whether secrets were given to us and none of them stands any more."""
    theirs = select(Secret.id).join(Secret.item).where(AccessItem.order_id == order_id)
    any_given, any_left = session.execute(
        select(exists(theirs), exists(theirs.where(Secret.destroyed_at.is_(None))))
    ).one()
    return bool(any_given) and not any_left


def sheet_of(session: Session, order: Order, name: DocumentName) -> Sheet:
    """This will gather the facts of a document.

    :param order: with its people and calendar
    :raises NotYet: when it does not exist yet, saying when it will
    """
    if any(listed.not_yet for listed in documents_of(session, order) if listed.name is name):
        raise NotYet(f"There is no {TITLES[name].lower()} yet. {NOT_YET[name]}")
    return GATHERED[name](session, order)


def _confirmation(session: Session, order: Order) -> Sheet:
    paid = select(Supplement).where(Supplement.order_id == order.id, Supplement.state == SupplementState.PAID)
    supplements = session.scalars(paid.order_by(Supplement.ended_at, Supplement.id)).all()
    return confirmation(order, lines_of(session, order), supplements)


def _receipt(session: Session, order: Order) -> Sheet:
    issued = invoices_of_order(session, order.id)
    numbers = {one.payment_id: one.number for one in issued if one.payment_id and one.kind is InvoiceKind.RECEIPT}
    notes = {one.refund_id: one.number for one in issued if one.refund_id and one.kind is InvoiceKind.CREDIT_NOTE}
    payments = _payments(session, order)
    paid = {payment.id for payment in payments}
    gone = [one for one in refunds_of_order(session, order.id) if one.payment_id in paid and one.state in ACCEPTED]
    return receipt(order, lines_of(session, order), payments, numbers, gone, notes)


def _completion(session: Session, order: Order) -> Sheet:
    pauses = pauses_of(session, order.id)
    # A completed order owes nothing; the statement tells of the promise that it was under.
    facts = replace(facts_of(order, pauses), state=OrderState.IN_REVIEW)
    calendar = calendar_of(session, order.calendar_row)
    asked = select(ChangeRequest).where(ChangeRequest.order_id == order.id).order_by(ChangeRequest.id)
    work = Work(
        promise=promise(facts, calendar, now=order.completed_at or order.placed_at),
        pauses=pauses,
        runs=runs_of(session, order.id),
        windows=windows_of(session, order.id),
        changes=session.scalars(asked).all(),
    )
    return completion(order, work)


def _destruction(session: Session, order: Order) -> Sheet:
    items = items_of(session, order.id)
    people = {secret.saved_by_id for item in items for secret in item.secrets}
    people |= {item.changed_by_id for item in items if item.changed_by_id}
    named = session.scalars(select(Person).where(Person.id.in_(people)))
    names = {person.id: person.display_name for person in named}
    return destruction(order, items, names=names, rules=_rules(session, order.id))


def _rules(session: Session, order_id: int) -> Mapping[datetime, str]:
    wanted = select(HistoryEntry).where(HistoryEntry.order_id == order_id, HistoryEntry.verb == "access.destroyed")
    return {entry.happened_at: str(entry.facts.get("rule", "")) for entry in session.scalars(wanted)}


def _payments(session: Session, order: Order) -> list[Payment]:
    wanted = (
        select(Payment)
        .where(Payment.order_id == order.id, Payment.disposition == Disposition.APPLIED)
        .order_by(Payment.settled_at, Payment.id)
        .options(joinedload(Payment.attempt, innerjoin=True).joinedload(PaymentAttempt.supplement))
    )
    return list(session.scalars(wanted))


GATHERED: Mapping[DocumentName, Callable[[Session, Order], Sheet]] = {
    DocumentName.CONFIRMATION: _confirmation,
    DocumentName.RECEIPT: _receipt,
    DocumentName.COMPLETION: _completion,
    DocumentName.DESTRUCTION: _destruction,
}
