"""Questions about quotes; a customer's are asked with the organisation, as for orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.orm import Session, joinedload

from migrator.errors import NotFound
from migrator.orders.lifecycle import QuoteState
from migrator.orders.numbers import read_number
from migrator.orders.quote_models import Quote

NO_SUCH_QUOTE = "There is no such quote."


def quote_of(session: Session, number: str, organisation_id: int, *, for_update: bool = False) -> Quote:
    """This will return the organisation's quote with its people and order, in one query.

    :raises NotFound: when there is none, or it is somebody else's
    """
    return _found(session.scalar(_whole_quote(number, for_update=for_update).where(_belongs_to(organisation_id))))


def quote_for_staff(session: Session, number: str, *, for_update: bool = False) -> Quote:
    """This will return any customer's quote with its people and order, in one query; for staff alone.

    :raises NotFound: when there is none
    """
    return _found(session.scalar(_whole_quote(number, for_update=for_update)))


def quotes_of(session: Session, organisation_id: int, *, after: str = "", limit: int = 50) -> Sequence[Quote]:
    """This will return the organisation's quotes, the newest first; one more than `limit` when there are further ones.

    :param after: the number of the quote that the page before ended with; empty for the first page
    """
    theirs = _belongs_to(organisation_id)
    wanted = select(Quote).where(theirs)
    if after:
        wanted = wanted.where(Quote.id < select(Quote.id).where(theirs, Quote.number == after).scalar_subquery())
    return session.scalars(wanted.order_by(Quote.id.desc()).limit(limit + 1)).all()


def quotes_to_answer(session: Session, *, after: str = "", limit: int = 50) -> Sequence[Quote]:
    """This will return the requests that wait for our price, the one promised first at the top; else as `quotes_of`."""
    place = tuple_(Quote.answer_by_at, Quote.id)
    wanted = select(Quote).where(Quote.state == QuoteState.REQUESTED)
    if after:
        wanted = wanted.where(
            place > select(Quote.answer_by_at, Quote.id).where(Quote.number == after).scalar_subquery()
        )
    wanted = wanted.options(joinedload(Quote.organisation, innerjoin=True))
    return session.scalars(wanted.order_by(Quote.answer_by_at, Quote.id).limit(limit + 1)).all()


def quotes_answered(session: Session, *, after: str = "", limit: int = 50) -> Sequence[Quote]:
    """This will return the requests that were answered or ended, the newest first; else as `quotes_of`."""
    wanted = select(Quote).where(Quote.state != QuoteState.REQUESTED)
    if after:
        wanted = wanted.where(Quote.id < select(Quote.id).where(Quote.number == after).scalar_subquery())
    wanted = wanted.options(joinedload(Quote.organisation, innerjoin=True))
    return session.scalars(wanted.order_by(Quote.id.desc()).limit(limit + 1)).all()


def offers_over(session: Session, now: datetime) -> Sequence[str]:
    """This will return the numbers of the offers whose last day is over and that have not been ended."""
    over = select(Quote.number).where(Quote.state == QuoteState.OFFERED, Quote.expires_at <= now)
    return session.scalars(over.order_by(Quote.id)).all()


def _belongs_to(organisation_id: int) -> ColumnElement[bool]:
    return Quote.organisation_id == organisation_id


def _whole_quote(number: str, *, for_update: bool) -> Select[Quote]:
    wanted = (
        select(Quote)
        .where(Quote.number == read_number(number))
        .options(
            joinedload(Quote.organisation, innerjoin=True),
            joinedload(Quote.requested_by, innerjoin=True),
            joinedload(Quote.order),
        )
    )
    return wanted.with_for_update(of=Quote).execution_options(populate_existing=True) if for_update else wanted


def _found(quote: Quote | None) -> Quote:
    if quote is None:
        raise NotFound(NO_SUCH_QUOTE)
    return quote
