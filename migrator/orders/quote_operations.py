"""What is done to a quote: requested, offered, accepted or declined, expired. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.catalogue.rules import Selection
from migrator.clock.calendar import Calendar
from migrator.clock.wording import end_text
from migrator.errors import DomainError
from migrator.history.actor import SYSTEM, Actor
from migrator.history.operations import record
from migrator.orders.lifecycle import QUOTE_WORDS, QuoteState
from migrator.orders.models import Order
from migrator.orders.numbers import QUOTE_PREFIX, new_number
from migrator.orders.operations import NobodysOrder
from migrator.orders.quote_models import Quote
from migrator.orders.rules import Offer, check_offer
from migrator.policy.types import Catalogue, DeskPolicy


class QuoteNotNow(DomainError):
    """The quote's state does not allow this."""


class OfferExpired(DomainError):
    """The last day of the offer is over."""


def request_quote(
    session: Session,
    *,
    selection: Selection,
    words: str,
    person: Person,
    token: str,
    answer_by_at: datetime,
    catalogue: Catalogue,
    now: datetime,
) -> Quote:
    """This will write a request for a price, once for each token.

    :param token: of the form that was sent; a second press of its button returns the first request
    :raises NobodysOrder: for somebody without an organisation
    """
    if person.organisation_id is None:
        raise NobodysOrder("Only customers can ask for a price. Sign in as the customer.")
    if requested := _requested_already(session, token, person):
        return requested
    quote = Quote(
        number=new_number(session, QUOTE_PREFIX),
        token=token,
        organisation_id=person.organisation_id,
        requested_by_id=person.id,
        selection=selection.document(),
        pages=selection.pages,
        words=words,
        requested_at=now,
        answer_by_at=answer_by_at,
        currency=catalogue.currency,
    )
    try:
        with session.begin_nested():
            session.add(quote)
    except IntegrityError:
        # The same form was sent twice at once and the other one won.
        if requested := _requested_already(session, token, person):
            return requested
        raise
    _record(session, "quote.requested", quote=quote, actor=person.actor, now=now, facts={"pages": quote.pages})
    return quote


def make_offer(
    session: Session, quote: Quote, *, offer: Offer, calendar: Calendar, desk: DeskPolicy, person: Person, now: datetime
) -> None:
    """This will answer a request with a price, a page ceiling and an agreed date (RULES C-053, C-059).

    :raises QuoteNotNow: when it was answered or withdrawn before
    :raises OfferOutOfRange: for a price, ceiling or last day that we do not give
    :raises AgreedTooEarly: for a date less than 22 business days from now
    """
    _require(quote, {QuoteState.REQUESTED})
    check_offer(offer, pages=quote.pages, calendar=calendar, desk=desk, now=now)
    quote.state = QuoteState.OFFERED
    quote.answered_by_id = person.id
    quote.answered_at = now
    quote.price_minor = offer.price.minor_units
    quote.page_ceiling = offer.page_ceiling
    quote.agreed_at = offer.agreed_at
    quote.expires_at = offer.expires_at
    quote.offer_words = offer.words
    facts = {
        "price_minor": offer.price.minor_units,
        "page_ceiling": offer.page_ceiling,
        "agreed_at": offer.agreed_at.isoformat(),
        "expires_at": offer.expires_at.isoformat(),
    }
    _record(session, "quote.offered", quote=quote, actor=person.actor, now=now, facts=facts)


def standing_offer(quote: Quote, *, calendar: Calendar, now: datetime) -> Offer:
    """This will return the offer as it may be accepted now; it stands to the end of its last day (RULES D-4).

    :raises QuoteNotNow: when there is none to accept
    :raises OfferExpired: when its last day is over, whether or not it was marked as expired yet
    """
    _require(quote, {QuoteState.OFFERED})
    if quote.price is None or quote.page_ceiling is None or quote.agreed_at is None or quote.expires_at is None:
        raise QuoteNotNow("This offer is not complete. Write to us.")
    if now >= quote.expires_at:
        last = end_text(quote.expires_at, calendar.zone)
        raise OfferExpired(f"This offer stood until {last}. Ask for a new price.")
    return Offer(quote.price, quote.page_ceiling, quote.agreed_at, quote.expires_at, quote.offer_words)


def accept(session: Session, quote: Quote, *, order: Order, actor: Actor, now: datetime) -> None:
    """This will close the quote with the order that it became; `standing_offer` says beforehand whether it may."""
    quote.order_id = order.id
    quote.state = QuoteState.ACCEPTED
    quote.ended_at = now
    _record(session, "quote.accepted", quote=quote, actor=actor, now=now, order_id=order.id)


def decline(session: Session, quote: Quote, *, reason: str, actor: Actor, now: datetime) -> None:
    """This will end a request or an offer that the customer does not want.

    :raises QuoteNotNow: when it has ended before
    """
    _require(quote, {QuoteState.REQUESTED, QuoteState.OFFERED})
    quote.state = QuoteState.DECLINED
    quote.ended_at = now
    _record(session, "quote.declined", quote=quote, actor=actor, now=now, reason=reason)


def expire(session: Session, quote: Quote, *, now: datetime) -> bool:
    """This will end an offer whose last day is over, at its end, and say whether it did.

    :param quote: locked
    """
    if quote.state is not QuoteState.OFFERED or quote.expires_at is None or quote.expires_at > now:
        return False
    quote.state = QuoteState.EXPIRED
    quote.ended_at = quote.expires_at
    _record(session, "quote.expired", quote=quote, actor=SYSTEM, now=quote.expires_at)
    return True


def _requested_already(session: Session, token: str, person: Person) -> Quote | None:
    return session.scalar(select(Quote).where(Quote.token == token, Quote.requested_by_id == person.id))


def _require(quote: Quote, states: Collection[QuoteState]) -> None:
    if quote.state not in states:
        raise QuoteNotNow(f"This cannot be done now: the quote is “{QUOTE_WORDS[quote.state]}”.")


def _record(
    session: Session,
    verb: str,
    *,
    quote: Quote,
    actor: Actor,
    now: datetime,
    order_id: int | None = None,
    reason: str = "",
    facts: dict[str, object] | None = None,
) -> None:
    session.flush()
    record(
        session,
        verb,
        subject="quote",
        key=quote.number,
        actor=actor,
        now=now,
        order_id=order_id,
        reason=reason,
        facts=facts,
    )
