"""From the request for a price to the order that it becomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from migrator.accounts.models import Organisation, Person
from migrator.clock.table import YearNotFilled
from migrator.errors import DomainError, NotFound
from migrator.journeys.accept_quote import accept_quote
from migrator.journeys.answer_quote import answer_quote
from migrator.journeys.expire_offer import expire_offer
from migrator.money import Money
from migrator.notifications.models import OwedMessage
from migrator.orders.lifecycle import QuoteState
from migrator.orders.models import Order
from migrator.orders.quote_models import Quote
from migrator.orders.quote_operations import OfferExpired, QuoteNotNow, decline
from migrator.orders.quote_queries import (
    offers_over,
    quote_for_staff,
    quote_of,
    quotes_answered,
    quotes_of,
    quotes_to_answer,
)
from migrator.orders.rules import AgreedTooEarly, Offer, OfferOutOfRange
from tests.factories.people import a_customer, an_account_manager
from tests.factories.selections import DECLARATION, a_requested_quote, a_token, an_offer

LAST_INSTANT = datetime(2026, 12, 8, 21, 59, 59, tzinfo=UTC)


def an_offered_quote(session: Session, customer: Person, *, now: datetime, offer: Offer | None = None) -> Quote:
    number = a_requested_quote(session, customer, now=now).number
    quote = quote_for_staff(session, number, for_update=True)
    manager = an_account_manager(session)
    answer_quote(session, quote, offer=offer or an_offer(), person=manager, now=now)
    return quote


def accepted(session: Session, quote: Quote, customer: Person, *, now: datetime) -> Order:
    return accept_quote(session, quote, insurance_plan=1, declaration=DECLARATION, person=customer, now=now)


def test_a_request_is_promised_an_answer_in_three_working_days_and_told_to_staff(
    session: Session, now: datetime
) -> None:
    manager, customer = an_account_manager(session), a_customer(session)
    quote = a_requested_quote(session, customer)
    assert quote.number.startswith("QUO-")
    assert (quote.state, quote.answer_by_at) == (QuoteState.REQUESTED, datetime(2026, 11, 27, 9, tzinfo=UTC))
    owed = session.scalars(select(OwedMessage)).one()
    assert (owed.kind, owed.address) == ("quote_requested", manager.email)
    assert "25,001" in owed.text_body
    assert "Fri 27 Nov 2026, 11:00" in owed.text_body


def test_the_same_request_sent_twice_is_one(session: Session) -> None:
    an_account_manager(session)
    customer, token = a_customer(session), a_token()
    assert a_requested_quote(session, customer, token=token) is a_requested_quote(session, customer, token=token)
    assert session.scalar(select(func.count()).select_from(OwedMessage)) == 1


def test_an_offer_reaches_the_colleagues_of_one_who_left(session: Session, now: datetime) -> None:
    customer = a_customer(session)
    organisation = session.get_one(Organisation, customer.organisation_id)
    colleague = a_customer(session, organisation=organisation, email="colleague@customer.example")
    customer.active = False
    an_offered_quote(session, customer, now=now)
    told = session.scalars(select(OwedMessage.address).where(OwedMessage.kind == "quote_offered")).all()
    assert told == [colleague.email]


def test_an_accepted_offer_becomes_an_order_at_the_offered_price_and_date(session: Session, now: datetime) -> None:
    customer = a_customer(session)
    quote = an_offered_quote(session, customer, now=now)
    order = accepted(session, quote, customer, now=now + timedelta(days=3))
    session.flush()
    session.expire(order)
    assert order.total_minor == 249_000 + 17_430
    terms = order.terms
    assert (terms.promise_unit, terms.page_limit, terms.support_minutes) == ("agreed", 30_000, 3_000)
    assert datetime.fromisoformat(terms.agreed_at) == datetime(2026, 12, 24, 9, tzinfo=UTC)
    assert terms.not_included[0] == "More than 30,000 pages"
    assert (quote.state, quote.order_id) == (QuoteState.ACCEPTED, order.id)


def test_accepting_twice_gives_the_same_order(session: Session, now: datetime) -> None:
    customer = a_customer(session)
    number = an_offered_quote(session, customer, now=now).number
    orders = {
        accepted(session, quote_for_staff(session, number, for_update=True), customer, now=now).number for _ in range(2)
    }
    assert len(orders) == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"price": Money(0)}, OfferOutOfRange),
        ({"price": Money(-1)}, OfferOutOfRange),
        ({"price": Money(100_000_001)}, OfferOutOfRange),
        ({"page_ceiling": 25_000}, OfferOutOfRange),
        ({"page_ceiling": 50_000_001}, OfferOutOfRange),
        ({"agreed_at": datetime(2026, 12, 24, 8, 59, tzinfo=UTC)}, AgreedTooEarly),
        ({"agreed_at": datetime(2020, 1, 1, tzinfo=UTC)}, AgreedTooEarly),
        ({"agreed_at": datetime(2040, 1, 1, tzinfo=UTC)}, YearNotFilled),
        ({"expires_at": datetime(2026, 11, 24, 9, tzinfo=UTC)}, OfferOutOfRange),
        ({"expires_at": datetime(2027, 6, 1, tzinfo=UTC)}, OfferOutOfRange),
        ({"expires_at": datetime(2026, 12, 24, 22, tzinfo=UTC)}, OfferOutOfRange),
    ],
)
def test_an_offer_that_makes_no_sense_is_refused_in_words(
    session: Session, now: datetime, changes: dict[str, object], refusal: type[DomainError]
) -> None:
    quote = a_requested_quote(session, a_customer(session))
    whole = quote_for_staff(session, quote.number)
    with pytest.raises(refusal):
        answer_quote(session, whole, offer=an_offer(**changes), person=an_account_manager(session), now=now)
    assert quote.state is QuoteState.REQUESTED


def test_a_date_too_early_is_told_the_earliest(session: Session, now: datetime) -> None:
    quote = quote_for_staff(session, a_requested_quote(session, a_customer(session)).number)
    early = an_offer(agreed_at=datetime(2026, 12, 1, tzinfo=UTC), expires_at=datetime(2026, 11, 30, tzinfo=UTC))
    with pytest.raises(AgreedTooEarly, match=r"22 working days from now\. The earliest is Thu 24 Dec 2026, 11:00"):
        answer_quote(session, quote, offer=early, person=an_account_manager(session), now=now)


def test_an_offer_stands_to_the_end_of_its_last_day_and_not_a_second_longer(session: Session, now: datetime) -> None:
    customer = a_customer(session)
    in_time, too_late = (an_offered_quote(session, customer, now=now) for _ in range(2))
    assert accepted(session, in_time, customer, now=LAST_INSTANT)
    with pytest.raises(OfferExpired, match="end of Tue 8 Dec 2026"):
        accepted(session, too_late, customer, now=LAST_INSTANT + timedelta(seconds=1))
    assert too_late.state is QuoteState.OFFERED


def test_the_sweep_marks_what_is_over_and_nothing_else(session: Session, now: datetime) -> None:
    customer = a_customer(session)
    over = an_offered_quote(session, customer, now=now)
    standing = an_offered_quote(
        session, customer, now=now, offer=an_offer(expires_at=datetime(2026, 12, 9, 22, tzinfo=UTC))
    )
    requested = a_requested_quote(session, customer)
    done = an_offered_quote(session, customer, now=now)
    accepted(session, done, customer, now=now)
    end = LAST_INSTANT + timedelta(seconds=1)
    assert offers_over(session, LAST_INSTANT) == []
    assert offers_over(session, end) == [over.number]
    looked_at = (over, standing, requested, done)
    assert [expire_offer(session, quote.number, now=end) for quote in looked_at] == [True, False, False, False]
    assert expire_offer(session, over.number, now=end) is False
    assert over.ended_at == end
    told = session.scalars(select(OwedMessage).where(OwedMessage.kind == "quote_expired")).one()
    assert "http://localhost/quotes/new?source=" in told.text_body
    assert [quote.state for quote in (over, standing, requested, done)] == [
        QuoteState.EXPIRED,
        QuoteState.OFFERED,
        QuoteState.REQUESTED,
        QuoteState.ACCEPTED,
    ]


def test_what_has_ended_can_neither_be_offered_accepted_nor_declined(session: Session, now: datetime) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    declined, taken = an_offered_quote(session, customer, now=now), an_offered_quote(session, customer, now=now)
    decline(session, declined, reason="Too dear", actor=customer.actor, now=now)
    accepted(session, taken, customer, now=now)
    with pytest.raises(QuoteNotNow):
        accepted(session, declined, customer, now=now)
    for ended in (declined, taken):
        with pytest.raises(QuoteNotNow):
            decline(session, ended, reason="", actor=customer.actor, now=now)
        with pytest.raises(QuoteNotNow):
            answer_quote(session, ended, offer=an_offer(), person=manager, now=now)


def test_nothing_can_be_accepted_before_it_is_offered(session: Session, now: datetime) -> None:
    customer = a_customer(session)
    quote = quote_for_staff(session, a_requested_quote(session, customer).number)
    with pytest.raises(QuoteNotNow, match="Waiting for our price"):
        accepted(session, quote, customer, now=now)


def test_a_quote_belongs_to_its_organisation(session: Session, now: datetime) -> None:
    quote = a_requested_quote(session, a_customer(session))
    stranger = a_customer(session)
    assert quote_of(session, quote.number.lower(), quote.organisation_id) is quote
    with pytest.raises(NotFound):
        quote_of(session, quote.number, stranger.organisation_id or 0)


def test_the_customer_is_told_the_offer(session: Session, now: datetime) -> None:
    customer = a_customer(session)
    an_offered_quote(session, customer, now=now, offer=replace(an_offer(), words="<b>Forum</b> included."))
    owed = session.scalars(select(OwedMessage).where(OwedMessage.kind == "quote_offered")).one()
    assert owed.address == customer.email
    for part in ("$2,490.00", "30,000", "Thu 24 Dec 2026, 11:00", "end of Tue 8 Dec 2026"):
        assert part in owed.text_body
        assert part in owed.html_body
    assert "<b>Forum" not in owed.html_body


def test_lists_go_on_where_the_page_before_ended(session: Session, now: datetime) -> None:
    customer = a_customer(session)
    asked = [a_requested_quote(session, customer, now=now + timedelta(hours=n)).number for n in (3, 1, 2)]
    by_date = [asked[1], asked[2], asked[0]]
    assert [quote.number for quote in quotes_to_answer(session, limit=1)] == by_date[:2]
    assert [quote.number for quote in quotes_to_answer(session, after=by_date[0])] == by_date[1:]
    assert [quote.number for quote in quotes_of(session, customer.organisation_id or 0)] == asked[::-1]
    after_newest = quotes_of(session, customer.organisation_id or 0, after=asked[2])
    assert [quote.number for quote in after_newest] == [asked[1], asked[0]]
    assert quotes_of(session, customer.organisation_id or 0, after="QUO-NONE-X") == []
    answered = [an_offered_quote(session, customer, now=now).number for _ in range(2)]
    assert [quote.number for quote in quotes_answered(session, after=answered[1])] == [answered[0]]
