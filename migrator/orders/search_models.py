"""The words that orders are found by, kept in every transaction that changes what they are made of.

The listeners at the end see to that, whoever writes the order, the person or the organisation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    String,
    and_,
    delete,
    event,
    insert,
    inspect,
    select,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from migrator.accounts.models import Organisation, Person
from migrator.database.base import Base
from migrator.orders.models import Order
from migrator.orders.search_rules import STEM_LENGTH, WORD_LENGTH, stem_of, words_of

CHUNK = 500
# Sorted by their characters' numbers in both databases, so that the beginning of a word is a range of the index.
WORD = String(WORD_LENGTH).with_variant(String(WORD_LENGTH, collation="C"), "postgresql")
STEM = String(STEM_LENGTH).with_variant(String(STEM_LENGTH, collation="C"), "postgresql")


class SearchWord(Base):
    """One word that an order is found by.

    :ivar stem: its first characters: a beginning that very many orders share is read from its index, the newest first
    """

    __tablename__ = "search_words"
    __table_args__ = (
        Index("ix_search_words_word", "word", "order_id"),
        Index("ix_search_words_stem", "stem", "order_id", "word"),
        {"sqlite_with_rowid": False},
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    word: Mapped[str] = mapped_column(WORD, primary_key=True)
    stem: Mapped[str] = mapped_column(STEM)


def write_words(connection: Connection, wanted: ColumnElement[bool]) -> None:
    """This will write anew the words of the orders for which a condition on `Order` holds."""
    found = (
        select(Order.id, Order.number, Order.source_address, Order.target_address)
        .add_columns(Organisation.name.label("customer"), Person.name.label("person"), Person.email)
        .join(Organisation, Organisation.id == Order.organisation_id)
        .join(Person, Person.id == Order.placed_by_id)
        .where(wanted)
    )
    orders = connection.execute(found).all()
    for start in range(0, len(orders), CHUNK):
        _rewrite(connection, orders[start : start + CHUNK])


def word_rows(
    order_id: int, number: str, *, customer: str, person: str, email: str, addresses: tuple[str, ...]
) -> list[dict[str, object]]:
    """This will return the rows of one order."""
    words = words_of(number, customer=customer, person=person, email=email, addresses=addresses)
    return [{"order_id": order_id, "word": word, "stem": stem_of(word)} for word in sorted(words)]


def _rewrite(connection: Connection, orders: Iterable[Any]) -> None:
    connection.execute(delete(SearchWord).where(SearchWord.order_id.in_([order.id for order in orders])))
    rows = [
        row
        for order in orders
        for row in word_rows(
            order.id,
            order.number,
            customer=order.customer,
            person=order.person,
            email=order.email,
            addresses=(order.source_address, order.target_address),
        )
    ]
    if rows:
        connection.execute(insert(SearchWord), rows)


def _changed(row: object, *names: str) -> bool:
    return any(inspect(row).attrs[name].history.has_changes() for name in names)


@event.listens_for(Order, "after_insert")
def _order_placed(_mapper: Mapper[Any], connection: Connection, order: Order) -> None:
    write_words(connection, Order.id == order.id)


@event.listens_for(Order, "after_update")
def _order_changed(_mapper: Mapper[Any], connection: Connection, order: Order) -> None:
    if _changed(order, "number", "source_address", "target_address", "organisation_id", "placed_by_id"):
        write_words(connection, Order.id == order.id)


@event.listens_for(Person, "after_update")
def _person_renamed(_mapper: Mapper[Any], connection: Connection, person: Person) -> None:
    if person.organisation_id is not None and _changed(person, "name", "email"):
        # The organisation leads to the orders by an index; who placed them has none.
        theirs = Order.organisation_id == person.organisation_id
        write_words(connection, and_(theirs, Order.placed_by_id == person.id))


@event.listens_for(Organisation, "after_update")
def _organisation_renamed(_mapper: Mapper[Any], connection: Connection, organisation: Organisation) -> None:
    if _changed(organisation, "name"):
        write_words(connection, Order.organisation_id == organisation.id)
