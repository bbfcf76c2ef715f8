"""Who takes care of a ticket, what it is about, whose it is, and whether the language stands in the way."""

from __future__ import annotations

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.accounts.models import Person
from migrator.accounts.queries import account_managers
from migrator.accounts.stops.queries import customer_by_address
from migrator.errors import DomainError, NotFound
from migrator.orders.queries import order_for_staff, order_of
from migrator.support.categories import TAKEN, Category
from migrator.support.models import Ticket
from migrator.support.operations import (
    assign,
    identify,
    name_order,
    recategorise,
    restore_guarantee,
    suspend_guarantee,
)
from migrator.web.audience import open_to
from migrator.web.request import actor, now, person
from migrator.web.tickets import pages
from migrator.web.tickets.bench import DESK, done
from migrator.web.tickets.forms import AddressForm, AssigneeForm, CategoryForm, NumberForm, ReasonForm, VersionedForm

Answer = str | Response | tuple[str, int]


class NotOurs(DomainError):
    """What was chosen is not there to be chosen."""


@pages.post("/desk/tickets/<number>/assignee")
@open_to(*DESK)
def give(number: str) -> Answer:
    """This will give the ticket to one of our people, or to nobody."""
    form = AssigneeForm()

    def deed(session: Session, ticket: Ticket) -> str:
        chosen = _manager(session, form.assignee.data or "")
        assign(session, ticket, chosen, actor=actor(), now=now())
        return f"{chosen.display_name} takes care of it now." if chosen else "Nobody takes care of it now."

    return done(number, "assignee", form, deed)


@pages.post("/desk/tickets/<number>/take")
@open_to(*DESK)
def take(number: str) -> Answer:
    """This will give the ticket to whoever asks."""

    def deed(session: Session, ticket: Ticket) -> str:
        assign(session, ticket, session.get_one(Person, person().id), actor=actor(), now=now())
        return "You take care of it now."

    return done(number, "close", VersionedForm(), deed)


@pages.post("/desk/tickets/<number>/category")
@open_to(*DESK)
def change_category(number: str) -> Answer:
    """This will correct what the ticket is about, and with it its team."""
    form = CategoryForm()

    def deed(session: Session, ticket: Ticket) -> str:
        category = Category(form.category.data)
        if category not in TAKEN[ticket.desk]:
            raise NotOurs("This desk does not take that. Choose another.")
        recategorise(session, ticket, category, actor=actor(), now=now())
        return "Changed. The promise stays as it was given."

    return done(number, "category", form, deed)


@pages.post("/desk/tickets/<number>/order")
@open_to(*DESK)
def set_order(number: str) -> Answer:
    """This will say which migration the ticket is about (RULES C-028)."""
    form = NumberForm()

    def deed(session: Session, ticket: Ticket) -> str:
        if ticket.organisation_id is None:
            raise NotOurs("Say first whose ticket it is.")
        order = order_of(session, form.order.data or "", ticket.organisation_id)
        name_order(session, ticket, order_for_staff(session, order.number), actor=actor(), now=now())
        return f"It is about {order.number}."

    return done(number, "order", form, deed)


@pages.post("/desk/tickets/<number>/identify")
@open_to(*DESK)
def set_person(number: str) -> Answer:
    """This will say which customer wrote the ticket (RULES C-026)."""
    form = AddressForm()

    def deed(session: Session, ticket: Ticket) -> str:
        found = customer_by_address(session, form.email.data or "")
        identify(session, ticket, found, actor=actor(), now=now())
        return f"It is {found.display_name}’s."

    return done(number, "identify", form, deed)


@pages.post("/desk/tickets/<number>/suspend")
@open_to(*DESK)
def suspend(number: str) -> Answer:
    """This will note that the language stands in the way; the clock runs on (RULES M-034)."""
    form = ReasonForm()

    def deed(session: Session, ticket: Ticket) -> str:
        suspend_guarantee(session, ticket, reason=form.reason.data or "", actor=actor(), now=now())
        return "Noted. The customer reads it; the clock runs on."

    return done(number, "suspend", form, deed)


@pages.post("/desk/tickets/<number>/restore")
@open_to(*DESK)
def restore(number: str) -> Answer:
    """This will take that back."""

    def deed(session: Session, ticket: Ticket) -> str:
        restore_guarantee(session, ticket, actor=actor(), now=now())
        return "Taken back."

    return done(number, "close", VersionedForm(), deed)


def _manager(session: Session, chosen: str) -> Person | None:
    if not chosen:
        return None
    found = next((each for each in account_managers(session) if str(each.id) == chosen), None)
    if found is None:
        raise NotFound("Choose a person from the list.")
    return found
