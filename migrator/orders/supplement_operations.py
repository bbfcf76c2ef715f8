"""What is done to supplements, and what a paid one does to its order. Flushes, never commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.catalogue.rules import LineKind
from migrator.orders.lifecycle import SupplementState
from migrator.orders.models import Order, OrderLine
from migrator.orders.supplement_models import Supplement
from migrator.orders.supplement_rules import Proposal, line_document
from migrator.orders.terms import Terms


def offer(
    session: Session, order: Order, proposal: Proposal, *, by: Person, expires_at: datetime, now: datetime
) -> Supplement:
    """This will write an offer; the database refuses a second open one of its kind.

    :param expires_at: the end of its last day (RULES D-4)
    """
    supplement = Supplement(
        order=order,
        kind=proposal.kind,
        title=proposal.title,
        words=proposal.words,
        amount_minor=proposal.amount.minor_units,
        currency=proposal.amount.currency,
        lines=[line_document(line) for line in proposal.lines],
        details=proposal.details,
        offered_by_id=by.id,
        offered_at=now,
        expires_at=expires_at,
    )
    session.add(supplement)
    session.flush()
    return supplement


def accept(session: Session, supplement: Supplement, *, by: Person, now: datetime) -> None:
    """This will note who accepted the price, and when first; from then on it is an unpaid balance."""
    if supplement.accepted_at is None:
        supplement.accepted_by_id, supplement.accepted_at = by.id, now
        session.flush()


def end(session: Session, supplement: Supplement, state: SupplementState, *, at: datetime) -> None:
    """This will end an offer for good."""
    supplement.state, supplement.ended_at = state, at
    session.flush()


def charge(session: Session, order: Order, supplement: Supplement) -> None:
    """This will add the lines of a paid supplement to its order, whose total grows by them."""
    for document in supplement.lines:
        kind = LineKind(document["kind"])
        session.add(
            OrderLine(
                order_id=order.id,
                supplement_id=supplement.id,
                currency=supplement.currency,
                **{**document, "kind": kind},
            )
        )
    order.total_minor += supplement.amount_minor
    session.flush()


def raise_pages(session: Session, order: Order, pages: int) -> None:
    """This will cover more pages (RULES C-069)."""
    order.page_limit += pages
    session.flush()


def raise_support(session: Session, order: Order, minutes: int) -> None:
    """This will add support time that may be used (RULES C-068)."""
    order.support_minutes_limit += minutes
    session.flush()


def change_terms(session: Session, order: Order, terms: Terms) -> None:
    """This will put an order under the terms of another product or cover; what was used or bought beyond them stays.

    (RULES X-10)
    """
    before, order.terms_document = order.terms, terms.document()
    order.family, order.tier = terms.family, terms.tier
    order.page_limit += terms.page_limit - before.page_limit
    order.support_minutes_limit += terms.support_minutes - before.support_minutes
    if terms.insurance and before.insurance is None:
        order.restarts_limit += terms.insurance.restarts
    session.flush()
