"""The words that tickets are found by, kept in every transaction that changes what they are made of.

The listeners at the end see to that, whoever writes the ticket, the person or the organisation.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, ForeignKey, Index, and_, delete, event, insert, inspect, select
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from migrator.accounts.models import Organisation, Person
from migrator.database.base import Base
from migrator.orders.search_models import STEM, WORD
from migrator.orders.search_rules import stem_of, words_of
from migrator.support.models import Ticket

CHUNK = 500


class TicketWord(Base):
    """One word that a ticket is found by: of its number, its subject, and who wrote it.

    :ivar stem: its first characters: a beginning that very many share is read from its index, the newest first
    """

    __tablename__ = "ticket_words"
    __table_args__ = (
        Index("ix_ticket_words_word", "word", "ticket_id"),
        Index("ix_ticket_words_stem", "stem", "ticket_id", "word"),
        {"sqlite_with_rowid": False},
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    word: Mapped[str] = mapped_column(WORD, primary_key=True)
    stem: Mapped[str] = mapped_column(STEM)


def write_words(connection: Connection, wanted: ColumnElement[bool]) -> None:
    """This will write anew the words of the tickets for which a condition on `Ticket` holds."""
    found = (
        select(Ticket.id, Ticket.number, Ticket.subject, Ticket.contact_name, Ticket.contact_address)
        .add_columns(Organisation.name.label("customer"), Person.name.label("person"), Person.email)
        .outerjoin(Organisation, Organisation.id == Ticket.organisation_id)
        .outerjoin(Person, Person.id == Ticket.opened_by_id)
        .where(wanted)
    )
    tickets = connection.execute(found).all()
    for start in range(0, len(tickets), CHUNK):
        chunk = tickets[start : start + CHUNK]
        connection.execute(delete(TicketWord).where(TicketWord.ticket_id.in_([ticket.id for ticket in chunk])))
        connection.execute(insert(TicketWord), [row for ticket in chunk for row in word_rows(ticket)])


def word_rows(ticket: Any) -> list[dict[str, object]]:
    """This will return the rows of one ticket.

    :param ticket: with `id`, `number`, `subject`, `customer`, `person`, `email`, `contact_name`, `contact_address`
    """
    words = words_of(
        ticket.number,
        customer=f"{ticket.customer or ''} {ticket.subject}",
        person=f"{ticket.person or ''} {ticket.contact_name}",
        email=ticket.email or ticket.contact_address,
        addresses=(),
    )
    return [{"ticket_id": ticket.id, "word": word, "stem": stem_of(word)} for word in sorted(words)]


def _changed(row: object, *names: str) -> bool:
    return any(inspect(row).attrs[name].history.has_changes() for name in names)


@event.listens_for(Ticket, "after_insert")
def _ticket_opened(_mapper: Mapper[Any], connection: Connection, ticket: Ticket) -> None:
    write_words(connection, Ticket.id == ticket.id)


@event.listens_for(Ticket, "after_update")
def _ticket_changed(_mapper: Mapper[Any], connection: Connection, ticket: Ticket) -> None:
    if _changed(ticket, "subject", "organisation_id", "opened_by_id"):
        write_words(connection, Ticket.id == ticket.id)


@event.listens_for(Person, "after_update")
def _person_renamed(_mapper: Mapper[Any], connection: Connection, person: Person) -> None:
    if person.organisation_id is not None and _changed(person, "name", "email"):
        theirs = Ticket.organisation_id == person.organisation_id
        write_words(connection, and_(theirs, Ticket.opened_by_id == person.id))


@event.listens_for(Organisation, "after_update")
def _organisation_renamed(_mapper: Mapper[Any], connection: Connection, organisation: Organisation) -> None:
    if _changed(organisation, "name"):
        write_words(connection, Ticket.organisation_id == organisation.id)
