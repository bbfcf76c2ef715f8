"""A date that no number of days gives: the manager proposes it, the customer accepts it (RULES C-059)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.calendars.queries import calendar_of
from migrator.errors import DomainError, StaleEdit
from migrator.fulfilment import operations as fulfilment
from migrator.fulfilment.notices import date_words, iso, tell_customer
from migrator.fulfilment.rules import TooEarlyToAgree, awaits_agreement, refuse_early_agreement
from migrator.history.actor import Actor
from migrator.history.models import HistoryEntry
from migrator.history.operations import record
from migrator.orders.lifecycle import ENDED
from migrator.orders.models import Order


class NothingToAgree(DomainError):
    """The order has no date to be agreed now."""


def propose_date(session: Session, order: Order, *, proposed_at: datetime, actor: Actor, now: datetime) -> None:
    """This will propose a date to the customer; a new proposal takes the place of the one before.

    :raises NothingToAgree: before verification, or when a date counts already
    :raises TooEarlyToAgree: nearer than the terms allow, or not in the future
    """
    fulfilment.hold(session, order)
    verified_at = order.verified_at
    if verified_at is None or order.state in ENDED or not awaits_agreement(order.terms, order.agreed_at):
        raise NothingToAgree("There is no date to be agreed for this order now.")
    if proposed_at <= now:
        raise TooEarlyToAgree("The date must lie in the future.")
    refuse_early_agreement(order.terms, verified_at, proposed_at, calendar_of(session, order.calendar_row))
    fulfilment.propose_date(session, order, proposed_at=proposed_at)
    calendar = fulfilment.bring_up_to_date(session, order)
    entry = _record(session, "order.date_proposed", order, actor=actor, now=now, at=proposed_at)
    words = {"proposed_date": date_words(proposed_at, calendar)}
    tell_customer(session, order, "agreed_date_proposed", cause=f"history:{entry.id}", now=now, words=words)


def accept_date(session: Session, order: Order, *, proposed_at: datetime, actor: Actor, now: datetime) -> None:
    """This will make the proposed date the one that counts.

    :param proposed_at: the date that the customer saw
    :raises NothingToAgree: when none is proposed, or a date counts already
    :raises StaleEdit: when another date was proposed since
    """
    fulfilment.hold(session, order)
    if order.proposed_at is None or not awaits_agreement(order.terms, order.agreed_at):
        raise NothingToAgree("There is no proposed date to accept now.")
    if order.proposed_at != proposed_at:
        raise StaleEdit("We have proposed another date since. Look at it, then decide again.")
    fulfilment.agree_on(session, order, agreed_at=proposed_at)
    fulfilment.bring_up_to_date(session, order)
    _record(session, "order.date_agreed", order, actor=actor, now=now, at=proposed_at)


def _record(session: Session, verb: str, order: Order, *, actor: Actor, now: datetime, at: datetime) -> HistoryEntry:
    return record(
        session,
        verb,
        subject="order",
        key=order.number,
        actor=actor,
        now=now,
        order_id=order.id,
        facts={"agreed_at": iso(at)},
    )
