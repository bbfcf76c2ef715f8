"""An offer's last day is over: it ends, and whoever asked is told once how to ask again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.queries import standing_in_for
from migrator.calendars.queries import calendar
from migrator.catalogue.address import path_with
from migrator.catalogue.products import product_named
from migrator.catalogue.rules import selection_from
from migrator.clock.wording import end_text, place_text
from migrator.notifications.operations import owe
from migrator.orders.quote_models import Quote
from migrator.orders.quote_operations import expire
from migrator.orders.quote_queries import quote_for_staff
from migrator.policy.loading import catalogue, migration_desk


def expire_offer(session: Session, number: str, *, now: datetime) -> bool:
    """This will end an offer whose last day is over, and say whether it did."""
    quote = quote_for_staff(session, number, for_update=True)
    if not expire(session, quote, now=now):
        return False
    for reader in standing_in_for(session, quote.requested_by):
        owe(
            session,
            kind="quote_expired",
            cause=f"quote:{quote.id}",
            recipient=reader,
            order_id=None,
            context=_words(session, quote),
            now=now,
        )
    return True


def _words(session: Session, quote: Quote) -> dict[str, object]:
    zone = calendar(session, migration_desk().calendar).zone
    selection = selection_from(quote.selection)
    product = product_named(selection.sku, pages=selection.pages, catalogue=catalogue())
    return {
        "number": quote.number,
        "product": product.quoted_name,
        "price": quote.price,
        "until": f"{end_text(quote.expires_at or quote.requested_at, zone)} {place_text(zone)}",
        "again": path_with("/quotes/new", selection),
    }
