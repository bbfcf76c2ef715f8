"""A customer asks for the price of a size that is not on the list."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.calendars.queries import calendar
from migrator.catalogue.products import product_named
from migrator.catalogue.rules import Selection, check_pages, check_platforms
from migrator.clock.wording import end_text
from migrator.notifications.operations import owe_to_staff
from migrator.orders.quote_models import Quote
from migrator.orders.quote_operations import request_quote
from migrator.orders.rules import answer_by
from migrator.policy.loading import catalogue, migration_desk, platforms


def ask_for_price(
    session: Session, *, selection: Selection, words: str, person: Person, token: str, now: datetime
) -> Quote:
    """This will write the request, with the instant by which we answer, and tell the account managers (RULES C-054).

    :raises UnknownChoice: for a product or platform that is not on the list
    :raises PagesOutOfRange: for a number of pages that no site has
    """
    desk, sold = migration_desk(), catalogue(currency=selection.currency)
    check_pages(selection.pages)
    check_platforms(selection, platforms())
    product = product_named(selection.sku, pages=selection.pages, catalogue=sold)
    days = calendar(session, desk.calendar)
    quote = request_quote(
        session,
        selection=selection,
        words=words,
        person=person,
        token=token,
        answer_by_at=answer_by(days, desk=desk, now=now),
        catalogue=sold,
        now=now,
    )
    context = {
        "number": quote.number,
        "person": person.display_name,
        "product": product.quoted_name,
        "pages": f"{quote.pages:,}",
        "answer_by": end_text(quote.answer_by_at, days.zone),
    }
    owe_to_staff(session, kind="quote_requested", cause=f"quote:{quote.id}", context=context, now=now)
    return quote
