"""An account manager answers a request with a price, a page ceiling and an agreed date."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.accounts.queries import standing_in_for
from migrator.calendars.queries import calendar
from migrator.clock.wording import end_text
from migrator.notifications.operations import owe
from migrator.orders.quote_models import Quote
from migrator.orders.quote_operations import make_offer
from migrator.orders.rules import Offer, stands_until
from migrator.policy.loading import migration_desk


def answer_quote(session: Session, quote: Quote, *, offer: Offer, person: Person, now: datetime) -> None:
    """This will make the offer and tell the one who asked, or the colleagues of one who has left (RULES C-053, C-059).

    :raises QuoteNotNow: when it was answered or withdrawn before
    :raises OfferOutOfRange: for a price, ceiling or last day that we do not give
    :raises AgreedTooEarly: for a date less than 22 business days from now
    """
    desk = migration_desk()
    days = calendar(session, desk.calendar)
    make_offer(session, quote, offer=offer, calendar=days, desk=desk, person=person, now=now)
    least = desk.agreed_minimum_business_days
    stands = stands_until(days, offer.agreed_at, business_days=least, now=now)
    context = {
        "number": quote.number,
        "price": str(offer.price),
        "ceiling": f"{offer.page_ceiling:,}",
        "agreed": end_text(offer.agreed_at, days.zone),
        "stands_until": end_text(stands or now, days.zone),
        "expires": end_text(offer.expires_at, days.zone),
        "words": offer.words,
    }
    kind, cause = "quote_offered", f"quote:{quote.id}"
    for reader in standing_in_for(session, quote.requested_by):
        owe(session, kind=kind, cause=cause, recipient=reader, order_id=None, context=context, now=now)
